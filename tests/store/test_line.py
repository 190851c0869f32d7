"""The line from end to end, with the real model."""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import RdfFormat, Store, parse

import schachzug
from schachzug.errors import InputError, StoreError
from schachzug.line import Options, build, forget, load_reader
from schachzug.reading import Reader
from schachzug.report import Report
from schachzug.serialise import CATALOG, FORMATS, atomically
from schachzug.store import ArticleStore
from schachzug.types import Article

TEXT = (
    "Russland verliert seinen Einfluss auf Kasachstan. Die EU verhängte 2021 Sanktionen gegen Belarus. "
    "Präsident Tokajew sagte, die OVKS werde Truppen nach Kasachstan schicken."
)


def article(identifier: str, text: str = TEXT, **fields: str) -> Article:
    return Article(id=identifier, text=text, **({"creator": "Erika Beispiel"} | fields))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


@pytest.fixture(scope="module")
def built(reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    out = tmp_path_factory.mktemp("built") / "out"
    report = build([article("one"), article("two", "Die USA drohen dem Iran.")], out=out, reader=reader)
    return out, report


def test_a_build_writes_every_format_and_a_report(built: tuple[Path, Report]) -> None:
    out, report = built
    names = {path.name for path in out.iterdir()}
    beside = {"rejected.trig", "report.json", "store", "schachzug.owl", CATALOG}
    assert names == {*(f"graph.{ending}" for ending in FORMATS), *beside}
    assert {path.name for path in report.files} == names - {"store"}
    assert all(path.parent == out for path in report.files)
    data = json.loads((out / "report.json").read_text())
    assert [a["id"] for a in data["articles"]] == ["one", "two"]
    assert data["total"]["sentences"] == 4
    assert data["total"]["claims"] >= 2
    assert data["direct"] >= 1
    assert any("not checked" in line for line in report.lines())


def test_all_formats_say_the_same(built: tuple[Path, Report]) -> None:
    out, _ = built
    quads = list(parse(path=str(out / "graph.nq"), format=RdfFormat.N_QUADS))
    plain = {(q.subject, q.predicate, q.object) for q in quads if "_:" not in f"{q.subject}"}
    for ending, form in (("trig", RdfFormat.TRIG), ("ttl", RdfFormat.TURTLE), ("owl", RdfFormat.RDF_XML)):
        found = {(q.subject, q.predicate, q.object) for q in parse(path=str(out / f"graph.{ending}"), format=form)}
        assert plain <= found, ending
    turtle = rdflib.Graph().parse(out / "graph.ttl")
    assert (None, rdflib.OWL.imports, rdflib.URIRef("https://w3id.org/schachzug/ontology")) in turtle


def test_nquads_are_sorted_within_each_graph(built: tuple[Path, Report]) -> None:
    lines = (built[0] / "graph.nq").read_text().splitlines()
    keys = [(line.split()[-2], line) for line in lines]
    assert keys == sorted(keys)


def test_the_same_articles_give_the_same_bytes(built: tuple[Path, Report], reader: Reader, tmp_path: Path) -> None:
    build([article("two", "Die USA drohen dem Iran."), article("one")], out=tmp_path / "out", reader=reader)
    assert (tmp_path / "out" / "graph.nq").read_bytes() == (built[0] / "graph.nq").read_bytes()


def test_two_processes_give_the_same_bytes(built: tuple[Path, Report], tmp_path: Path) -> None:
    articles = [article("one"), article("two", "Die USA drohen dem Iran.")]
    build(articles, out=tmp_path / "out", options=Options(workers=2))
    assert (tmp_path / "out" / "graph.nq").read_bytes() == (built[0] / "graph.nq").read_bytes()


def test_building_again_replaces_what_was_there(reader: Reader, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build([article("one")], out=out, reader=reader, options=Options(formats=("nq",)))
    build([article("two")], out=out, reader=reader, options=Options(formats=("nq",)))
    with ArticleStore(out / "store") as store:
        assert set(store.ledger.digests()) == {"two"}
    assert sorted(path.name for path in out.iterdir()) == ["graph.nq", "rejected.trig", "report.json", "store"]


def test_what_a_killed_build_left_in_the_folder_is_removed_and_what_a_running_one_needs_is_not(
    reader: Reader, tmp_path: Path
) -> None:
    ArticleStore(tmp_path / ".build-killed" / "store").close()
    damaged = tmp_path / ".build-damaged" / "store"
    ArticleStore(damaged).close()
    (damaged / "CURRENT").write_text("nonsense", encoding="utf-8")
    with ArticleStore(tmp_path / ".build-running" / "store"):
        build([article("one")], out=tmp_path, reader=reader, options=Options(formats=("nq",)))
        assert [path.name for path in tmp_path.glob(".build-*")] == [".build-running"]


def test_a_kept_store_reads_only_what_is_new_or_changed(reader: Reader, tmp_path: Path) -> None:
    store = tmp_path / "store"
    first = build([article("one"), article("two")], store=store, reader=reader)
    assert len(first.articles) == 2
    again = build([article("one"), article("two")], store=store, reader=reader)
    assert (len(again.articles), again.unchanged) == (0, 2)
    changed = build([article("one", "Die USA drohen dem Iran."), article("two")], store=store, reader=reader)
    assert ([a.id for a in changed.articles], changed.unchanged) == (["one"], 1)


def test_rereading_is_done_on_demand_and_only_where_something_changed(reader: Reader, tmp_path: Path) -> None:
    store = tmp_path / "store"
    build([article("one")], store=store, reader=reader)
    same = build([article("one")], store=store, reader=reader, options=Options(reread=True))
    assert same.unchanged == 1
    version = reader.nlp.meta["version"]
    reader.nlp.meta["version"] = "another"
    try:
        assert build([article("one")], store=store, reader=reader).unchanged == 1
        other = build([article("one")], store=store, reader=reader, options=Options(reread=True))
    finally:
        reader.nlp.meta["version"] = version
    assert len(other.articles) == 1
    with ArticleStore(store) as opened:
        graphs = [str(graph) for graph in opened.graphs.named_graphs() if "graph-" in str(graph)]
        assert len([g for g in graphs if not g.endswith(("entities>", "direct>", "links>"))]) == 1


def test_forgetting_an_article(reader: Reader, tmp_path: Path) -> None:
    store = tmp_path / "store"
    build([article("one"), article("two", "Die USA drohen dem Iran.")], store=store, reader=reader)
    assert forget(store, ["two", "three"]) == ["three"]
    with ArticleStore(store) as opened:
        assert set(opened.ledger.digests()) == {"one"}
        assert b"Iran" not in (opened.graphs.dump(format=RdfFormat.N_QUADS) or b"")


def test_what_cannot_be_read_is_reported_and_the_rest_is_read(reader: Reader, tmp_path: Path) -> None:
    def inputs() -> Iterator[Article | InputError]:
        yield InputError("the file is empty", where="a.txt")
        yield article("good")
        yield article("half", "\ud800 halb")
        yield article("good")
        yield article("long", "a " * 600_000)

    report = build(inputs(), store=tmp_path / "store", reader=reader)
    assert [a.id for a in report.articles] == ["good"]
    assert len(report.errors) == 4
    assert report.exit_code == 3
    told = " ".join(map(str, report.errors))
    assert "surrogate" in told
    assert "given twice" in told
    assert "article 'long': the article is longer than 150,000 characters" in told


def test_an_empty_build_is_an_empty_graph(reader: Reader, tmp_path: Path) -> None:
    report = build([], out=tmp_path, reader=reader)
    assert not report.articles
    assert (tmp_path / "graph.nq").read_bytes() == b""
    assert len(rdflib.Graph().parse(tmp_path / "graph.ttl")) == 2


def test_what_violates_a_shape_is_kept_apart_with_the_reason(reader: Reader, tmp_path: Path) -> None:
    """A person who is a member of a person: no article says so, but an extractor may err."""
    from schachzug.extraction import Extractor
    from schachzug.iris import SZR
    from schachzug.types import Entity, Reading
    from schachzug.validation import Validator
    from tests.graph.readings import KAZAKHSTAN, claim, spans_of

    made = article("wrong", "Putin ist Mitglied in Tokajew.")
    sentences = spans_of(made)
    person = Entity(f"{SZR}Vladimir_Putin", "Person", (("Vladimir Putin", "en"), ("Wladimir Putin", "de")))
    wrong = claim(sentences[0], "Membership", actor=(KAZAKHSTAN,), target=(person,))
    right = claim(sentences[0])
    extractor = Extractor(reader, Validator())
    result = extractor.extraction_of(Reading(made, sentences, claims=(wrong, right)))
    assert (result.figures.claims, result.figures.rejected) == (1, 1)
    assert b"#rejectedBecause" in result.rejected
    assert b"#Membership>" in result.rejected
    assert b"#Membership>" not in result.quads
    assert b"#InfluenceLoss>" in result.quads


def test_nowhere_to_write(reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nowhere to write"):
        build([article("one")], reader=reader)
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be written"):
        build([article("one")], out=tmp_path / "file" / "out", reader=reader)


def test_a_folder_of_somebody_elses_is_not_overwritten(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "thesis.txt").write_text("years of work")
    with pytest.raises(StoreError, match="would be overwritten"):
        build([article("one")], out=tmp_path, reader=reader)
    assert (tmp_path / "store" / "thesis.txt").read_text() == "years of work"


def test_what_follows_from_several_articles_is_counted(reader: Reader, tmp_path: Path) -> None:
    report = build([article("one"), article("two")], store=tmp_path / "store", reader=reader)
    assert report.same >= 1
    data = report.as_data()
    assert data["sameSituations"] == report.same
    assert any("same situation" in line for line in report.lines())


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_bytes(b"old")
    with pytest.raises(StoreError, match="cannot be written"), atomically(path) as stream:
        stream.write(b"new")
        raise OSError(28, "No space left on device")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["graph.nq"]


def test_a_full_disk_stops_the_build_and_leaves_the_store_whole(reader: Reader, tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: writing beyond it fails."""
    store = tmp_path / "store"
    build([article("one")], store=store, reader=reader)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    many = [article(f"more {n}", f"{TEXT} Nummer {n}.") for n in range(12)]
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, hard))
        with pytest.raises(StoreError, match=r"cannot be (written|used)|damaged") as raised:
            build(many, store=store, reader=reader)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert str(store) in str(raised.value)
    report = build([article("one"), *many], store=store, reader=reader)
    assert report.unchanged >= 1
    with ArticleStore(store) as opened:
        assert len(opened.ledger) == 13


def test_the_library_reads_builds_and_asks(tmp_path: Path) -> None:
    claims = schachzug.read("Russland verliert seinen Einfluss auf Kasachstan.")
    assert [claim.situation.type for claim in claims] == ["InfluenceLoss"]
    report = schachzug.build([article("one")], out=tmp_path / "out")
    for graph in (report, tmp_path / "out", Store.read_only(str(tmp_path / "out" / "store"))):
        table = schachzug.ask("losing-influence", graph)
        assert any("Russia" in str(row) for row in table.rows)


def test_the_public_surface_is_small_sorted_and_there() -> None:
    assert schachzug.__all__ == sorted(schachzug.__all__)
    for name in schachzug.__all__:
        assert getattr(schachzug, name) is not None
    with pytest.raises(AttributeError):
        schachzug.nothing  # noqa: B018


def test_a_spacy_pipeline_reads_claims() -> None:
    nlp = schachzug.load_model()
    nlp.add_pipe("schachzug_claims")
    doc = nlp("Die EU verhängte Sanktionen gegen Belarus.")
    assert [claim.situation.type for claim in doc._.schachzug_claims] == ["Sanction"]
    assert doc._.schachzug_mentions
    other = nlp.make_doc("Etwas anderes.")
    other._.schachzug_article = article("one")
    with pytest.raises(InputError, match="not the content"):
        nlp(other)
