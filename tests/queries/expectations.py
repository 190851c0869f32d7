"""The cases of expected.yaml, and answers in the short form in which it writes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from schachzug.tables import Table, Value
from tests.queries.corpus import Corpus


@dataclass(frozen=True)
class Case:
    """What a question must answer, given some parameters."""

    question: str
    params: dict[str, str]
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    def __str__(self) -> str:
        return " ".join([self.question, *(f"{k}={v}" for k, v in self.params.items())])


def cases() -> list[Case]:
    text = Path(__file__).with_name("expected.yaml").read_text(encoding="utf-8")
    return [
        Case(question, case["params"], tuple(case["columns"]), tuple(tuple(row) for row in case["rows"]))
        for question, found in yaml.safe_load(text).items()
        for case in found
    ]


def in_short(table: Table, columns: tuple[str, ...], corpus: Corpus) -> tuple[tuple[Value, ...], ...]:
    """The rows of an answer: claims by name, entities by label, other resources by local name."""
    names = {iri: name for name, iri in corpus.claims.items()}
    places = [[c.name for c in table.columns].index(name) for name in columns]

    def short(place: int, value: Value) -> Value:
        if not isinstance(value, str):
            return value
        if table.columns[place].type == "entity":
            return table.labels[value]
        return names.get(value) or value.replace("#", "/").rpartition("/")[2] if value.startswith("http") else value

    return tuple(tuple(short(place, row[place]) for place in places) for row in table.rows)
