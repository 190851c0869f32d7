"""The answer to a question: terms become plain values as they come, and rows are put in order."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from schachzug.graph_sources import Row
from schachzug.question_files import Column
from schachzug.tables import Value

_BY_NAME = ("entity", "term", "any")


class Answer:
    """The values of an answer by column.

    It takes the rows in parts and keeps no terms: those of a large answer take longer to make, keep and throw away
    than all that is done with them.

    Args:
        declared: the columns that the question declares; what else comes is a column of any type.
    """

    def __init__(self, declared: Sequence[Column]) -> None:
        self.columns: tuple[Column, ...] = ()
        self._declared = {column.name: column for column in declared}
        self._values: list[list[Value]] = []
        self._named: list[dict[Value, object]] = []

    def take(self, names: Sequence[str], rows: Sequence[Row]) -> None:
        """Take some rows of terms (None where unbound) of the variables of these names."""
        if not self.columns:
            self.columns = tuple(self._declared.get(name, Column(name)) for name in names)
            self._values = [[] for _ in names]
            self._named = [{} for _ in names]
        for place, terms in enumerate(zip(*rows, strict=True)):
            kind = self.columns[place].type
            values = _values(terms, kind)
            self._values[place] += values
            if kind in _BY_NAME:
                self._named[place].update(zip(values, terms, strict=True))

    def named(self) -> set[str]:
        """The IRIs of the resources that are shown by name."""
        terms = itertools.chain.from_iterable(distinct.values() for distinct in self._named)
        return {term.value for term in terms if isinstance(term, ox.NamedNode)}

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
        ranks = list(zip(*(_ranks(self._values[places[name]], down, labels) for name, down in wanted), strict=True))
        for _, group in itertools.groupby(sorted(range(len(rows)), key=ranks.__getitem__), key=ranks.__getitem__):
            alike = [rows[number] for number in group]
            yield from alike if len(alike) == 1 else sorted(alike, key=_as_text)


def _values(terms: Sequence[object | None], kind: str) -> list[Value]:
    """The plain values of a column; what it has often is understood once."""
    if kind in ("entity", "iri", "term"):
        return [term.value if type(term) is ox.NamedNode else _value(term, kind) for term in terms]
    if kind == "text":
        return [term.value if type(term) is ox.Literal else _value(term, kind) for term in terms]
    known: dict[object, Value] = {}
    for term in set(terms):
        known[term] = _value(term, kind)
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


def _ranks(values: Sequence[Value], descending: bool, labels: Mapping[str, str]) -> list[int]:
    """The places of values in order: numbers by size, text by name without regard to case, nothing last."""

    def key(value: Value) -> tuple[bool, int | Decimal, str]:
        if isinstance(value, str):
            return False, 0, labels.get(value, value).casefold()
        if value is None:
            return True, 0, ""
        return False, -value if descending else value, ""

    keys = {value: key(value) for value in set(values)}
    places = {one: place for place, one in enumerate(sorted(set(keys.values())))}
    rank = {value: places[one] for value, one in keys.items()}
    return [rank[value] for value in values]


def _as_text(row: tuple[Value, ...]) -> tuple[str, ...]:
    return tuple("" if value is None else str(value) for value in row)
