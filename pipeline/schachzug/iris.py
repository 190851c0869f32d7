"""IRIs of what an article brings: made from hashes of content, so that the same input gives the same graph."""

from __future__ import annotations

import hashlib
import unicodedata

SZ = "https://w3id.org/schachzug/ontology#"
SZR = "https://w3id.org/schachzug/resource/"


def digest_of(*parts: str) -> str:
    """16 hexadecimal digits that stand for some strings, in order.

    >>> digest_of("a", "b") == digest_of("ab")
    False
    """
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:16]


def local_iri(digest: str, label: str) -> str:
    """The IRI of an entity that only one article names.

    Args:
        digest: the digest of the article.
        label: the article's words for the entity; case and width of white space do not matter.
    """
    name = " ".join(unicodedata.normalize("NFC", label).lower().split())
    return f"{SZR}local-{digest_of(digest, name)}"
