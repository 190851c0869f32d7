"""The claims of a stored graph, to be scored: what `schachzug build` wrote, or any graph of the vocabulary contract."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store

from schachzug.evaluation_matching import Findings, Found, local_name
from schachzug.graph_sources import stored_graph
from schachzug.iris import SZ

_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_PROV = "http://www.w3.org/ns/prov#"
_NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_NAMES = (f"{_RDFS}label", f"{_SKOS}prefLabel", f"{_SKOS}altLabel")
_TRUE = ("true", "1")


def read_findings(path: Path, superclasses: Mapping[str, frozenset[str]]) -> Findings:
    """The claims of a graph.

    Args:
        path: an RDF file, or the folder of a build.
        superclasses: for each class of the ontology all classes above it, by local names.

    Raises:
        StoreError: there is no graph, or it cannot be parsed.
    """
    store = stored_graph(path)

    def values(subject: object, predicate: str) -> list[object]:
        node = NamedNode(predicate)
        if not isinstance(subject, NamedNode):
            return []
        return sorted((q.object for q in store.quads_for_pattern(subject, node, None, None)), key=str)

    def iris(subject: object, predicate: str) -> frozenset[str]:
        return frozenset(value.value for value in values(subject, predicate) if isinstance(value, NamedNode))

    findings = Findings()
    for name in _NAMES:
        for quad in store.quads_for_pattern(None, NamedNode(name), None, None):
            if isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode):
                findings.labels[quad.subject.value].add(quad.object.value.strip().lower())
    for claim in sorted({q.subject for q in _claims(store)}, key=str):
        texts = [
            text.value
            for sentence in values(claim, f"{_PROV}wasDerivedFrom")
            for text in values(sentence, f"{_NIF}anchorOf")
            if isinstance(text, Literal)
        ]
        situations = values(claim, f"{SZ}asserts")
        if not texts or not situations:
            findings.bare += 1
            continue
        situation = situations[0]
        classes = sorted(map(local_name, iris(situation, _TYPE.value)))
        modality = sorted(iris(claim, f"{SZ}modality"))
        negated = [value.value for value in values(claim, f"{SZ}negated") if isinstance(value, Literal)]
        sure = [value.value for value in values(claim, f"{SZ}confidence") if isinstance(value, Literal)]
        rules = [value.value for value in values(claim, f"{SZ}rule") if isinstance(value, Literal)]
        findings.add(
            texts[0],
            Found(
                type=max(classes, key=lambda name: len(superclasses.get(name, ())), default=""),
                types=frozenset(classes).union(*(superclasses.get(name, frozenset()) for name in classes)),
                actor=iris(situation, f"{SZ}actor"),
                target=iris(situation, f"{SZ}target"),
                location=iris(situation, f"{SZ}location"),
                modality=local_name(modality[0]) if modality else "",
                negated=bool(negated) and negated[0].lower() in _TRUE,
                claimants=iris(claim, f"{SZ}claimant"),
                rule=rules[0] if rules else "",
                confidence=float(sure[0]) if sure else 0.0,
            ),
        )
    return findings


def _claims(store: Store) -> list[Quad]:
    return list(store.quads_for_pattern(None, _TYPE, NamedNode(f"{SZ}Claim"), None))
