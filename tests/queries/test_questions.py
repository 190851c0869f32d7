"""Every stored question is described, and answers what it must on a corpus made by hand."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from rich.console import Console

from schachzug.errors import QuestionError, StoreError
from schachzug.graph_sources import StoreSource
from schachzug.iris import SZ
from schachzug.query_text import check_query
from schachzug.question_files import Question, read_question
from schachzug.questions import ask, question, questions
from schachzug.resources import resource
from tests.queries.corpus import Corpus
from tests.queries.expectations import Case, cases, in_short


@pytest.mark.parametrize("case", cases(), ids=str)
def test_answers_what_is_expected(case: Case, store: ox.Store, corpus: Corpus) -> None:
    table = ask(case.question, store, case.params)
    assert in_short(table, case.columns, corpus) == case.rows


@pytest.mark.parametrize("stored", questions(), ids=lambda q: q.name)
def test_every_question_is_described_and_tested(stored: Question) -> None:
    check_query(stored.text, stored.path)
    assert set(stored.titles) == set(stored.summaries) == {"de", "en"}
    assert any(case.rows for case in cases() if case.question == stored.name), "no expected rows"
    for parameter in stored.parameters:
        assert set(parameter.descriptions) == {"de", "en"}
        free = f"VALUES ?{parameter.variable} {{ UNDEF }}" in stored.text
        assert free == (parameter.default is None), f"{parameter.name}: the file and its header differ on the default"
    names = [variable.value for variable in ox.Store().query(stored.text).variables]  # type: ignore[union-attr]
    assert [column.name for column in stored.columns] == names
    assert all(set(column.headings or {}) == {"de", "en"} for column in stored.columns)
    assert {key.removeprefix("-") for key in stored.order} <= set(names)
    assert {"sentence", "claim"} <= set(names), "an answer must show what proves it"


@pytest.mark.parametrize("stored", questions(), ids=lambda q: q.name)
def test_every_answer_shows_the_sentence_of_its_claim(stored: Question, store: ox.Store, corpus: Corpus) -> None:
    names = {iri: name for name, iri in corpus.claims.items()}
    for record in ask(stored, store).records():
        if record["claim"] is not None:
            assert record["sentence"] == corpus.sentences[names[str(record["claim"])]]


def test_a_list_of_all_kinds_of_situation_names_them_all() -> None:
    ontology = ox.Store()
    ontology.load(path=str(resource("ontology") / "schachzug.ttl"), format=ox.RdfFormat.TURTLE)
    below = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
    kinds = ontology.query(f"SELECT ?kind {{ ?kind <{below}>* <{SZ}Situation> }}")
    assert isinstance(kinds, ox.QuerySolutions)
    every = {f"sz:{solution['kind'].value.removeprefix(SZ)}" for solution in kinds}
    lists = [
        set(re.findall(r"sz:\w+", block))
        for q in questions()
        for block in re.findall(r"VALUES \?kind \{(.*?)\}", q.text, re.S)
    ]
    whole = [names for names in lists if "sz:Situation" in names]
    assert len(whole) >= 6
    assert all(names == every for names in whole)


def test_there_are_questions_enough() -> None:
    assert len(questions()) >= 18


@pytest.mark.parametrize("ending", ["ttl", "nq", "trig", "nt", "jsonld", "owl"])
def test_a_file_of_any_format_answers_the_same(ending: str, store: ox.Store, tmp_path: Path) -> None:
    formats = {
        "ttl": ox.RdfFormat.TURTLE,
        "nt": ox.RdfFormat.N_TRIPLES,
        "owl": ox.RdfFormat.RDF_XML,
        "nq": ox.RdfFormat.N_QUADS,
        "trig": ox.RdfFormat.TRIG,
        "jsonld": ox.RdfFormat.JSON_LD,
    }
    path = tmp_path / f"graph.{ending}"
    if formats[ending].supports_datasets:
        store.dump(path, format=formats[ending])
    else:
        ox.serialize({quad.triple for quad in store}, output=path, format=formats[ending])
    for name in ("contradictions", "actors", "evidence"):
        assert ask(name, path).rows == ask(name, store).rows


def test_a_folder_is_asked_by_its_store_or_its_file(store: ox.Store, tmp_path: Path) -> None:
    store.dump(tmp_path / "graph.nq", format=ox.RdfFormat.N_QUADS)
    expected = ask("threats", store).rows
    assert ask("threats", tmp_path).rows == expected
    on_disk = ox.Store(str(tmp_path / "store"))
    on_disk.extend(store)
    on_disk.flush()
    del on_disk
    (tmp_path / "graph.nq").unlink()
    assert ask("threats", tmp_path).rows == ask("threats", tmp_path / "store").rows == expected


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("none.ttl", None, "no such graph"),
        ("graph.ttl", "<a> <b", "not valid RDF"),
        ("graph.docx", "x", "no graph format"),
        ("graph.nq", b"\xff\xfe", "not valid RDF"),
    ],
)
def test_a_graph_that_cannot_be_opened(name: str, text: str | bytes | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(StoreError, match=message):
        ask("threats", path)


def test_an_empty_folder_is_no_graph(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="holds no graph"):
        ask("threats", tmp_path)


@pytest.mark.parametrize(
    ("name", "params", "message"),
    [
        ("losing-influense", {}, "Did you mean losing-influence"),
        ("xyzzy", {}, "`schachzug questions` lists them"),
        ("none.rq", {}, "no such query file"),
        ("losing-influence", {"aktor": "EU"}, "Did you mean 'actor'"),
        ("actors", {"actor": "EU"}, "It takes none"),
        ("losing-influence", {"actor": "Russlant"}, "Did you mean Russland"),
        ("losing-influence", {"actor": "https://a b"}, "no IRI"),
        ("losing-influence", {"actor": "szr:a>b"}, "no IRI"),
        ("losing-influence", {"actor": "  "}, "an empty name"),
        ("timeline", {"from": "2022-13"}, "no date"),
        ("timeline", {"from": "2022-02-30"}, "no date"),
        ("timeline", {"to": "gestern"}, "no date"),
    ],
)
def test_a_wrong_name_or_parameter_is_explained(
    name: str, params: dict[str, str], message: str, store: ox.Store
) -> None:
    with pytest.raises(QuestionError, match=message) as caught:
        ask(name, store, params)
    assert caught.value.exit_code == 2


def test_a_name_means_what_it_means_in_the_language(store: ox.Store) -> None:
    # "Georgia" is the state of the USA in German and the country in English.
    assert ask("threats", store, {"target": "Georgien"}).rows == ask("threats", store, {"target": "Georgia"}, "en").rows
    assert ask("threats", store, {"target": "Georgia"}, "de").rows == ()


def test_names_and_headings_follow_the_language(store: ox.Store) -> None:
    german, english = (ask("losing-influence", store, language=tag) for tag in ("de", "en"))
    assert {row["actorLabel"] for row in german.records()} == {"EU", "USA"}
    assert {row["actorLabel"] for row in english.records()} == {"European Union", "United States"}
    assert german.title != english.title
    # A local name has the words of its source in whatever language they are.
    assert {row["claimantLabel"] for row in english.records()} == {"Anna Autorin"}
    with pytest.raises(QuestionError, match="no language 'fr'"):
        ask("losing-influence", store, language="fr")


def test_a_table_is_the_same_as_csv_and_json(store: ox.Store) -> None:
    for name in ("intentions", "timeline", "actors"):
        table = ask(name, store)
        read = list(csv.DictReader(io.StringIO(table.to_csv(), newline="")))
        parsed = json.loads(table.to_json())
        assert parsed["columns"] == list(read[0])
        for line, row, record in zip(read, parsed["rows"], table.records(), strict=True):
            assert {k: v if isinstance(v, str) else json.dumps(v) for k, v in row.items() if v is not None} == {
                k: v for k, v in line.items() if v != ""
            }
            assert list(row) == list(record)


def test_a_table_for_the_eye_names_everybody(store: ox.Store) -> None:
    console = Console(width=200, file=io.StringIO(), color_system=None)
    console.print(ask("losing-influence", store).to_rich())
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "Wer verliert Einfluss?" in shown
    assert "Zentralasien" in shown and "Anna Autorin" in shown and "szr:claim-a-loss" in shown
    assert "https://" not in shown


def test_a_query_of_ones_own(store: ox.Store, tmp_path: Path) -> None:
    path = tmp_path / "how-many.rq"
    path.write_text(
        "SELECT (COUNT(DISTINCT ?claim) AS ?number) { ?claim a <https://w3id.org/schachzug/ontology#Claim> }"
    )
    assert ask(path, store).rows == ((24,),) == ask(str(path), store).rows


def test_a_text_that_looks_like_an_iri_is_a_text(store: ox.Store, tmp_path: Path) -> None:
    path = tmp_path / "own.rq"
    path.write_text('SELECT ?text { BIND ("http://a b<>" AS ?text) }')
    assert ask(path, store).rows == (("http://a b<>",),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("DELETE WHERE { ?s ?p ?o }", "not a query"),
        ("INSERT DATA { <a:a> <a:b> 1 }", "not a query"),
        ("SELECT * { ?s ?p ?o } ; DROP ALL", "not a query"),
        ("ASK { ?s ?p ?o }", "no SELECT"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "no SELECT"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "uses SERVICE"),
        ("SELECT * { service silent <http://127.0.0.1:9/> { ?s ?p ?o } }", "uses SERVICE"),
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", "uses FROM"),
        ('define get:soft "replace" SELECT * { ?s ?p ?o }', "not a query"),
        ("SELECT * {", "not a query"),
        ("", "not a query"),
    ],
)
def test_only_reading_is_allowed(text: str, message: str, store: ox.Store, tmp_path: Path) -> None:
    path = tmp_path / "own.rq"
    path.write_text(text)
    before = len(store)
    with pytest.raises(QuestionError, match=message):
        ask(path, store)
    assert len(store) == before


def test_a_word_in_a_text_or_a_name_is_no_service(store: ox.Store, tmp_path: Path) -> None:
    path = tmp_path / "own.rq"
    text = """SELECT ?service { # SERVICE
        BIND ("SERVICE <x>" AS ?service) BIND (<urn:SERVICE> AS ?from) BIND (\"\"\"a "SERVICE" b\"\"\" AS ?b)
        FILTER (?service != 'it\\'s SERVICE')
    }"""
    path.write_text(text)
    assert ask(path, store).rows == (("SERVICE <x>",),)


def test_a_question_ends_when_its_time_is_up(tmp_path: Path) -> None:
    store = ox.Store()
    store.extend(ox.Quad(ox.NamedNode(f"urn:{i}"), ox.NamedNode("urn:p"), ox.Literal(str(i))) for i in range(400))
    path = tmp_path / "endless.rq"
    path.write_text("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (?c > ?i && ?f > ?c) }")
    with pytest.raises(QuestionError, match=r"not answered within 0\.2 s"):
        ask(path, store, seconds=0.2)


def test_a_source_is_opened_once(store: ox.Store) -> None:
    source = StoreSource(store)
    assert ask("threats", source).rows == ask("threats", store).rows


def test_a_broken_header_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "own.rq"
    path.write_text("#+ titel: x\nSELECT * { ?s ?p ?o }")
    with pytest.raises(Exception, match=r"own\.rq:1: the header has an unknown key 'titel'"):
        read_question(path)
    path.write_text("#+ title: [\nSELECT * { ?s ?p ?o }")
    with pytest.raises(Exception, match=r"own\.rq:\d+: the #\+ lines are not valid YAML"):
        read_question(path)
    path.write_text("#+ parameters:\n#+   x: {type: number}\nSELECT * { ?s ?p ?o }")
    with pytest.raises(Exception, match="parameter 'x' has no known type"):
        read_question(path)


def test_questions_are_found_by_name() -> None:
    assert question("threats").title("en") == "Who threatens whom?"
