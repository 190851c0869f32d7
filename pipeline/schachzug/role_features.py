"""What can be seen of a trigger and a noun phrase beside it: the features that the learned parts decide by.

A trigger is the word that evoked a frame; a candidate is a token of its sentence that stands for somebody or something.
Features are strings; a linear model adds up what it has learned about each (see `judgement`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Span, Token

from schachzug.lexicon import Entry
from schachzug.referents import Referent, Referents
from schachzug.subjects import Argument
from schachzug.syntax import Syntax
from schachzug.tokens import NOMINAL, clause_of, is_verb

_LONGEST_PATH = 6
_WINDOW = 40


@dataclass(frozen=True)
class Candidate:
    """A token that may fill a role, with the entity it stands for."""

    token: Token
    referent: Referent


def candidates(sentence: Span, referents: Referents) -> list[Candidate]:
    """Everybody and everything that a sentence mentions, one candidate for each token and entity."""
    found = []
    for token in sentence:
        if token.i in referents.syntax.datelines:
            continue
        naming = referents.namings.at(token.i)
        if naming is not None and naming.kind not in ("compound", "adjective"):
            if token.i != naming.end - 1:
                continue
        elif naming is None and token.pos_ not in NOMINAL:
            continue
        elif naming is not None and naming.kind == "compound":
            found.append(Candidate(token, referents.compounded(naming)))
        found += [Candidate(token, referent) for referent in referents.single(token)]
    return found


def path(trigger: Token, token: Token) -> str:
    """The labels on the way through the tree from the trigger to a token ("obj>", "<xcomp nsubj>"); "far" when long."""
    if trigger.i == token.i:
        return "self"
    up: list[Token] = [trigger]
    while up[-1].head != up[-1] and len(up) <= _LONGEST_PATH:
        up.append(up[-1].head)
    index = {t.i: n for n, t in enumerate(up)}
    down: list[Token] = []
    current = token
    while current.i not in index:
        down.append(current)
        if current.head == current or len(down) > _LONGEST_PATH:
            return "far"
        current = current.head
    climbed = index[current.i]
    if climbed + len(down) > _LONGEST_PATH:
        return "far"
    ways = [f"<{t.dep_}" for t in up[:climbed]] + [f"{t.dep_}>" for t in reversed(down)]
    return " ".join(ways)


def _holds(positions: list[int], first: int, last: int) -> bool:
    """Whether one of some sorted positions lies between two others."""
    place = bisect_right(positions, first)
    return place < len(positions) and positions[place] < last


class RoleFeatures:
    """Features of the candidates of one frame."""

    def __init__(self, syntax: Syntax, referents: Referents) -> None:
        self.syntax = syntax
        self.referents = referents
        # Where something stands that parts a trigger from a candidate; many pairs are asked for the same stretch.
        self._halves = syntax.positions.of("ORTH", frozenset({";", ":"}))
        self._commas = syntax.positions.of("ORTH", frozenset({","}))
        self._verbs = syntax.positions.verbs()
        self._clauses: dict[int, int] = {}
        self._subjects: dict[int, int | None] = {}

    def _between(self, trigger: Token, token: Token) -> str:
        """What stands between a trigger and a candidate: a clause boundary, a verb, or nothing of the kind."""
        first, last = sorted((trigger.i, token.i))
        if _holds(self._halves, first, last):
            return "half"
        verb = _holds(self._verbs, first, last)
        if _holds(self._commas, first, last):
            return "comma+verb" if verb else "comma"
        return "verb" if verb else "near"

    def _clause(self, token: Token) -> int:
        """The verb whose clause a token stands in, by its number."""
        found = self._clauses.get(token.i)
        if found is None:
            found = self._clauses[token.i] = clause_of(token).i
        return found

    def _subject(self, clause: int) -> int | None:
        """The subject of a clause's verb, by its number."""
        if clause not in self._subjects:
            verb = self.syntax.doc[clause]
            subject = self.syntax.subject(verb) if is_verb(verb) else None
            self._subjects[clause] = None if subject is None else subject.i
        return self._subjects[clause]

    def of(
        self,
        entry: Entry,
        trigger: Token,
        arguments: tuple[Argument, ...],
        chosen: dict[str, set[str]],
        candidate: Candidate,
    ) -> Iterator[str]:
        """The features of one candidate.

        Args:
            entry: the lexicon entry that fired.
            trigger: the word it fired on.
            arguments: the trigger's arguments by slot.
            chosen: the IRIs that the entry's slots put into each role.
            candidate: whom to describe.
        """
        token, entity = candidate.token, candidate.referent.entity
        kind = "local" + entity.type if entity.local else entity.type
        pos = entry.pos
        slots = [f"{a.slot}{a.rank}" for a in arguments if a.token.i == token.i] or ["none"]
        ruled = [role for role, iris in chosen.items() if entity.iri in iris]
        case, _ = self.syntax.preposition(token)
        own, _ = self.syntax.preposition(trigger)
        way = path(trigger, token)
        side = "before" if token.i < trigger.i else "after"
        distance = min(abs(token.i - trigger.i) // 4, 6)
        how = candidate.referent.how
        rule = "+".join(ruled) or "unruled"
        yield f"rule={rule}"
        yield f"rule={rule}|kind={kind}"
        yield f"rule={rule}|type={entry.type}"
        yield f"type={entry.type}|kind={kind}"
        yield f"how={how}|rule={rule}"
        yield f"prep={case}|type={entry.type}"
        yield f"prep={case}|pos={pos}|{side}"
        yield f"distance={distance}|{side}|pos={pos}"
        yield f"path={way}|pos={pos}"
        yield f"path={way}|type={entry.type}"
        yield f"kind={kind}|pos={pos}|{side}"
        yield f"rule={rule}|prep={case}|pos={pos}"
        yield f"rule={rule}|path={way}"
        yield f"rule={rule}|kind={kind}|type={entry.type}"
        yield f"rule={rule}|distance={distance}|{side}"
        between = self._between(trigger, token)
        yield f"between={between}|rule={rule}"
        yield f"dep={token.dep_}|{side}|pos={pos}"
        yield f"dep={token.dep_}|rule={rule}|type={entry.type}"
        for slot in slots:
            yield f"slot={slot}|entry={entry.id}"
            yield f"slot={slot}|pos={pos}"
            yield f"slot={slot}|type={entry.type}"
            yield f"slot={slot}|kind={kind}|rule={rule}"
            yield f"slot={slot}|of-prep={own}|type={entry.type}"
            yield f"slot={slot}|of-prep={own}|pos={pos}"
        for role in ("actor", "target", "location"):
            if not chosen.get(role):
                yield f"no-{role}|kind={kind}|side={side}|type={entry.type}"
                yield f"no-{role}|path={way}|pos={pos}"
                yield f"no-{role}|rule={rule}"
        clause = self._clause(trigger)
        if self._subject(clause) == token.i:
            yield f"clause-subject|pos={pos}|type={entry.type}"
            yield f"clause-subject|rule={rule}|dep={trigger.dep_}"
        if self._clause(token) == clause:
            yield f"same-clause|rule={rule}|kind={kind}"
        else:
            yield f"other-clause|rule={rule}|kind={kind}"
        if token.dep_ in self.syntax.labels.conjunct:
            yield f"conjunct|rule={rule}"
