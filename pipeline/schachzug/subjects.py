"""Which of a verb's arguments is its subject, where the parse may have taken one for the other.

German word order is free, so a parser confuses subject and object. Forms tell them apart: "den" and "einem" are no
nominatives, and the finite verb agrees with its subject in number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from spacy.tokens import Token

from schachzug.tokens import is_finite_form


class Argument(NamedTuple):
    """A token that fills a slot of a predicate.

    `slot` is "subj", "obj", a preposition …; `case` is set where the form fixes it; rank 0 is a dependent of its own.
    """

    slot: str
    token: Token
    case: str = ""
    rank: int = 0


@dataclass(frozen=True)
class CaseForms:
    """Determiners and pronouns whose form is no nominative: those that may be accusative, and datives.

    `things` are pronouns that stand for what happened: beside a name they are rather the object.
    """

    accusative: frozenset[str]
    dative: frozenset[str]
    things: frozenset[str] = frozenset()


def told_apart(found: list[Argument], verb: Token, forms: CaseForms, number: Callable[[Token], str]) -> list[Argument]:
    """An active verb's arguments with subject and object put right where the forms allow only that.

    Args:
        found: the arguments as the parse has them.
        verb: their verb.
        forms: the forms that tell cases.
        number: the number of a token: "Sing", "Plur" or "".
    """
    direct = [a for a in found if a.slot in ("subj", "obj") and a.rank == 0]
    fixed = {a.token.i: _slot_by_form(a.token, forms) for a in direct}
    for argument in direct:
        slot = fixed[argument.token.i]
        if argument.slot == "subj" and slot:
            found = _moved(found, argument, slot)
        elif argument.slot == "obj" and slot == "iobj":
            found = _moved(found, argument, "iobj")
    subjects = [a for a in found if a.slot == "subj" and a.rank == 0]
    objects = [a for a in found if a.slot == "obj" and a.rank == 0]
    if len(subjects) == 2 and not objects:
        later = max(subjects, key=lambda a: a.token.i)
        return _moved(found, later, "obj")
    one_of_each = len(subjects) == 1 and len(objects) == 1 and not fixed.get(objects[0].token.i)
    if one_of_each and _yields(subjects[0].token, objects[0].token, forms):
        return _moved(_moved(found, subjects[0], "obj"), objects[0], "subj")
    if not subjects and len(objects) == 2:
        free = [a for a in objects if not fixed.get(a.token.i)]
        if len(free) == 2 and _yields(free[0].token, free[1].token, forms):
            free = free[1:]
        if free:  # where both may be, the subject stands first
            return _moved(found, min(free, key=lambda a: a.token.i), "subj")
    if one_of_each:
        finite = _finite_number(verb, number)
        mine, other = number(subjects[0].token), number(objects[0].token)
        if finite and mine and other and mine != finite and other == finite:
            return _moved(_moved(found, subjects[0], "obj"), objects[0], "subj")
    return found


def _yields(first: Token, other: Token, forms: CaseForms) -> bool:
    return first.lower_ in forms.things and other.pos_ == "PROPN" and not list(first.children)


def _moved(found: Iterable[Argument], argument: Argument, slot: str) -> list[Argument]:
    return [a._replace(slot=slot) if a is argument or a == argument else a for a in found]


def _slot_by_form(token: Token, forms: CaseForms) -> str:
    """ "obj" or "iobj" for a token whose form (or whose determiner's) is no nominative, else ""."""
    words = [c.lower_ for c in token.children if c.i < token.i and c.pos_ == "DET"]
    if token.pos_ in ("PRON", "DET"):
        words.append(token.lower_)
    for word in words:
        if word in forms.dative:
            return "iobj"
        if word in forms.accusative:
            return "obj"
    return ""


def _finite_number(verb: Token, number: Callable[[Token], str]) -> str:
    for token in (verb, *verb.children):
        if is_finite_form(token) and (token == verb or token.dep_.startswith(("aux", "cop"))):
            return number(token)
    return ""
