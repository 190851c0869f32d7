"""What German nouns name: organs of a state, people, titles, descriptions of known entities."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from schachzug.lexicon import load_yaml, noun_forms, plain
from schachzug.resources import resource


class Nouns:
    """The noun lists of `nouns.yaml`. A noun counts as the last part of a compound too."""

    def __init__(self, path: Path) -> None:
        data = plain(load_yaml(path))
        self.organs = frozenset(data["organs"])
        self.people = frozenset(data["people"])
        self.titles = frozenset(data["titles"])
        self.never = frozenset(data["never"])
        self.descriptions: dict[str, str] = {
            noun: kind for kind, nouns in data["descriptions"].items() for noun in nouns
        }
        self.description_heads = tuple(data["description_heads"])
        self.abstract_endings = tuple(data["abstract_endings"])
        self.counted = frozenset(data["counted"])
        self.shares = frozenset(data["shares"])
        self.neighbours = frozenset(data["neighbours"])
        self.not_descriptions = frozenset(data["not_descriptions"])
        self.is_organ = lru_cache(16384)(lambda lemma: self._ends(lemma, self.organs))
        self.is_people = lru_cache(16384)(lambda lemma: self._ends(lemma, self.people))
        institutes = frozenset(data["institutes"])
        self.is_institute = lru_cache(16384)(lambda lemma: self._ends(lemma, institutes))
        self.is_title = lru_cache(16384)(lambda lemma: self._ends(lemma, self.titles))

        self.description = lru_cache(16384)(self._description)

    def _description(self, lemma: str) -> str | None:
        """The class that a definite description must take up ("das Land": State), or None where the noun is none.

        A compound counts where its last part is listed as one that keeps its meaning (Südkaukasusrepublik).
        """
        known = self.descriptions.get(lemma)
        if known is not None or lemma in self.not_descriptions:
            return known
        low = lemma.lower()
        for head in self.description_heads:
            if len(lemma) > len(head) + 2 and low.endswith(head.lower()):
                return self.descriptions[head]
        return None

    @staticmethod
    def _ends(lemma: str, nouns: frozenset[str]) -> bool:
        if lemma in nouns:
            return True
        for cut in range(2, len(lemma) - 2):
            tail = lemma[cut:].lstrip("-")
            if len(tail) == 3 and lemma[cut - 1] not in "s-":
                continue  # "Präsidialrat" is a Rat, "Vorrat" is none
            if tail[:1].upper() + tail[1:] in nouns:
                return True
        return False

    def is_abstract(self, lemma: str) -> bool:
        """Whether a noun's ending tells that it names an event, a quality or a state of things."""
        return lemma in self.never or lemma.lower().endswith(self.abstract_endings)

    def is_actor(self, lemma: str) -> bool:
        """Whether a noun names somebody who can act."""
        return any(self.is_people(form) or self.is_organ(form) or self.is_title(form) for form in noun_forms(lemma))


@cache
def nouns() -> Nouns:
    """The noun lists that ship."""
    return Nouns(resource("ontology", "lexicon", "de", "nouns.yaml"))
