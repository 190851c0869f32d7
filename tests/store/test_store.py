"""The store: what goes in, what comes out, and that each article is in whole or not at all."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from schachzug.derivation import derive
from schachzug.errors import StoreError
from schachzug.extraction import Extraction
from schachzug.gazetteer import Gazetteer
from schachzug.ledger import FILE
from schachzug.serialise import graphs_of, sorted_lines
from schachzug.store import ArticleStore, open_for_reading, recover
from tests.graph.readings import extraction, reading


def content(store: Store) -> bytes:
    return sorted_lines(store.quads_for_pattern(None, None, None, None))


def one(identifier: str, *sentences: str) -> Extraction:
    return extraction(reading(identifier, *(sentences or (f"Russland verliert Einfluss: {identifier}.",))))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


def filled(folder: Path, *extractions: Extraction) -> bytes:
    with ArticleStore(folder) as store:
        store.put(extractions)
        derive(store, Gazetteer.load())
        return content(store.graphs)


def test_an_article_is_one_named_graph(folder: Path) -> None:
    first, second = one("a"), one("b")
    with ArticleStore(folder) as store:
        store.put([first, second])
        assert {graph.value for graph in graphs_of(store.graphs)} == {first.graph, second.graph}
        assert content(store.graphs) == b"".join(sorted((first.quads + second.quads).splitlines(keepends=True)))


def test_the_same_article_again_changes_nothing(folder: Path) -> None:
    before = filled(folder, one("a"), one("b"))
    assert filled(folder, one("a")) == before


def test_a_changed_article_takes_the_place_of_the_old_one(folder: Path) -> None:
    filled(folder, one("a", "Alter Satz."), one("b"))
    after = filled(folder, one("a", "Neuer Satz."))
    assert b"Neuer Satz." in after
    assert b"Alter Satz." not in after
    assert after == filled(folder.with_name("other"), one("b"), one("a", "Neuer Satz."))


def test_an_article_read_anew_takes_the_place_of_what_was_read_before(folder: Path) -> None:
    before, after = one("a"), extraction(reading("a", "Russland verliert Einfluss: a."))
    changed = Extraction(
        after.id, after.digest, "run-2", after.title, after.quads.replace(b'"rule.id"', b'"rule.other"')
    )
    filled(folder, before)
    with ArticleStore(folder) as store:
        store.put([changed])
        assert content(store.graphs).count(b'"rule.other"') == 1
        assert b'"rule.id"' not in content(store.graphs)
        assert store.ledger.digests() == {"a": (before.digest, "run-2")}


def test_forgetting_leaves_what_would_be_there_without_it(folder: Path) -> None:
    filled(folder, one("a"), one("b"))
    with ArticleStore(folder) as store:
        assert store.forget("a")
        assert not store.forget("never")
        derive(store, Gazetteer.load())
        left = content(store.graphs)
    assert left == filled(folder.with_name("other"), one("b"))


def test_the_order_of_coming_does_not_matter(folder: Path) -> None:
    first = filled(folder, one("a"), one("b"), one("c"))
    filled(folder.with_name("other"), one("c"))
    assert filled(folder.with_name("other"), one("b"), one("a")) == first


def test_what_a_killed_build_left_is_removed(folder: Path) -> None:
    filled(folder, one("a"))
    graphs = Store(str(folder))
    stray = one("stray")
    graphs.load(stray.quads[: stray.quads.rindex(b"\n", 0, -1)], format=RdfFormat.N_QUADS)
    del graphs
    with ArticleStore(folder) as store:
        assert stray.graph not in {graph.value for graph in graphs_of(store.graphs)}


def test_what_the_ledger_has_and_the_store_lacks_comes_back(folder: Path) -> None:
    before = filled(folder, one("a"), one("b"))
    graphs = Store(str(folder))
    graphs.remove_graph(NamedNode(one("a").graph))
    del graphs
    with ArticleStore(folder) as store:
        assert not store.is_derived
        derive(store, Gazetteer.load())
        assert content(store.graphs) == before


def test_opened_twice(folder: Path) -> None:
    with ArticleStore(folder), pytest.raises(StoreError, match=r"open in another process.*Wait") as raised:
        ArticleStore(folder)
    assert str(folder) in str(raised.value)


def test_opened_twice_by_two_processes(folder: Path) -> None:
    code = f"from pathlib import Path; from schachzug.store import ArticleStore; ArticleStore(Path({str(folder)!r}))"
    with ArticleStore(folder):
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=_environment())
    assert "StoreError" in run.stderr
    assert "open in another process" in run.stderr


def test_closed_it_can_be_opened_again(folder: Path) -> None:
    for _ in range(2):
        with ArticleStore(folder) as store:
            store.put([one("a")])


@pytest.mark.parametrize("victim", ["CURRENT", "MANIFEST*", "*.sst", "*.log"])
def test_a_damaged_store_says_so_and_is_recovered_from_the_ledger(folder: Path, victim: str) -> None:
    before = filled(folder, one("a"), one("b"))
    for path in folder.glob(victim):
        path.write_bytes(b"\x00garbage" * 20)
    try:
        with ArticleStore(folder) as store:
            content(store.graphs)
    except (StoreError, OSError, RuntimeError) as error:
        assert not isinstance(error, StoreError) or "schachzug recover" in str(error)
    assert recover(folder) == 2
    with ArticleStore(folder) as store:
        derive(store, Gazetteer.load())
        assert content(store.graphs) == before


def test_a_damaged_current_file_is_reported_with_the_remedy(folder: Path) -> None:
    filled(folder, one("a"))
    (folder / "CURRENT").write_bytes(b"garbage")
    with pytest.raises(StoreError, match=f"damaged.*schachzug recover {folder}"):
        ArticleStore(folder)


@pytest.mark.parametrize("damage", ["garbage", "cut", "gone"])
def test_a_damaged_ledger_is_made_again_from_the_graphs(folder: Path, damage: str) -> None:
    before = filled(folder, *(one(f"article {n}") for n in range(40)))
    ledger = folder / FILE
    if damage == "gone":
        ledger.unlink()
    else:
        whole = ledger.read_bytes()
        ledger.write_bytes(b"no database" * 500 if damage == "garbage" else whole[: len(whole) // 2])
        with pytest.raises(StoreError, match=r"ledger of the store is damaged.*schachzug recover"):
            ArticleStore(folder)
    assert recover(folder) == 40
    with ArticleStore(folder) as store:
        derive(store, Gazetteer.load())
        assert content(store.graphs) == before


@pytest.mark.parametrize("left", [None, b""])
def test_a_lost_ledger_is_told_before_anything_is_removed(folder: Path, left: bytes | None) -> None:
    """What no ledger knows is removed when a store is opened: all of it, were an empty ledger believed."""
    before = filled(folder, one("a"), one("b"))
    (folder / FILE).unlink()
    if left is not None:
        (folder / FILE).write_bytes(left)
    with pytest.raises(StoreError, match=r"ledger of the store is gone.*schachzug recover"):
        ArticleStore(folder)
    assert recover(folder) == 2
    with ArticleStore(folder) as store:
        derive(store, Gazetteer.load())
        assert content(store.graphs) == before


def test_a_ledger_with_a_broken_entry_does_not_cost_the_graphs(folder: Path) -> None:
    """SQLite finds nothing wrong with its pages, but a packed graph cannot be unpacked."""
    before = filled(folder, one("a"), one("b"))
    with sqlite3.connect(folder / FILE) as ledger:
        ledger.execute("UPDATE articles SET quads = ? WHERE id = 'a'", (b"not packed",))
    ledger.close()
    assert recover(folder) == 2
    with ArticleStore(folder) as store:
        derive(store, Gazetteer.load())
        assert content(store.graphs) == before


def test_recovering_leaves_alone_what_is_not_the_store_s(folder: Path) -> None:
    filled(folder, one("a"))
    for name in ("pushed.jsonl", "notes.txt", "logbook"):
        (folder / name).write_text("mine")
    assert recover(folder) == 1
    assert all((folder / name).read_text() == "mine" for name in ("pushed.jsonl", "notes.txt", "logbook"))
    assert not list(folder.glob(".recover-*"))


def test_a_ledger_in_use_or_of_another_format_is_not_taken_for_a_damaged_one(folder: Path) -> None:
    filled(folder, one("a"))
    other = sqlite3.connect(folder / FILE, timeout=0)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(StoreError, match="open in another program"):
            recover(folder)
    finally:
        other.rollback()
        other.close()
    with ArticleStore(folder) as store:
        store.ledger.set_state("format", "99")
    with pytest.raises(StoreError, match="format 99"):
        recover(folder)


def test_with_nothing_left_to_read_recovering_says_so(folder: Path) -> None:
    filled(folder, one("a"))
    (folder / FILE).write_bytes(b"garbage" * 1000)
    for path in folder.glob("CURRENT"):
        path.unlink()
    with pytest.raises(StoreError, match="neither"):
        recover(folder)


def test_a_reading_that_was_replaced_when_the_power_went_is_the_ledger_s(folder: Path) -> None:
    before = filled(folder, one("a"), one("b"))
    replaced = one("a")
    with ArticleStore(folder) as store:
        # As it is between the two halves of `put`: the graph is the new one, the ledger still has the old one.
        store.ledger.set_state("replacing", replaced.digest)
        store._replace(replace(replaced, quads=replaced.quads.replace(b'"rule.id"', b'"rule.new"')))
        assert b'"rule.new"' in content(store.graphs)
    with ArticleStore(folder) as store:
        assert b'"rule.new"' not in content(store.graphs)
        assert not store.is_derived
        derive(store, Gazetteer.load())
        assert content(store.graphs) == before
        assert store.ledger.state("replacing") == ""


def test_a_folder_without_a_store_is_not_recovered(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        recover(tmp_path)


def test_recovering_an_open_store_is_refused(folder: Path) -> None:
    with ArticleStore(folder), pytest.raises(StoreError, match="open in another process"):
        recover(folder)


def test_a_store_is_opened_for_reading(folder: Path) -> None:
    before = filled(folder, one("a"))
    assert content(open_for_reading(folder)) == before
    with pytest.raises(StoreError, match="there is no store"):
        open_for_reading(folder / "elsewhere")


def test_a_store_cannot_lie_where_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be opened"):
        ArticleStore(tmp_path / "file")


def test_a_store_of_another_format_is_refused(folder: Path) -> None:
    filled(folder, one("a"))
    with ArticleStore(folder) as store:
        store.ledger.set_state("format", "99")
    with pytest.raises(StoreError, match="format 99, not 1"):
        ArticleStore(folder)


def test_ids_and_names_cannot_leave_their_place(folder: Path) -> None:
    """Ids are never paths, and never part of a query."""
    evil = [one("../../etc/passwd"), one("'; DROP TABLE articles; --"), one("<x> } DROP ALL ; #"), one("\n\x01")]
    filled(folder, *evil)
    with ArticleStore(folder) as store:
        assert set(store.ledger.digests()) == {e.id for e in evil}
        assert store.forget("'; DROP TABLE articles; --")
        assert len(store.ledger) == 3
    assert sorted(p.name for p in folder.parent.iterdir()) == ["store"]


def _environment() -> dict[str, str]:
    pipeline = Path(__file__).resolve().parents[2] / "pipeline"
    return {**os.environ, "PYTHONPATH": str(pipeline)}
