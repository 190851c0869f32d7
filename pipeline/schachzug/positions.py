"""Where tokens of a kind stand in a document: found for all tokens at once, for asking each of them is slow."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache

from spacy.strings import get_string_id
from spacy.tokens import Doc, Span, Token

from schachzug.tokens import is_verb

_VERB_TAGS = frozenset({"VVFIN", "VVIMP", "VVINF", "VVIZU", "VVPP", "ADJD"})


class Positions:
    """The positions of one document."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self._by_value: dict[str, dict[int, list[int]]] = {}
        self._verbs: list[int] | None = None

    def of(self, attribute: str, values: frozenset[str]) -> list[int]:
        """The numbers of the tokens whose attribute (ORTH, LOWER, TAG, POS) has one of some values, in order."""
        places = self._by_value.get(attribute)
        if places is None:
            places = self._by_value[attribute] = {}
            for i, value in enumerate(self.doc.to_array(attribute).tolist()):
                places.setdefault(value, []).append(i)
        return merged(*(places.get(identifier, ()) for identifier in _identifiers(values)))

    def verbs(self) -> list[int]:
        """The numbers of the tokens that `is_verb` holds of."""
        if self._verbs is None:
            may_be = {*self.of("TAG", _VERB_TAGS), *self.of("POS", frozenset({"VERB", "AUX"}))}
            self._verbs = [i for i in sorted(may_be) if is_verb(self.doc[i])]
        return self._verbs

    def within(self, span: Span, positions: list[int]) -> Iterator[Token]:
        """The tokens of a span that stand at some of its document's positions."""
        for i in positions[bisect_left(positions, span.start) : bisect_left(positions, span.end)]:
            yield self.doc[i]


@cache
def _identifiers(values: frozenset[str]) -> tuple[int, ...]:
    """The numbers by which spaCy knows some strings."""
    return tuple(get_string_id(value) for value in values)


def merged(*positions: Iterable[int]) -> list[int]:
    """Positions of several kinds, in order."""
    return sorted(set().union(*positions))
