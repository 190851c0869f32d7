"""Small questions about a single token of a parse: what form it is, and whose clause it stands in."""

from __future__ import annotations

from functools import cache

from spacy.tokens import Token

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "X"})
FINITE = frozenset({"VVFIN", "VAFIN", "VMFIN"})


def feature(token: Token, name: str) -> str:
    """A morphological feature of a token ("Case": "Dat"), or ""."""
    return _features(str(token.morph)).get(name, "")


@cache
def _features(written: str) -> dict[str, str]:
    """The features of "Case=Dat|Gender=Fem"; a feature with several values has them joined."""
    pairs = (part.split("=", 1) for part in written.split("|") if "=" in part)
    return {name: values.replace(",", "") for name, values in pairs}


def has_zu(verb: Token) -> bool:
    """Whether a verb is an infinitive with "zu"."""
    return verb.tag_ == "VVIZU" or any(c.tag_ == "PTKZU" for c in verb.children)


def is_verb(token: Token) -> bool:
    """Whether a token is a verb form that can have arguments of its own; tag and part of speech need not agree."""
    if token.tag_.startswith("VV"):
        return True
    if token.tag_.startswith("ADJ"):  # "Putins Schachzug verstärkt seinen Einfluss", where the tagger sees an adjective
        return token.tag_ == "ADJD" and any(c.dep_ == "obj" for c in token.children)
    return token.pos_ == "VERB" or (token.pos_ == "AUX" and token.dep_ not in ("aux", "aux:pass", "cop"))


def is_full_verb(token: Token) -> bool:
    """Whether the tagger took a token for a form of a full verb."""
    return token.tag_.startswith("VV")


def is_finite_form(token: Token) -> bool:
    """Whether the tagger took a token for a finite verb."""
    return token.tag_ in FINITE


def clause_of(token: Token) -> Token:
    """The verb (or root) whose clause a token stands in."""
    if is_verb(token):
        return token
    for ancestor in token.ancestors:
        if is_verb(ancestor):
            return ancestor
    return token.sent.root


def has_relative(verb: Token) -> bool:
    """Whether a relative pronoun or adverb stands among what depends on a verb, before it."""
    return any(t.tag_ in ("PRELS", "PRELAT", "PWAV") for t in verb.subtree if t.i <= verb.i)
