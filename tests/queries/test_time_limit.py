"""A question whose time is up stops: with its next row, and on the command line with the process."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from schachzug.errors import QuestionError
from schachzug.graph_sources import StoreSource, open_graph

EVERYTHING = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    opened = ox.Store(str(tmp_path / "store"))
    name = ox.NamedNode("http://example.org/p")
    opened.bulk_extend(ox.Quad(ox.NamedNode(f"http://example.org/{n}"), name, ox.Literal(n)) for n in range(1_000))
    opened.flush()
    del opened
    return tmp_path / "store"


def test_the_work_stops_with_the_next_row(store: Path) -> None:
    source = open_graph(store)
    with pytest.raises(QuestionError, match=r"not answered within 0\.2 s"):
        source.select(f"SELECT * WHERE {EVERYTHING}", 0.2)
    deadline = time.monotonic() + 30
    while any(thread.name == "question" for thread in threading.enumerate()):
        assert time.monotonic() < deadline, "the question goes on"
        time.sleep(0.05)


def test_on_the_command_line_the_process_ends(store: Path, tmp_path: Path) -> None:
    """No row ever comes of this one, so the thread cannot stop by itself."""
    query = tmp_path / "all.rq"
    query.write_text(f"SELECT (COUNT(*) AS ?n) WHERE {EVERYTHING}", encoding="utf-8")
    schachzug = Path(sys.executable).with_name("schachzug")
    command = [str(schachzug), "ask", str(query), "--on", str(store), "--seconds", "0.5"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert run.returncode == 2
    assert "not answered within 0.5 s" in " ".join(run.stderr.split())


def test_a_store_can_be_asked_while_another_process_asks_it(store: Path) -> None:
    code = f"import pyoxigraph as ox; print(len(list(ox.Store.read_only({str(store)!r}))))"
    source = open_graph(store)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert run.stdout.strip() == "1000", run.stderr
    assert len(source.select("SELECT ?s WHERE { ?s ?p ?o }", 30)[1]) == 1_000


def test_names_are_kept_only_where_nobody_writes() -> None:
    store = ox.Store()
    one = ox.NamedNode("http://example.org/1")
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    writable, fixed = StoreSource(store), StoreSource(store, fixed=True)
    assert writable.labels([one.value], 1) == fixed.labels([one.value], 1) == []
    store.add(ox.Quad(one, label, ox.Literal("Eins", language="de")))
    assert writable.labels([one.value], 1) == [(one.value, "Eins", "de")]
    assert fixed.labels([one.value], 1) == []
