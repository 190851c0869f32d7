"""The slots of a lexicon entry: which arguments of a predicate stand in one, and whether a word may stand there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Token

from schachzug.clause_scope import DEEP
from schachzug.lexicon import Slot, is_compound, noun_forms
from schachzug.referents import Referents
from schachzug.subjects import Argument
from schachzug.syntax import Syntax
from schachzug.tokens import is_verb

_DATIVE = (("iobj", ""),)
_ADJECTIVE = ("adj", "")


class Slots:
    """The slots of one predicate of a document; many entries of one word ask for the same."""

    def __init__(self, syntax: Syntax, referents: Referents, predicate: Token, arguments: tuple[Argument, ...]) -> None:
        self.syntax = syntax
        self.referents = referents
        self.predicate = predicate
        self.arguments = arguments
        self._found: dict[tuple[tuple[str, str], ...], list[Argument]] = {}
        self._meant: dict[int, frozenset[str]] = {}

    def at(self, slot: Slot) -> list[Argument]:
        """The arguments at a slot's path."""
        found = self._found.get(slot.steps)
        if found is None:
            found = self._found[slot.steps] = self._along(slot.steps)
        return found

    def hold(self, slot: Slot, words: tuple[str, ...]) -> bool:
        """Whether one of some words, or of some classes of words ("$actor"), stands in a slot."""
        wanted = _wanted(words)
        if slot.steps[-1] == _ADJECTIVE and any(not wanted.words.isdisjoint(forms) for forms in self.words_at(slot)):
            return True
        return any(self._meets(argument.token, wanted) for argument in self._required_at(slot))

    def words_at(self, slot: Slot) -> Iterator[frozenset[str]]:
        """The forms of each word that may meet a requirement of a slot."""
        described = slot.steps[-1] == _ADJECTIVE
        for argument in self._adjectives(slot.steps[:-1]) if described else self._required_at(slot):
            yield self._forms_of(self._antecedent(argument.token))

    def _adjectives(self, steps: tuple[tuple[str, str], ...]) -> list[Argument]:
        """All adjectives at the end of a path: roles are filled by nationalities only, but any may be required."""
        if not steps:
            return [a for a in self.arguments if a.slot == "adj"]
        owners = [token for argument in self._along(steps) for token in self.syntax.conjuncts(argument.token)]
        return [a for owner in owners for a in self.syntax.arguments(owner) if a.slot == "adj"]

    def _required_at(self, slot: Slot) -> list[Argument]:
        """The arguments at a slot's path as requirements see them."""
        found = self.at(slot)
        if not found and slot.steps == _DATIVE and is_verb(self.predicate):  # "kam Forderungen nach", read as object
            found = [a for a in self.arguments if a.slot == "obj" and a.rank < DEEP]
        return found

    def _along(self, steps: tuple[tuple[str, str], ...]) -> list[Argument]:
        current = self._step(steps[0], self.predicate, self.arguments)
        for step in steps[1:]:
            inner: list[Argument] = []
            for argument in current:
                for conjunct in self.syntax.conjuncts(argument.token):
                    inner += self._step(step, conjunct, self.syntax.arguments(conjunct))
            current = inner
        return current

    def _step(self, step: tuple[str, str], token: Token, arguments: tuple[Argument, ...]) -> list[Argument]:
        name, case = step
        if name in ("of", "gen"):
            return [a for a in arguments if a.slot == "of"]
        if name == "comp":
            naming = self.referents.namings.at(token.i)
            return [Argument("comp", token)] if naming is not None and naming.kind == "compound" else []
        if name == "adj":
            return [a for a in arguments if a.slot == "adj" and self._is_nationality(a.token)]
        found = [a for a in arguments if a.slot == name and (not case or not a.case or a.case == case)]
        if name in ("obj", "iobj") and not found and is_verb(token):  # "den Präsidenten" may be either
            found = [a for a in arguments if a.slot == ("iobj" if name == "obj" else "obj") and a.rank < DEEP]
            if name == "iobj":
                found = [a for a in found if self.referents.is_actor(a.token)]
        if len(found) > 1:
            best = min(a.rank for a in found)
            found = [a for a in found if a.rank == best]
        return found

    def _is_nationality(self, token: Token) -> bool:
        naming = self.referents.namings.at(token.i)
        return naming is not None and naming.kind == "adjective"

    def _meets(self, token: Token, wanted: _Wanted) -> bool:
        token = self._antecedent(token)
        if wanted.words:
            forms = self._forms_of(token)
            if not wanted.words.isdisjoint(forms):
                return True
            if any(form.lower().endswith(wanted.tails) for form in forms) and any(
                is_compound(form, noun) for form in forms for noun in wanted.nouns
            ):
                return True
        return any(self.referents.is_of_class(token, name) for name in wanted.classes)

    def _antecedent(self, token: Token) -> Token:
        """What a relative pronoun refers to; any other word itself."""
        return (self.syntax.antecedent(token) or token) if token.tag_ == "PRELS" else token

    def _forms_of(self, token: Token) -> frozenset[str]:
        """The forms of what stands at a token: of itself, of what it is a part of, and of their conjuncts."""
        forms = self._meant.get(token.i)
        if forms is None:
            meant = {t.i: t for part in (token, self.referents.whole(token)) for t in self.syntax.conjuncts(part)}
            forms = self._meant[token.i] = frozenset(form for t in meant.values() for form in _forms(t))
        return forms


@dataclass(frozen=True)
class _Wanted:
    """What an entry lists for a slot: classes, words, and of these the nouns, which compounds may end in."""

    classes: tuple[str, ...]
    words: frozenset[str]
    nouns: tuple[str, ...]
    tails: tuple[str, ...]


@cache
def _wanted(words: tuple[str, ...]) -> _Wanted:
    plain = tuple(word for word in words if not word.startswith("$"))
    nouns = tuple(word for word in plain if word[:1].isupper())
    classes = tuple(word for word in words if word.startswith("$"))
    return _Wanted(classes, frozenset(plain), nouns, tuple(noun.lower() for noun in nouns))


def _forms(token: Token) -> tuple[str, ...]:
    """The lemma of a token, its text, and what that may be an inflected form of."""
    return tuple(dict.fromkeys((token.lemma_, *noun_forms(token.text))))
