"""IRIs of what an article brings: made from hashes of content, so that the same input gives the same graph."""

from __future__ import annotations

import hashlib
import unicodedata

SZ = "https://w3id.org/schachzug/ontology#"
SZR = "https://w3id.org/schachzug/resource/"
ONTOLOGY = "https://w3id.org/schachzug/ontology"
GRAPH_ONTOLOGY = f"{SZR}graph"
"""The IRI of a written graph as an OWL ontology."""

ENTITIES_GRAPH = f"{SZR}graph-entities"
DIRECT_GRAPH = f"{SZR}graph-direct"
LINKS_GRAPH = f"{SZR}graph-links"
DERIVED_GRAPHS = (ENTITIES_GRAPH, DIRECT_GRAPH, LINKS_GRAPH)
"""The graphs made from all articles together; every other named graph is that of one article."""


def digest_of(*parts: str) -> str:
    """16 hexadecimal digits that stand for some strings, in order.

    >>> digest_of("a", "b") == digest_of("ab")
    False
    """
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:16]


def resource_iri(kind: str, *parts: object) -> str:
    """The IRI of a resource of the graph.

    Args:
        kind: what it is: article, graph, sentence, phrase, quotation, situation, claim, run …
        parts: what tells it from all others of its kind; they are hashed in this order.

    >>> resource_iri("claim", 1, 2) == resource_iri("claim", 1, 2)
    True
    """
    return f"{SZR}{kind}-{digest_of(*map(str, parts))}"


def article_iri(digest: str) -> str:
    """The IRI of an article."""
    return f"{SZR}article-{digest}"


def graph_iri(digest: str) -> str:
    """The IRI of an article's named graph."""
    return f"{SZR}graph-{digest}"


def rejected_graph_iri(digest: str) -> str:
    """The IRI of the named graph of what was rejected of an article."""
    return f"{SZR}rejected-{digest}"


def normalised_name(label: str) -> str:
    """A name as it is compared: NFC, lower case, single blanks.

    >>> normalised_name("  Oksana   ANTONENKO ")
    'oksana antonenko'
    """
    return " ".join(unicodedata.normalize("NFC", label).lower().split())


def local_iri(digest: str, label: str) -> str:
    """The IRI of an entity that only one article names.

    Args:
        digest: the digest of the article.
        label: the article's words for the entity; case and width of white space do not matter.
    """
    return f"{SZR}local-{digest_of(digest, normalised_name(label))}"
