"""Terms become values, and rows are put in the same order whatever store they come from."""

from __future__ import annotations

import random
from decimal import Decimal

import pyoxigraph as ox

from schachzug.answers import Answer
from schachzug.question_files import Column

XSD = "http://www.w3.org/2001/XMLSchema#"


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"https://example.org/{name}")


def decimal(text: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(f"{XSD}decimal"))


def ordered(
    order: list[str], rows: list[tuple[object | None, ...]], labels: dict[str, str]
) -> list[tuple[object, ...]]:
    answer = Answer((Column("who", "entity"), Column("sure", "decimal"), Column("text", "text")))
    for row in rows:
        answer.take(["who", "sure", "text"], [row])
    return list(answer.rows(order, labels))


def test_rows_are_sorted_by_name_without_case_by_size_and_with_nothing_last() -> None:
    rows: list[tuple[object | None, ...]] = [
        (iri("1"), decimal("0.9"), ox.Literal("b")),
        (iri("1"), decimal("0.90"), ox.Literal("a")),
        (iri("2"), decimal("1"), None),
        (None, decimal("0.1"), ox.Literal("c")),
        (iri("1"), None, ox.Literal("d")),
        (iri("3"), decimal("0.2"), ox.Literal("e")),
    ]
    labels = {iri("1").value: "Zypern", iri("2").value: "albanien", iri("3").value: "Zypern"}
    expected = [
        (iri("2").value, Decimal(1), None),
        (iri("1").value, Decimal("0.9"), "a"),
        (iri("1").value, Decimal("0.9"), "b"),
        (iri("3").value, Decimal("0.2"), "e"),
        (iri("1").value, None, "d"),
        (None, Decimal("0.1"), "c"),
    ]
    for seed in range(10):
        random.Random(seed).shuffle(rows)
        assert ordered(["who", "-sure"], rows, labels) == expected


def test_without_an_order_rows_stay_as_they_came() -> None:
    rows: list[tuple[object | None, ...]] = [(iri(name), None, ox.Literal(name)) for name in "cab"]
    assert [row[2] for row in ordered([], rows, {})] == ["c", "a", "b"]
    assert [row[2] for row in ordered(["nothing"], rows, {})] == ["c", "a", "b"]


def test_only_resources_that_are_shown_by_name_are_named() -> None:
    answer = Answer((Column("who", "entity"), Column("claim", "iri")))
    answer.take(["who", "claim", "more"], [])
    assert not answer.named
    answer.take(["who", "claim", "more"], [(iri("a"), iri("b"), iri("c")), (ox.Literal("d"), iri("e"), None)])
    assert answer.named == {iri("a").value, iri("c").value}
    assert [column.name for column in answer.columns] == ["who", "claim", "more"]
    assert list(answer.rows([], {}))[1] == ("d", iri("e").value, None)


def test_an_answer_without_rows_has_its_columns() -> None:
    answer = Answer((Column("who", "entity"),))
    answer.take(["who"], [])
    assert [column.name for column in answer.columns] == ["who"]
    assert list(answer.rows(["who"], {})) == []
