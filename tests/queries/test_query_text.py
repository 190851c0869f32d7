"""What a user gives cannot change a query, and what a text holds cannot break a table (property tests)."""

from __future__ import annotations

import csv
import io
import json
import string

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schachzug.errors import QuestionError
from schachzug.query_text import bind, check_query
from schachzug.question_files import Column
from schachzug.questions import ask
from schachzug.tables import Table
from tests.queries.corpus import Corpus

# Text as hostile as it can be stored in RDF: no surrogates, which no encoding takes.
HOSTILE = st.one_of(
    st.text(),
    st.text(alphabet=string.printable),
    st.text(alphabet="\"'{}<>?$#\\\n\r\t.;,()^@|&*` abc\u202e\u0000\ufeff\u2028\U0010ffff"),
    st.sampled_from(
        [
            '"} UNION { ?s ?p ?o } #',
            "x> } ; DROP ALL ; SELECT * { <x",
            "'''\"\"\"",
            "VALUES ?b { 1 }",
            "\\u007D",
            "?a",
            "%s {0}",
        ]
    ),
)
# A first query warms caches, and the machine may be busy: no example has a deadline of its own.
_SETTINGS = settings(deadline=None, max_examples=150)
QUERY = 'SELECT ?a ?b WHERE { VALUES ?a { UNDEF } VALUES ?b { UNDEF } BIND ("VALUES ?a { 1 }" AS ?text) }'


@_SETTINGS
@given(first=HOSTILE, second=HOSTILE, language=st.sampled_from([None, "de", "en"]))
@example(first="VALUES ?b { 1 }", second='"', language=None)
def test_a_bound_text_comes_back_as_it_was(first: str, second: str, language: str | None) -> None:
    terms = ox.Literal(first, language=language), ox.Literal(second)
    query = "SELECT ?a ?b WHERE { VALUES ?a { UNDEF } VALUES ?b { UNDEF } }"
    text = bind(query, {"a": [terms[0]], "b": [terms[1]]})
    check_query(text, "bound")
    rows = list(ox.Store().query(text))  # type: ignore[arg-type]
    assert [(row["a"], row["b"]) for row in rows] == [terms]


@_SETTINGS
@given(text=HOSTILE)
def test_a_hostile_parameter_is_refused_or_finds_nothing(text: str) -> None:
    store = _small_store()
    before = {str(quad) for quad in store}
    for name, parameter in (("losing-influence", "actor"), ("quotations-by-speaker", "speaker"), ("timeline", "from")):
        try:
            answer = ask(name, store, {parameter: text})
        except QuestionError:
            continue
        assert not answer.rows or text.strip().lower() in ("eu", "szr:european_union")
    assert {str(quad) for quad in store} == before


@_SETTINGS
@given(labels=st.lists(HOSTILE.filter(str.strip), min_size=1, max_size=4, unique=True))
def test_an_entity_of_any_name_is_found_by_it(labels: list[str]) -> None:
    store = _small_store()
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    for number, text in enumerate(labels):
        store.add(ox.Quad(ox.NamedNode(f"https://w3id.org/schachzug/resource/local-{number}"), label, ox.Literal(text)))
    for text in labels:
        if text.strip() != text or text.startswith(("sz:", "szr:", "<", "http:", "https:", "urn:")):
            continue
        assert ask("losing-influence", store, {"actor": text}).rows == ()


def _small_store() -> ox.Store:
    return _CORPUS.store()


_CORPUS = Corpus()


@_SETTINGS
@given(rows=st.lists(st.tuples(HOSTILE, HOSTILE, st.none() | st.integers()), max_size=5), label=HOSTILE)
def test_tables_of_any_text_can_be_read_back(rows: list[tuple[str, str, int | None]], label: str) -> None:
    columns = (Column("actor", "entity"), Column("sentence", "text"), Column("number", "integer"))
    labels = {row[0]: label for row in rows}
    table = Table("q", "title", columns, tuple(rows), labels)
    parsed = json.loads(table.to_json())
    assert [(r["actor"], r["actorLabel"], r["sentence"], r["number"]) for r in parsed["rows"]] == [
        (actor, label, sentence, number) for actor, sentence, number in rows
    ]
    read = list(csv.reader(io.StringIO(table.to_csv(), newline="")))
    assert read[1:] == [[a, label, s, "" if n is None else str(n)] for a, s, n in rows]
    cells = [cell for column in table.to_rich().columns for cell in column.cells]
    assert all(c.isprintable() or c == "\n" for cell in cells for c in str(cell))


def test_a_query_without_a_place_for_a_parameter() -> None:
    with pytest.raises(QuestionError, match="no place for 'c'"):
        bind(QUERY, {"c": [ox.Literal("x")]})


def test_what_is_not_bound_is_taken_out() -> None:
    assert "UNDEF" not in bind(QUERY, {"a": [ox.NamedNode("urn:x")]}, ["b"])
