"""Writes ontology/schachzug.owl: the ontology with its modules in one RDF/XML file, for tools that read no Turtle.

usage: python pipeline/tools/build_owl.py
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyoxigraph as ox

_ONTOLOGY = Path(__file__).resolve().parents[2] / "ontology"
MODULES = ("schachzug.ttl", "actors.ttl", "claims.ttl", "statements.ttl")
_MAIN = "https://w3id.org/schachzug/ontology"
_OWL = "http://www.w3.org/2002/07/owl#"
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "itsrdf": "http://www.w3.org/2005/11/its/rdf#",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "owl": _OWL,
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sz": f"{_MAIN}#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def merged(folder: Path = _ONTOLOGY) -> list[ox.Triple]:
    """The triples of all modules without their headers and imports; the header is the main ontology's."""
    triples: dict[ox.Triple, None] = {}
    for number, name in enumerate(MODULES):
        renamed: dict[str, ox.BlankNode] = {}
        quads = list(ox.parse(path=str(folder / name), format=ox.RdfFormat.TURTLE))
        headers = {q.subject for q in quads if q.predicate == _TYPE and q.object == ox.NamedNode(f"{_OWL}Ontology")}
        for quad in quads:
            foreign = quad.subject in headers and quad.subject != ox.NamedNode(_MAIN)
            if foreign or quad.predicate == ox.NamedNode(f"{_OWL}imports"):
                continue
            ends = []
            for node in (quad.subject, quad.object):
                if isinstance(node, ox.BlankNode):
                    node = renamed.setdefault(node.value, ox.BlankNode(f"m{number}b{len(renamed)}"))
                ends.append(node)
            triples[ox.Triple(ends[0], quad.predicate, ends[1])] = None
    return list(triples)


def main() -> int:
    """Write the file."""
    target = _ONTOLOGY / "schachzug.owl"
    # Sorted by the first mention of a subject: RDF/XML opens an element for every run of one subject.
    triples = merged()
    order: dict[object, int] = {}
    for triple in triples:
        order.setdefault(triple.subject, len(order))
    triples.sort(key=lambda t: order[t.subject])
    ox.serialize(triples, str(target), format=ox.RdfFormat.RDF_XML, prefixes=_PREFIXES)
    print(f"{len(triples)} triples written to {target.name}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
