"""A question whose time is up stops: one that ships with its next row, one of somebody's own at once."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

import schachzug
from schachzug import query_process
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


COUNTED = f"SELECT (COUNT(*) AS ?n) WHERE {EVERYTHING}"


def busy() -> tuple[list[str], list[str]]:
    """The threads of questions and the processes that this process has still got."""
    children = Path(f"/proc/self/task/{threading.get_native_id()}/children")
    found = children.read_text().split() if children.exists() else []
    return [thread.name for thread in threading.enumerate() if thread.name == "question"], found


def test_our_own_work_stops_with_the_next_row(store: Path) -> None:
    source = open_graph(store)
    with pytest.raises(QuestionError, match=r"not answered within 0\.2 s"):
        source.select(f"SELECT * WHERE {EVERYTHING}", 0.2, ours=True)
    deadline = time.monotonic() + 30
    while busy()[0]:
        assert time.monotonic() < deadline, "the question goes on"
        time.sleep(0.05)


def hostile(select: str, tmp_path: Path) -> Path:
    path = tmp_path / "hostile.rq"
    path.write_text(f"SELECT {select} WHERE {EVERYTHING}", encoding="utf-8")
    return path


@pytest.mark.parametrize("select", ["(COUNT(*) AS ?n)", "*", "(GROUP_CONCAT(?c) AS ?all)", "DISTINCT ?a ?c ?f"])
@pytest.mark.parametrize("on_disk", [True, False])
def test_a_hostile_question_ends_in_time_and_leaves_nothing_behind(
    store: Path, tmp_path: Path, select: str, on_disk: bool
) -> None:
    """Most of these never yield a row, and nothing in a thread could interrupt them."""
    graph: Path | ox.Store = store
    if not on_disk:
        graph = ox.Store()
        graph.extend(ox.Store.read_only(str(store)))
    before = busy()
    started = time.monotonic()
    with pytest.raises(QuestionError, match=r"not answered within 1 s|the answer is longer than 100 MB"):
        schachzug.ask(hostile(select, tmp_path), graph, seconds=1.0)
    assert time.monotonic() - started < 1.0 + 2.0
    assert busy() == before
    used = time.process_time()
    time.sleep(0.3)
    assert time.process_time() - used < 0.2, "something goes on working"


def test_after_a_time_limit_our_own_questions_cannot_go_on_either(store: Path) -> None:
    source = open_graph(store)
    with pytest.raises(QuestionError):
        source.select(f"SELECT * WHERE {EVERYTHING}", 0.2, ours=True)
    with pytest.raises(QuestionError, match="not answered within 1 s"):
        source.select(COUNTED, 1.0, ours=True)
    deadline = time.monotonic() + 30
    while busy()[0]:
        assert time.monotonic() < deadline, "the question goes on"
        time.sleep(0.05)


def test_an_answer_that_nobody_can_hold_is_refused(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_process, "LONGEST_ANSWER", 100_000)
    with pytest.raises(QuestionError, match="the answer is longer than"):
        open_graph(store).select(f"SELECT * WHERE {EVERYTHING}", 30)


def test_a_process_answers_as_this_one_does(store: Path, tmp_path: Path) -> None:
    query = "SELECT ?s ?p ?o ?never WHERE { ?s ?p ?o } ORDER BY ?s LIMIT 20"
    source = open_graph(store)
    assert source.select(query, 30) == source.select(query, 30, ours=True)
    memory = ox.Store()
    memory.extend(ox.Store.read_only(str(store)))
    memory.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal('„"\n', language="de")))
    query = "SELECT ?o WHERE { <urn:a> ?p ?o }"
    assert StoreSource(memory).select(query, 30) == StoreSource(memory).select(query, 30, ours=True)
    for other in ("ASK { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"):
        with pytest.raises(QuestionError, match="no SELECT"):
            source.select(other, 30)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked for in /proc")
def test_the_system_ends_a_question_whose_asker_was_killed(store: Path) -> None:
    code = f"from schachzug.graph_sources import open_graph; open_graph({str(store)!r}).select({COUNTED!r}, 2)"
    asker = subprocess.Popen([sys.executable, "-c", code])
    children = Path(f"/proc/{asker.pid}/task/{asker.pid}/children")
    deadline = time.monotonic() + 30
    while not (found := children.read_text().split()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    asker.kill()
    asker.wait()
    while _works(found[0]):
        assert time.monotonic() < deadline, "the question goes on"
        time.sleep(0.1)


def _works(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_on_the_command_line_the_process_ends(store: Path, tmp_path: Path) -> None:
    query = tmp_path / "all.rq"
    query.write_text(COUNTED, encoding="utf-8")
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
