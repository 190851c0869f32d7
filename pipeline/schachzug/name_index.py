"""Finding known names in German tokens: inflected, hyphenated, compounded.

What is tried for a single token, first hit wins: the name as written; a demonym; the name without its
genitive ending; an adjective without its ending (in lower case, or capitalised where a sentence begins); a
compound with a hyphen, part by part; a direction and a name (Ostkongo, nordsyrisch); a name and a common
second part (Irakkrieg). Names of several words go through a table by their first word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from schachzug.name_rules import NameRules
from schachzug.types import Entity

_STEM = "~"
_TOKEN = re.compile(r"\w+(?:[-.'’ʻ]\w+)*\.?|[^\w\s]")
_NOT_INITIAL = frozenset(",)]-–—/'’&")
_ALLIANCES = frozenset({"Alliance", "MilitaryAlliance", "EconomicUnion", "PoliticalUnion", "Bloc"})
_PLACES = frozenset({"State", "Place", "Region", "Territory", "City"})


class NameKind(StrEnum):
    """How a name names: what a match's `kind` says. A match by surname has the kind `name`."""

    NAME = "name"
    ACRONYM = "acronym"
    CAPITAL = "capital"
    DEMONYM = "demonym"
    ADJECTIVE = "adjective"
    COMPOUND = "compound"
    SURNAME = "surname"


@dataclass(frozen=True)
class Match:
    """Tokens start..end (exclusive) that name an entity: the candidates, likeliest first, and how they are named."""

    start: int
    end: int
    entities: tuple[Entity, ...]
    kind: NameKind

    @property
    def entity(self) -> Entity:
        """The likeliest candidate."""
        return self.entities[0]


_Found = tuple[tuple[NameKind, tuple[Entity, ...]], ...]


class NameIndex:
    """All names of a gazetteer, ready for matching."""

    def __init__(self, names: Iterable[tuple[str, NameKind, Entity]], rules: NameRules) -> None:
        self._rules = rules
        self._directed = re.compile("|".join(re.escape(way) for way in rules.directions), re.IGNORECASE)
        self._names: dict[str, list[tuple[NameKind, Entity]]] = {}
        self._adjectives: dict[str, list[Entity]] = {}
        self._several: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._cache: dict[tuple[str, bool], _Found] = {}
        self._keys: dict[str, frozenset[str]] = {}
        self._begun: dict[tuple[str, bool], tuple[tuple[tuple[str, ...], str], ...]] = {}
        self._plain: dict[str, bool] = {}
        for text, kind, entity in names:
            if kind is NameKind.ADJECTIVE:
                self._adjectives.setdefault(text, []).append(entity)
            elif kind is NameKind.DEMONYM or not self._is_barred(text):
                self._add(text, kind, entity)
        for name, iris in rules.preferred.items():
            order = {iri: place for place, iri in enumerate(iris)}
            self._names.get(name, []).sort(key=lambda pair: order.get(pair[1].iri.rpartition("/")[2], len(order)))
            self._adjectives.get(name, []).sort(key=lambda entity: order.get(entity.iri.rpartition("/")[2], len(order)))
        for entries in self._several.values():
            entries.sort(key=lambda entry: (-len(entry[0]), entry[1]))
        heads = "|".join(rules.compound_heads)
        self._closed = re.compile(rf"(\w{{3,}}?)(?:{heads})")

    def match(self, tokens: Sequence[str], lemmas: Sequence[str] | None = None) -> list[Match]:
        """See `Gazetteer.match`."""
        found: list[Match] = []
        i, count = 0, len(tokens)
        while i < count:
            token = tokens[i]
            if self._is_plain(token):
                i += 1
                continue
            initial = i == 0 or self._begins(tokens[i - 1])
            end = self._longest(tokens, i, initial)
            if end is not None:
                found.extend(end)
                i = end[-1].end
                continue
            if token[-1:] == "-" and i + 2 < count:
                token = self._completed(token, tokens[i + 2])
            for kind, entities in self._single(token, initial) or self._by_lemma(token, lemmas[i] if lemmas else token):
                following = tokens[i + 1] if i + 1 < count else ""
                meant = self._in_context(kind, token, initial, following)
                if meant is not None and not self._means_otherwise(token, tokens[i - 1] if i else "", following):
                    found.append(Match(i, i + 1, entities, NameKind.NAME if meant is NameKind.SURNAME else meant))
            i += 1
        return found

    def _is_plain(self, token: str) -> bool:
        """Whether a token is no name wherever it stands: most words are not, and one look tells."""
        plain = self._plain.get(token)
        if plain is None:
            plain = self._plain[token] = not (token[:1].isupper() or token.endswith("-")) and not any(
                self._beginning(token, initial) or self._single(token, initial)
                for initial in ((False, True) if "-" in token else (False,))  # elsewhere only a capital tells
            )
        return plain

    # What the index holds

    def _add(self, text: str, kind: NameKind, entity: Entity) -> None:
        self._put(text, kind, entity)
        if kind is NameKind.ACRONYM and len(text) > 3 and text.isalpha() and entity.type in _ALLIANCES:
            self._put(text.capitalize(), kind, entity)
        spaced = tuple(text.split())
        for words in dict.fromkeys((spaced, tuple(_TOKEN.findall(text)))):
            if len(words) > 1:
                inflects = entity.type != "Person"
                key = (*(self._stored(word, inflects) for word in words[:-1]), words[-1])
                self._several.setdefault(key[0], []).append((key, text))

    def _is_barred(self, text: str) -> bool:
        return not self._rules.never_alone.isdisjoint((text, *self._without_genitive(text)))

    def _put(self, text: str, kind: NameKind, entity: Entity) -> None:
        entries = self._names.setdefault(text, [])
        if all(known is not entity for _, known in entries):
            entries.append((kind, entity))

    def _stored(self, word: str, may_inflect: bool) -> str:
        """A word of a longer name as it is compared: an adjective by its stem."""
        stem = self._adjective_stem(word) if may_inflect else None
        return word if stem is None else _STEM + stem

    def _adjective_stem(self, word: str) -> str | None:
        if not word.endswith(self._rules.adjective_endings):
            return None
        for ending in self._rules.adjective_endings[::-1]:
            if len(word) > len(ending) + 2 and word.endswith(ending):
                return word[: -len(ending)]
        return None

    def _compared(self, token: str) -> frozenset[str]:
        """All that a token of a text may be as a word of a longer name."""
        known = self._keys.get(token)
        if known is None:
            keys = {token}
            stem = self._adjective_stem(token)
            if stem is not None:
                keys.add(_STEM + stem)
            for ending in (*self._rules.genitive, self._rules.dative_plural):
                if token.endswith(ending) and len(token) > len(ending) + 2:
                    keys.add(token[: -len(ending)])
                    keys.add(token[: -len(ending)] + self._rules.genitive[1])
            known = self._keys[token] = frozenset(keys)
        return known

    # Names of several words

    def _beginning(self, first: str, initial: bool) -> tuple[tuple[tuple[str, ...], str], ...]:
        """The longer names that a token may begin."""
        found = self._begun.get((first, initial))
        if found is None:
            keys = self._compared(first)
            if initial:
                keys = keys | self._compared(first[:1].lower() + first[1:])
            found = tuple(entry for key in sorted(keys) for entry in self._several.get(key, ()))
            self._begun[first, initial] = found
        return found

    def _longest(self, tokens: Sequence[str], start: int, initial: bool) -> list[Match] | None:
        best: tuple[int, str] | None = None
        for words, name in self._beginning(tokens[start], initial):
            end = start + len(words)
            if end > len(tokens) or (best is not None and end <= best[0]):
                continue
            if all(w in self._compared(t) for w, t in zip(words[1:], tokens[start + 1 : end], strict=True)):
                best = (end, name)
        if best is None:
            return None
        entries = self._names[best[1]]
        kind = NameKind.NAME if entries[0][0] is NameKind.SURNAME else entries[0][0]
        return [Match(start, best[0], tuple(entity for _, entity in entries), kind)]

    # Single tokens

    def _single(self, token: str, initial: bool) -> _Found:
        key = (token, initial)
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = self._resolved(token, initial)
        return found

    def _resolved(self, token: str, initial: bool) -> _Found:
        if len(token) < 2 or not any(c.isalpha() for c in token) or token in self._rules.never_alone:
            return ()
        return (
            self._name(token)
            or self._adjective(token, initial)
            or (self._hyphenated(token, initial) if "-" in token.strip("-") else ())
            or self._part_of(token, initial)
            or self._compound(token)
        )

    def _name(self, token: str, inflected: bool = True) -> _Found:
        for text in (token, *(self._without_genitive(token) if inflected else ())):
            entries = self._names.get(text)
            if entries and (text == token or self._takes_genitive(token, text, entries[0])):
                return ((entries[0][0], tuple(entity for _, entity in entries)),)
        return ()

    def _without_genitive(self, token: str) -> Iterator[str]:
        for ending in self._rules.genitive:
            if token.endswith(ending) and len(token) > len(ending) + 2:
                yield token[: -len(ending)]

    def _takes_genitive(self, token: str, name: str, entry: tuple[NameKind, Entity]) -> bool:
        """Names of states and towns take no -es: Hollandes is Hollande's."""
        kind, entity = entry
        short = token[len(name) :] != self._rules.genitive[0]
        return kind is not NameKind.DEMONYM and (short or entity.type not in ("State", "City", "Territory"))

    def _adjective(self, token: str, initial: bool) -> _Found:
        for text in (token, token[0].lower() + token[1:]) if initial and token[0].isupper() else (token,):
            entities = self._adjectives.get(text) if text == token else None
            if entities is None:
                stem = self._adjective_stem(text)
                if stem is not None and not self._invariable(stem):
                    entities = self._adjectives.get(stem)
            if entities:
                return ((NameKind.ADJECTIVE, tuple(entities)),)
        return ()

    def _invariable(self, adjective: str) -> bool:
        return adjective[0].isupper() and adjective.endswith(self._rules.invariable_adjective)

    def _part_of(self, token: str, initial: bool) -> _Found:
        """Ostkongo, nordsyrische: what lies in the place that is named counts as the place."""
        if not self._directed.match(token):
            return ()
        for direction in self._rules.directions:
            rest = token[len(direction) :]
            if len(rest) < 3 or token[: len(direction)].lower() != direction.lower() or not rest[0].islower():
                continue
            if token[0].isupper():
                found = self._name(rest[0].upper() + rest[1:])
                if found and found[0][0] is NameKind.NAME and found[0][1][0].type in _PLACES:
                    return found
            if token[0].islower() or initial:
                found = self._adjective(rest, False)
                if found:
                    return found
        return ()

    def _completed(self, token: str, other: str) -> str:
        """The first word of "Nord- und Südkorea", "nord- und südkoreanische" in full."""
        for direction in self._rules.directions:
            if other.lower().startswith(direction.lower()) and token[:-1].capitalize() in self._rules.directions:
                return token[:-1] + other[len(direction) :]
        return token

    def _compound(self, token: str) -> _Found:
        """Irakkrieg: a name and a second part that often follows names."""
        if not token[0].isupper():
            return ()
        closed = self._closed.fullmatch(token)
        found = self._name(closed[1], inflected=False) if closed else ()
        if not found or found[0][1][0].type not in _PLACES | _ALLIANCES or found[0][0] is NameKind.DEMONYM:
            return ()
        return ((NameKind.COMPOUND, found[0][1]),)

    def _hyphenated(self, token: str, initial: bool) -> _Found:
        parts = [part for part in token.split("-") if part]
        if not self._rules.no_compound_with.isdisjoint(parts):
            return ()
        stems = [self._stem(part, initial) for part in parts[:-1]]
        last = self._adjective(parts[-1], False)
        if last and all(stems):
            return (*((NameKind.ADJECTIVE, entities) for entities in stems), *last)
        if len(parts) == 2 and last and parts[0].capitalize() in self._rules.directions:
            return last
        if len(parts) == 2 and parts[0] in (*self._rules.directions, *self._rules.former):
            found = self._name(parts[1])
            if found and found[0][0] in (NameKind.NAME, NameKind.ACRONYM):
                return found
        return self._parts(parts)

    def _stem(self, part: str, initial: bool) -> tuple[Entity, ...]:
        lowered = part[0].lower() + part[1:]
        found = self._adjectives.get(part) or (self._adjectives.get(lowered) if initial else None)
        return tuple(found or ())

    def _parts(self, parts: list[str]) -> _Found:
        """Each name among the parts of a compound, the longest first: Saudi-Arabien-Reise, NATO-Russland-Rat."""
        found: list[tuple[NameKind, tuple[Entity, ...]]] = []
        start = 0
        while start < len(parts):
            for end in range(len(parts), start, -1):
                if start == 0 and end == len(parts):
                    continue
                hit = self._name("-".join(parts[start:end]), end == len(parts)) or (
                    self._name(" ".join(parts[start:end]), False) if end > start + 1 else ()
                )
                if hit and self._fits_compound(hit[0][0], end == len(parts), bool(found)):
                    found.append((NameKind.COMPOUND, hit[0][1]))
                    start = end
                    break
            else:
                start += 1
        return tuple(found)

    def _fits_compound(self, kind: NameKind, last: bool, others: bool) -> bool:
        """A name that stands last, after a word that is none, may be half of a surname (Meyer-Kasan)."""
        return kind is not NameKind.DEMONYM and (not last or kind is NameKind.ACRONYM or others)

    # What stands around

    def _by_lemma(self, token: str, lemma: str) -> _Found:
        """An inflected form that no rule knows, where the lemmatiser does."""
        if lemma == token or len(lemma) < 4 or not token[0].isupper() or not token.startswith(lemma[:-1]):
            return ()
        found = self._single(token, False) or self._name(lemma, inflected=False)
        return () if found and found[0][0] is NameKind.SURNAME else found

    def _in_context(self, kind: NameKind, token: str, initial: bool, following: str) -> NameKind | None:
        """`Deutsche` before a noun is an adjective where a sentence begins, and else part of a proper name."""
        if kind is NameKind.DEMONYM and following[:1].isupper():
            if token in self._adjectives:
                return NameKind.ADJECTIVE
            if self._adjective(token, True):
                return NameKind.ADJECTIVE if initial else None
        return kind

    def _means_otherwise(self, token: str, previous: str, following: str) -> bool:
        """Im Westen, der Westen der Insel: not the name."""
        before, after = self._rules.not_after.get(token, ()), self._rules.not_before.get(token, ())
        return previous.lower() in before or following in after

    def _begins(self, previous: str) -> bool:
        """Whether a sentence may begin after this token."""
        return not (previous.isalnum() or any(c.isalnum() for c in previous)) and previous not in _NOT_INITIAL
