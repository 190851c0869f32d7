"""The answer to a question: terms become plain values as they come, and rows are put in order."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import cast

import pyoxigraph as ox

from schachzug.graph_sources import Row
from schachzug.question_files import Column
from schachzug.tables import Value

_BY_NAME = ("entity", "term", "any")
_PLAIN = operator.attrgetter("value")


class Answer:
    """The values of an answer by column.

    It takes the rows in parts and keeps no terms: those of a large answer take longer to make, keep and throw away
    than all that is done with them.

    Args:
        declared: the columns that the question declares; what else comes is a column of any type.

    Attributes:
        columns: the columns that came.
        named: the IRIs of the resources that are shown by name.
    """

    def __init__(self, declared: Sequence[Column]) -> None:
        self.columns: tuple[Column, ...] = ()
        self._declared = {column.name: column for column in declared}
        self._values: list[list[Value]] = []
        self.named: set[str] = set()

    def take(self, names: Sequence[str], rows: Sequence[Row]) -> None:
        """Take some rows of terms (None where unbound) of the variables of these names."""
        if not self.columns:
            self.columns = tuple(self._declared.get(name, Column(name)) for name in names)
            self._values = [[] for _ in names]
        for column, kept, terms in zip(self.columns, self._values, zip(*rows, strict=True), strict=False):
            values = _values(terms, column.type)
            kept += values
            if column.type not in _BY_NAME:
                continue
            if _all(terms, ox.NamedNode):
                self.named.update(cast(list[str], values))
            else:
                self.named.update(term.value for term in terms if isinstance(term, ox.NamedNode))

    def rows(self, order: Sequence[str], labels: Mapping[str, str]) -> Iterator[tuple[Value, ...]]:
        """The rows in an order, else as they came; sorted here, so that it is the same everywhere.

        Args:
            order: names of columns, with a minus where the largest comes first.
            labels: the names of resources by IRI, by which they are sorted.
        """
        rows = list(zip(*self._values, strict=True))
        places = {column.name: place for place, column in enumerate(self.columns)}
        wanted = [(name, key[0] == "-") for key in order if (name := key.removeprefix("-")) in places]
        if not wanted:
            yield from rows
            return
        keys = list(zip(*(_keys(self._values[places[name]], down, labels) for name, down in wanted), strict=True))
        ordered = sorted(range(len(rows)), key=keys.__getitem__)
        if len(set(keys)) == len(keys):
            yield from (rows[number] for number in ordered)
            return
        for _, alike in itertools.groupby(ordered, key=keys.__getitem__):
            yield from sorted((rows[number] for number in alike), key=_as_text)


def _values(terms: Sequence[object | None], kind: str) -> list[Value]:
    """The plain values of some terms of one column."""
    if (kind in ("entity", "iri", "term") and _all(terms, ox.NamedNode)) or (
        kind == "text" and _all(terms, ox.Literal)
    ):
        return list(map(_PLAIN, terms))
    known = {term: _value(term, kind) for term in set(terms)}
    return [known[term] for term in terms]


def _value(term: object, kind: str) -> Value:
    """The plain value of a term, by the column's type: servers differ in how they write booleans and decimals."""
    if term is None:
        return None
    if not isinstance(term, ox.Literal):
        return str(getattr(term, "value", term))
    if kind == "text":
        return term.value
    if kind == "any":
        kind = term.datatype.value.rpartition("#")[2]
    try:
        if kind == "boolean":
            return term.value.lower() in ("true", "1")
        if kind == "integer":
            return int(term.value)
        if kind in ("decimal", "double"):
            return Decimal(term.value).normalize() + 0
    except (ValueError, InvalidOperation):
        return term.value
    return term.value


def _keys(values: Sequence[Value], descending: bool, labels: Mapping[str, str]) -> Sequence[object]:
    """What values are sorted by: numbers by size, text by name without regard to case, nothing last."""
    if _all(values, str):
        return [labels.get(text, text).casefold() for text in cast(Sequence[str], values)]
    keys: list[tuple[bool, int | Decimal, str]] = []
    for value in values:
        if isinstance(value, str):
            keys.append((False, 0, labels.get(value, value).casefold()))
        elif value is None:
            keys.append((True, 0, ""))
        else:
            keys.append((False, -value if descending else value, ""))
    return keys


def _all(things: Sequence[object], kind: type) -> bool:
    """Whether all things are of exactly this kind; most columns are of one, which spares a look at each value."""
    return set(map(type, things)) == {kind}


def _as_text(row: tuple[Value, ...]) -> tuple[str, ...]:
    return tuple("" if value is None else str(value) for value in row)
