"""The spaCy component `schachzug_agreement`: gender and case of nouns, and of the articles and adjectives beside them.

The table travels inside the model: for each gender the nouns that have it. A compound has the gender of its last part.
The case is set where a preposition governs one only ("mit", "für", "im").
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Token

from schachzug.grammar import prepositions
from schachzug.tokens import feature

_FILE = "genders.json.gz"
_SHORTEST_PART = 4
_AGREEING = frozenset({"det", "det:poss", "amod", "case"})


class Agreement:
    """Sets Gender where a word has that feature already."""

    def __init__(self, nlp: Language, name: str = "schachzug_agreement") -> None:
        self.name = name
        self.genders: dict[str, str] = {}
        self._known = lru_cache(maxsize=65536)(self._gender)

    def gender(self, noun: Token) -> str:
        """Masc, Fem, Neut, or "" for what neither the table nor the last part of a compound tells."""
        return self._known(noun.lemma_, noun.text)

    def _gender(self, lemma: str, text: str) -> str:
        for word in (lemma, text):
            if word in self.genders:
                return self.genders[word]
        for begin in range(1, len(lemma) - _SHORTEST_PART + 1):
            known = self.genders.get(lemma[begin:].capitalize())
            if known:
                return known
        return ""

    def __call__(self, doc: Doc) -> Doc:
        for token in doc:
            if token.pos_ == "NOUN" and feature(token, "Gender"):
                _set_in_phrase(token, "Gender", self.gender(token))
            elif token.dep_ == "case" and token.i < token.head.i:
                _set_in_phrase(token.head, "Case", _governed(token))
        return doc

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:
        """Writes the table into a folder."""
        Path(path).mkdir(parents=True, exist_ok=True)
        listed: dict[str, list[str]] = {}
        for noun, gender in sorted(self.genders.items()):
            listed.setdefault(gender, []).append(noun)
        # No time stamp in the archive: the same table makes the same file.
        content = json.dumps({gender: " ".join(nouns) for gender, nouns in listed.items()}, ensure_ascii=False)
        (Path(path) / _FILE).write_bytes(gzip.compress(content.encode(), mtime=0))

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> Agreement:
        """Reads the table from a folder."""
        listed: dict[str, str] = json.loads(gzip.decompress((Path(path) / _FILE).read_bytes()))
        self.genders = {noun: gender for gender, nouns in listed.items() for noun in nouns.split()}
        return self


def _set_in_phrase(noun: Token, name: str, value: str) -> None:
    """Sets a feature of a noun and of what agrees with it, where they have it already; "" sets nothing."""
    for token in (noun, *noun.children) if value else ():
        if token != noun and token.dep_ not in _AGREEING:
            continue
        if feature(token, name) not in ("", value):
            features: dict[str, Any] = token.morph.to_dict()
            features[name] = value
            token.set_morph(features)  # type: ignore[attr-defined]


def _governed(preposition: Token) -> str:
    """The only case that a preposition governs, or ""."""
    if preposition.lower_ in prepositions().unsteady:
        return ""
    return prepositions().of(preposition)[1].capitalize()


@Language.factory("schachzug_agreement", assigns=["token.morph"], requires=["token.lemma", "token.dep", "token.morph"])
def make_agreement(nlp: Language, name: str) -> Agreement:
    return Agreement(nlp, name)
