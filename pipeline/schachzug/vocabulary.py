"""The terms of the graph as pyoxigraph nodes, each made once."""

from __future__ import annotations

from functools import lru_cache

from pyoxigraph import NamedNode

from schachzug.iris import ONTOLOGY, SZ, SZR

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
PROV = "http://www.w3.org/ns/prov#"
DCTERMS = "http://purl.org/dc/terms/"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
ITSRDF = "http://www.w3.org/2005/11/its/rdf#"
WD = "http://www.wikidata.org/entity/"

PREFIXES = {
    "sz": SZ,
    "szr": SZR,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "prov": PROV,
    "dcterms": DCTERMS,
    "nif": NIF,
    "itsrdf": ITSRDF,
    "wd": WD,
}

TYPE = NamedNode(f"{RDF}type")
LABEL = NamedNode(f"{RDFS}label")
ALT_LABEL = NamedNode(f"{SKOS}altLabel")
CLOSE_MATCH = NamedNode(f"{SKOS}closeMatch")
SAME_AS = NamedNode(f"{OWL}sameAs")
OWL_ONTOLOGY = NamedNode(f"{OWL}Ontology")
OWL_IMPORTS = NamedNode(f"{OWL}imports")
AXIOM = NamedNode(f"{OWL}Axiom")
ANNOTATED_SOURCE = NamedNode(f"{OWL}annotatedSource")
ANNOTATED_PROPERTY = NamedNode(f"{OWL}annotatedProperty")
ANNOTATED_TARGET = NamedNode(f"{OWL}annotatedTarget")
DERIVED_FROM = NamedNode(f"{PROV}wasDerivedFrom")
GENERATED_BY = NamedNode(f"{PROV}wasGeneratedBy")

INTEGER = NamedNode(f"{XSD}integer")
DECIMAL = NamedNode(f"{XSD}decimal")
DATE_TIME = NamedNode(f"{XSD}dateTime")

CONTEXT = NamedNode(f"{NIF}Context")
SENTENCE = NamedNode(f"{NIF}Sentence")
PHRASE = NamedNode(f"{NIF}Phrase")
IS_STRING = NamedNode(f"{NIF}isString")
ANCHOR = NamedNode(f"{NIF}anchorOf")
BEGIN = NamedNode(f"{NIF}beginIndex")
END = NamedNode(f"{NIF}endIndex")
IN_CONTEXT = NamedNode(f"{NIF}referenceContext")
IDENTIFIES = NamedNode(f"{ITSRDF}taIdentRef")

ONTOLOGY_NODE = NamedNode(ONTOLOGY)


@lru_cache(maxsize=1024)
def sz(name: str) -> NamedNode:
    """The term of the ontology with this local name.

    >>> sz("Claim").value
    'https://w3id.org/schachzug/ontology#Claim'
    """
    return NamedNode(SZ + name)


@lru_cache(maxsize=64)
def dcterms(name: str) -> NamedNode:
    """The Dublin Core term with this local name."""
    return NamedNode(DCTERMS + name)
