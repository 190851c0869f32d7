"""Which moods a German verb form can have, computed from the tables of conjugation.yaml."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from schachzug.errors import LexiconError
from schachzug.lexicon import load_yaml, plain
from schachzug.resources import resource

Reading = Literal["present", "past", "sub1", "sub2"]
"""A mood with its tense: indicative present, indicative past, Konjunktiv I, Konjunktiv II."""

READINGS: tuple[Reading, ...] = ("present", "past", "sub1", "sub2")


@dataclass(frozen=True)
class Readings:
    """What a form can be. `first_only` marks an indicative that only the first person singular has (ich gehe)."""

    options: frozenset[Reading]
    first_only: bool = False


@dataclass
class Conjugation:
    """The tables, and every strong and irregular form with what it can be."""

    data: dict[str, Any]
    forms: dict[str, dict[str, Readings]] = field(default_factory=dict)
    """form → infinitive → readings"""

    def __post_init__(self) -> None:
        try:
            for infinitive, moods in self.data["irregular"].items():
                self._add_irregular(infinitive, moods)
            for line in self.data["strong"].splitlines():
                infinitive, past, subjunctive = line.split()
                self._add(infinitive, self._strong(infinitive, past, subjunctive.split("/")))
        except (KeyError, ValueError, AttributeError) as error:
            path = resource("ontology", "lexicon", "de", "conjugation.yaml")
            raise LexiconError(f"the conjugation table breaks its form: {error!r}", where=path) from error
        self.prefixes = sorted(self.data["prefixes"], key=len, reverse=True)

    def _add(self, infinitive: str, found: dict[str, set[Reading]]) -> None:
        first = stem_of(infinitive) + self.data["endings"]["sub1"][0]
        for form, options in found.items():
            self.forms.setdefault(form, {})[infinitive] = Readings(frozenset(options), form == first)

    def _add_irregular(self, infinitive: str, moods: dict[str, list[str]]) -> None:
        found: dict[str, set[Reading]] = {}
        for reading in READINGS:
            for form in moods[reading]:
                found.setdefault(form, set()).add(reading)
        self._add(infinitive, found)

    def _strong(self, infinitive: str, past: str, subjunctive: list[str]) -> dict[str, set[Reading]]:
        endings, stem = self.data["endings"], stem_of(infinitive)
        found: dict[str, set[Reading]] = {}
        for ending in endings["present"]:
            found.setdefault(stem + ending, set()).add("present")
        found[stem + endings["sub1"][1]] = {"present"} if stem[-1] in "td" else set()
        for ending in endings["sub1"]:
            found.setdefault(stem + ending, set()).add("sub1")
        for ending in endings["past_strong"]:
            found.setdefault(past + ending, set()).add("past")
        for base in subjunctive:
            for ending in endings["sub2"]:
                found.setdefault(base + ending, set()).add("sub2")
        return found

    def readings(self, form: str, lemma: str) -> Readings | None:
        """What a finite form can be; None if neither the tables nor the weak endings know it.

        >>> sorted(conjugation().readings("gingen", "gehen").options)
        ['past', 'sub2']
        >>> sorted(conjugation().readings("vergäbe", "vergeben").options)
        ['sub2']
        >>> sorted(conjugation().readings("fordere", "fordern").options)
        ['present', 'sub1']
        """
        form, lemma = form.lower(), lemma.lower()
        listed = self._listed(form, lemma)
        if listed is not None:
            return listed
        return self._weak(form, lemma)

    def _listed(self, form: str, lemma: str) -> Readings | None:
        """From the tables. The form weighs more than the lemma, which may be guessed wrongly."""
        if lemma.endswith(tuple(self.data["homographs"])):
            return None
        for prefix in ("", *self.prefixes):
            if not form.startswith(prefix):
                continue
            known = self.forms.get(form[len(prefix) :])
            if known is None:
                continue
            base = lemma.removeprefix(prefix)
            if base in known:
                return known[base]
            options = list(known.values())
            if all(other == options[0] for other in options) and (not prefix or not self._weak(form, lemma)):
                return options[0]
            if prefix and "sub2" in options[0].options and len(options[0].options) == 1:
                return options[0]
        return None

    def _weak(self, form: str, lemma: str) -> Readings | None:
        if not lemma.endswith("n") and form.endswith("e"):
            lemma = form + "n"
        stem, endings = stem_of(lemma), self.data["endings"]
        if not stem:
            return None
        for ending in endings["past_weak"]:
            if form in (stem + ending, f"{stem}e{ending}"):
                return Readings(frozenset(("past", "sub2")))
        # handeln, fordern: handle, handele, fordere.
        short = stem[:-2] + stem[-1] if stem.endswith(("el", "er")) else stem
        if form in (stem + "e", short + "e"):
            return Readings(frozenset(("present", "sub1")), True)
        if form == lemma:
            return Readings(frozenset(("present", "sub1")))
        if form in (stem + "est", stem + "et") and stem[-1] not in "tdmn":
            return Readings(frozenset(("sub1",)))
        if form in (stem + "t", stem + "et", stem + "st", stem + "est"):
            return Readings(frozenset(("present",)))
        return None


def stem_of(infinitive: str) -> str:
    """The infinitive without its ending.

    >>> stem_of("fordern"), stem_of("geben")
    ('forder', 'geb')
    """
    return infinitive[:-2] if infinitive.endswith("en") else infinitive[:-1]


@cache
def conjugation() -> Conjugation:
    """The tables of the installation.

    Raises:
        LexiconError: the file breaks its form.
    """
    return Conjugation(plain(load_yaml(resource("ontology", "lexicon", "de", "conjugation.yaml"))))
