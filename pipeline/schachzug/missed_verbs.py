"""Verbs that the tagger took for something else, where the parse around them tells that they are verbs."""

from __future__ import annotations

from typing import Any

import numpy as np
from spacy.tokens import Doc, Token

from schachzug.tokens import is_finite_form

_PAST = ("te", "ten")
_SUBJECTS = ("nsubj", "nsubj:pass")


def mend_missed_verbs(doc: Doc) -> None:
    """Give sentences without a finite verb the one that was taken for a participle before a noun.

    "Die EU verhängte Sanktionen" and "die verhängten Sanktionen" are spelt alike, and the tagger sees a window only.
    The parser hangs the subject on the word all the same; no participle before a noun has one.

    Args:
        doc: a parsed document of Universal Dependencies; tags, lemma, heads and labels change in place.
    """
    table = doc.to_array(["TAG", "DEP", "HEAD"]).astype(np.int64)
    strings = doc.vocab.strings
    labels = np.array([strings[label] for label in _SUBJECTS], np.uint64).astype(np.int64)
    subjects = np.flatnonzero(np.isin(table[:, 1], labels))
    if not len(subjects):
        return
    adjective = np.array([strings["ADJA"]], np.uint64).astype(np.int64)[0]
    verbs = subjects + table[subjects, 2]
    for place in {int(verb) for verb, subject in zip(verbs, subjects, strict=True) if subject < verb}:
        if table[place, 0] == adjective and _is_missed(doc[place]):
            _mend(doc, doc[place])


def _is_missed(token: Token) -> bool:
    if not token.lower_.endswith(_PAST) or not token.is_lower or token.dep_ not in ("amod", "ROOT"):
        return False
    return not any(is_finite_form(other) for other in token.sent)


def _mend(doc: Doc, verb: Token) -> None:
    arcs: Any = doc.to_array(["HEAD", "DEP"])
    if verb.dep_ == "amod":
        noun = verb.head
        above = verb if noun.head == noun else noun.head
        _hang(arcs, verb, above, arcs[noun.i, 1])
        for child in noun.children:
            if child != verb and (child.i < verb.i or child.is_punct):
                _hang(arcs, child, verb, arcs[child.i, 1])
        _hang(arcs, noun, verb, doc.vocab.strings["obj"])
        doc.from_array(["HEAD", "DEP"], arcs)
    verb = doc[verb.i]
    verb.tag_, verb.pos_, verb.lemma_ = "VVFIN", "VERB", _infinitive(verb.lower_)
    number = "Plur" if verb.lower_.endswith("n") else "Sing"
    verb.set_morph(  # type: ignore[attr-defined]
        f"Mood=Ind|Number={number}|Person=3|Tense=Past|VerbForm=Fin"
    )


def _hang(arcs: Any, token: Token, head: Token, label: int) -> None:
    # spaCy keeps the way to the head as an unsigned number
    arcs[token.i, 0] = np.array(head.i - token.i, np.int64).astype(np.uint64)
    arcs[token.i, 1] = label


def _infinitive(past: str) -> str:
    """The infinitive of a weak past.

    >>> _infinitive("verhängte"), _infinitive("tadelten"), _infinitive("landete")
    ('verhängen', 'tadeln', 'landen')
    """
    stem = past.removesuffix("n").removesuffix("te").removesuffix("e")
    return stem + ("n" if stem.endswith(("el", "er")) else "en")
