"""Clauses by the order of words: where a clause that is said begins and ends, whatever the parse made of it.

German marks clauses by commas and by the place of the finite verb: at the end after a conjunction or relative pronoun,
second otherwise. So a finite verb right after the comma that closes a subordinate clause belongs to the main clause.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from schachzug.tokens import has_zu, is_finite_form
from schachzug.verb_forms import mood

_RELATIVE = frozenset({"PRELS", "PRELAT", "PWAV", "PWS", "PWAT"})
_SUBORDINATE = _RELATIVE | {"KOUS", "KOUI"}
_LONGEST_FIRST = 6  # tokens of a phrase before the finite verb
_VERBAL_END = frozenset({"PTKVZ", "VVPP", "VVINF", "VAPP", "VAINF", "VMINF", "VVFIN", "VAFIN", "VMFIN"})


def is_subordinate(clause: Sequence[Token]) -> bool:
    """Whether words between commas begin as a subordinate clause ("weil …", "die …", "in der …", "und dass …")."""
    opening = [t for t in clause[:4] if t.tag_ not in ("KON", "ADV")][:2]
    if not opening:
        return False
    if opening[0].tag_ in _SUBORDINATE or (opening[0].dep_ == "mark" and opening[0].tag_ != "PTKZU"):
        return True
    return len(opening) > 1 and opening[0].tag_ == "APPR" and opening[1].tag_ in _RELATIVE


def parts(tokens: Sequence[Token]) -> list[list[Token]]:
    """The stretches between commas and dashes, in order; empty ones are left out."""
    found: list[list[Token]] = [[]]
    for token in tokens:
        if token.text in (",", ";", ":", "–", "-"):
            found.append([])
        else:
            found[-1].append(token)
    return [part for part in found if part]


def has_main_clause(tokens: Sequence[Token]) -> bool:
    """Whether some finite verb among the tokens belongs to no subordinate clause."""
    return any(any(map(is_finite_form, part)) and not is_subordinate(part) for part in parts(tokens))


def is_open(tokens: Sequence[Token]) -> bool:
    """Whether the words before a comma are a phrase with a relative clause, so that its verb is still to come."""
    found = parts(tokens)
    relative = [i for i, part in enumerate(found) if part[0].tag_ in _RELATIVE or (is_subordinate(part) and i > 0)]
    if not relative or relative[-1] != len(found) - 1 or relative[-1] == 0:
        return False
    return not any(map(is_finite_form, found[relative[-1] - 1]))


def finite_of(verb: Token) -> Token:
    """The finite verb of a verb form's clause: itself, or an auxiliary that hangs on it or on which it hangs."""
    if is_finite_form(verb):
        return verb
    for other in (*verb.children, verb.head):
        if other.tag_ in ("VAFIN", "VMFIN"):
            return other
    return verb


def closes_clause(token: Token, comma: Token) -> bool:
    """Whether only the end of a verb group ("mitgeteilt hat", "auf") stands between a word and a comma."""
    return all(t.tag_ in _VERBAL_END or t.tag_ in ("ADV", "PRF") for t in token.doc[token.i + 1 : comma.i])


def said_after(
    opening: Token, markers: frozenset[str], infinitive: bool, bare: bool, resumes: Callable[[Token], bool]
) -> range:
    """The tokens of the clause that follows a comma or colon, if it can be what somebody says.

    Args:
        opening: the comma or colon.
        markers: the conjunctions of what is said.
        infinitive: whether an infinitive with "zu" counts.
        bare: whether a clause without a conjunction counts in the indicative too; in the Konjunktiv it always does.
        resumes: whether a finite verb goes on with the main clause ("…, und fügte hinzu").
    """
    doc, end, start = opening.doc, opening.sent.end, opening.i + 1
    if start + 1 >= end:
        return range(0)
    first = doc[start] if doc[start].tag_ != "KON" else doc[start + 1]
    if first.lower_ in markers:
        after = _main_goes_on(opening, start, resumes)
        return range(start, after.comma if after is not None else end)
    finite = next((t for t in doc[start:end] if is_finite_form(t)), None)
    closed = _infinitive(opening) if infinitive else None
    if closed is not None and (finite is None or closed.i < finite.i) and first.tag_ != "KOUI":
        after = _main_goes_on(opening, closed.i, resumes)
        return range(start, after.comma if after is not None else end)
    if finite is None or finite.i == start or doc[start].tag_ == "KON":
        return range(0)
    if is_subordinate(list(doc[start : start + 4])):
        if first.tag_ != "KOUS":
            return range(0)
        after = _main_goes_on(opening, start, resumes)  # "sagte, wenn er komme, werde man reden"
        if after is None or mood(after.finite) not in ("sub1", "sub2"):
            return range(0)
        finite = after.finite
    if mood(finite) in ("sub1", "sub2") or (bare and _is_second(opening, finite)):
        return range(start, _coordination(finite, resumes))
    return range(0)


def _infinitive(opening: Token) -> Token | None:
    """The infinitive with "zu" in the part after a comma."""
    doc = opening.doc
    for token in doc[opening.i + 1 : opening.sent.end]:
        if token.text in (",", ";", ":"):
            return None
        zu = token.tag_ in ("VVINF", "VAINF", "VMINF") and (has_zu(token) or doc[token.i - 1].tag_ == "PTKZU")
        if token.tag_ == "VVIZU" or zu:
            return token
    return None


def _is_second(opening: Token, finite: Token) -> bool:
    """Whether a finite verb follows one phrase: no comma and no other verb stands between."""
    between = opening.doc[opening.i + 1 : finite.i]
    return 0 < len(between) <= _LONGEST_FIRST and not any(t.is_punct or t.tag_.startswith("V") for t in between)


@dataclass(frozen=True)
class _Resumed:
    """The comma that ends a subordinate clause, and the finite verb behind it."""

    comma: int
    finite: Token


def _main_goes_on(opening: Token, last: int, resumes: Callable[[Token], bool]) -> _Resumed | None:
    """Where the main clause goes on after a subordinate one whose conjunction or infinitive is at `last`.

    Every subordinate clause waits for one finite verb; when none waits, a finite verb right after a comma is the main
    clause's.
    """
    doc = opening.doc
    waiting = 0 if doc[last].tag_.startswith("V") else 1
    reported = False
    for i in range(last + 1, opening.sent.end):
        token = doc[i]
        if token.tag_ in _SUBORDINATE - {"KOUI"}:
            waiting += 1
        elif is_finite_form(token):
            comma = i - 2 if doc[i - 1].tag_ == "KON" else i - 1
            if waiting == 0 and doc[comma].text == ",":
                return _Resumed(comma, token)
            new = doc[i - 2].tag_ == "KON" and doc[i - 1].tag_ == "PPER" and resumes(token) and mood(token) == "ind"
            if waiting == 0 and new:
                return _Resumed(i - 2, token)  # "erklärte, dass er komme und er versprach Geduld"
            if waiting == 0 and doc[i - 1].tag_ == "KON" and reported and mood(token) == "ind":
                return _Resumed(i - 1, token)  # "sagte, dass er komme und bat um Geduld"
            waiting = max(0, waiting - 1)
            reported = mood(token) in ("sub1", "sub2")
    return None


def _coordination(finite: Token, resumes: Callable[[Token], bool]) -> int:
    """Where a verb that goes on with the main clause follows "und" or a comma; else the end of the sentence."""
    doc, end = finite.doc, finite.sent.end
    for i in range(finite.i + 1, end - 1):
        following = doc[i + 1]
        joined = doc[i].tag_ == "KON" or doc[i].text == ","
        if joined and is_finite_form(following) and resumes(following) and mood(following) == "ind":
            return i - 1 if doc[i - 1].text == "," else i
    return end
