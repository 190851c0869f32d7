"""The entries that the lexicon has for one word, and which of them what stands beside the word leaves possible.

A verb has a dozen senses, nearly all of which require a certain noun or particle somewhere ("zu Verhandlungen
einladen"). One look at what stands in a slot tells which of them remain; trying them one by one would take the most
time of all that reading does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from schachzug.lexicon import Entry, Slot

    IsCompound = Callable[[str, str], bool]
    WordsAt = Callable[[Slot], Iterable[Iterable[str]]]


@dataclass(frozen=True)
class _Required:
    """What the senses of a word require in one slot: each word with the numbers of those that it satisfies."""

    slot: Slot
    senses: Mapping[str, tuple[int, ...]]
    tails: Mapping[str, str]

    def met_by(self, forms: Iterable[str], is_compound: IsCompound) -> Iterator[int]:
        """The numbers of the senses whose requirement one of some forms meets, itself or as a compound."""
        ends = tuple(self.tails)
        for form in forms:
            yield from self.senses.get(form, ())
            low = form.lower()
            if ends and low.endswith(ends):
                for tail, noun in self.tails.items():
                    if low.endswith(tail) and is_compound(form, noun):
                        yield from self.senses[noun]


class Senses(tuple["Entry", ...]):
    """The entries of one word, those with most requirements first."""

    def possible(self, words_at: WordsAt, is_compound: IsCompound) -> tuple[Entry, ...]:
        """Those whose first requirement of plain words is met; the other requirements are still to be tried.

        Args:
            words_at: the forms of each word that stands in a slot.
            is_compound: whether a noun is a compound with another as its last part.
        """
        if not self._required:
            return self
        found = set(self._open)
        for required in self._required:
            for forms in words_at(required.slot):
                found.update(required.met_by(forms, is_compound))
        return tuple(self[n] for n in sorted(found))

    @cached_property
    def _keys(self) -> tuple[tuple[Slot, tuple[str, ...]] | None, ...]:
        """The requirement by which each sense is found, if it has one of plain words only."""
        return tuple(
            next((r for r in entry.requires if not any(word.startswith("$") for word in r[1])), None) for entry in self
        )

    @cached_property
    def _open(self) -> frozenset[int]:
        return frozenset(n for n, key in enumerate(self._keys) if key is None)

    @cached_property
    def _required(self) -> tuple[_Required, ...]:
        slots: dict[tuple[tuple[str, str], ...], Slot] = {}
        found: dict[tuple[tuple[str, str], ...], dict[str, list[int]]] = {}
        for n, key in enumerate(self._keys):
            if key is not None:
                slot, words = key
                slots[slot.steps] = slot
                for word in words:
                    found.setdefault(slot.steps, {}).setdefault(word, []).append(n)
        return tuple(
            _Required(
                slots[steps],
                {word: tuple(numbers) for word, numbers in words.items()},
                {word.lower(): word for word in words if word[:1].isupper()},
            )
            for steps, words in found.items()
        )
