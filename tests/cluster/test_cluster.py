"""Reading on a real cluster gives what reading here gives, whatever happens to its workers."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from schachzug import cluster as cluster_module
from schachzug.errors import ClusterError, ResourceError, SchachzugError
from schachzug.line import Options, build, load_reader
from schachzug.report import Report
from schachzug.serialise import graphs_of, sorted_lines
from schachzug.store import ArticleStore
from schachzug.types import Article
from tests.cli.conftest import run_command
from tests.cluster.processes import DASK_HINT, ROOT, Cluster, Process

SENTENCES = (
    "Russland verliert seinen Einfluss auf Kasachstan.",
    "Die EU verhängte 2021 Sanktionen gegen Belarus.",
    "Präsident Tokajew sagte, die OVKS werde Truppen nach Kasachstan schicken.",
)
CHUNK = 4
ARTICLES = [
    Article(f"article-{number:02}", f"Meldung {number}. {' '.join(SENTENCES[number % 3 :])}", creator="Erika Beispiel")
    for number in range(44)
]


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """The store that a build on this machine makes, and its report."""
    folder = tmp_path_factory.mktemp("local") / "store"
    return folder, build(ARTICLES, store=folder)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "CHUNK", CHUNK)


def named_graphs(folder: Path) -> dict[str, bytes]:
    """Every named graph of a store, as sorted N-Quads."""
    with ArticleStore(folder) as store:
        return {
            graph.value: sorted_lines(store.graphs.quads_for_pattern(None, None, None, graph))
            for graph in graphs_of(store.graphs)
        }


def ledger(folder: Path) -> dict[str, tuple[str, str]]:
    with ArticleStore(folder) as store:
        return store.ledger.digests()


def on(cluster: Cluster) -> Options:
    return Options(scheduler=cluster.address, batch=8)


# --- what comes back ------------------------------------------------------------------------------


def test_a_cluster_builds_what_this_machine_builds(
    cluster: Cluster, local: tuple[Path, Report], tmp_path: Path
) -> None:
    cluster.pair()
    given, done, most = 0, 0, 0

    def counted() -> Iterator[Article]:
        nonlocal given
        for article in ARTICLES:
            given += 1
            yield article

    def ready(_identifier: str) -> None:
        nonlocal done, most
        most = max(most, given - done)
        done += 1

    report = build(counted(), store=tmp_path / "store", options=on(cluster), progress=ready)
    assert named_graphs(tmp_path / "store") == named_graphs(local[0])
    assert ledger(tmp_path / "store") == ledger(local[0])
    assert report.as_data() == local[1].as_data()
    # Two workers of one thread: what is under way is bounded, so that memory does not grow with the input.
    assert done == len(ARTICLES)
    assert most <= (2 * cluster_module.AHEAD + 1) * CHUNK < len(ARTICLES)
    again = build(ARTICLES, store=tmp_path / "store", options=on(cluster))
    assert (again.unchanged, len(again.articles)) == (len(ARTICLES), 0)


def test_a_worker_killed_in_mid_run_costs_nothing(cluster: Cluster, local: tuple[Path, Report], tmp_path: Path) -> None:
    from distributed import Client

    victim, survivor = cluster.pair()
    held: list[int] = []

    def kill_when_it_holds_something(_identifier: str) -> None:
        if held:
            return
        # Stopped first, so that what it holds cannot be finished between the look and the kill.
        victim.signal(signal.SIGSTOP)
        with Client(cluster.address, set_as_default=False) as client:
            held.append(_tasks_of(client, victim))
        victim.kill()

    report = build(ARTICLES, store=tmp_path / "store", options=on(cluster), progress=kill_when_it_holds_something)
    assert held[0] > 0, "it was killed while it had nothing to do"
    assert survivor.runs and not victim.runs
    assert [article.id for article in report.articles] == [article.id for article in ARTICLES]
    assert not report.errors
    assert ledger(tmp_path / "store") == ledger(local[0])
    assert named_graphs(tmp_path / "store") == named_graphs(local[0])


def _tasks_of(client: object, worker: Process) -> int:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if tasks := client.processing()[worker.address]:  # type: ignore[attr-defined]
            return len(tasks)
        time.sleep(0.05)
    return 0


def test_what_a_worker_fails_to_read_others_read(cluster: Cluster, local: tuple[Path, Report], tmp_path: Path) -> None:
    cluster.pair()
    with cluster.third(fault="full disk") as faulty:
        report = build(ARTICLES, store=tmp_path / "store", options=on(cluster))
        assert "the fault struck" in faulty.said
    assert not report.errors
    assert named_graphs(tmp_path / "store") == named_graphs(local[0])


def test_an_article_that_kills_workers_is_told_and_the_others_are_read(fragile: Cluster, tmp_path: Path) -> None:
    workers = fragile.add(3, fault="deadly article")
    articles = [*ARTICLES[:5], Article("deadly", "Ein Text."), *ARTICLES[5:8]]
    report = build(articles, store=tmp_path / "store", options=on(fragile))
    assert [article.id for article in report.articles] == [article.id for article in ARTICLES[:8]]
    assert ["'deadly' killed each worker" in str(error) for error in report.errors] == [True]
    assert report.exit_code == 3
    assert sum(worker.runs for worker in workers) == 1


def test_the_command_line_reads_on_a_cluster(cluster: Cluster, tmp_path: Path) -> None:
    cluster.pair()
    path = tmp_path / "article.txt"
    path.write_text(" ".join(SENTENCES), encoding="utf-8")
    outputs = []
    for where, more in (("here", ()), ("there", ("--scheduler", cluster.address.removeprefix("tcp://")))):
        result = run_command("build", path, "--out", tmp_path / where, *more)
        assert result.code == 0, result.err
        outputs.append((tmp_path / where / "graph.nq").read_bytes())
    assert outputs[0] == outputs[1] != b""


# --- what is told ---------------------------------------------------------------------------------


def refused(store: Path, address: str) -> str:
    """What a build says that cannot be done."""
    with pytest.raises(SchachzugError) as raised:
        build(ARTICLES[:8], store=store, options=Options(scheduler=address))
    assert isinstance(raised.value, ClusterError | ResourceError)
    assert not ledger(store)
    return str(raised.value)


def test_workers_that_would_read_otherwise_are_refused(cluster: Cluster, tmp_path: Path) -> None:
    cluster.pair()
    with cluster.third(path=another_version(tmp_path / "other")) as other:
        told = refused(tmp_path / "store", cluster.address)
    assert told.startswith(f"{other.address}: the worker would read otherwise")
    for name in ("package is schachzug 0.0.0", "model is de_news 9.9.9", "lexicon is "):
        assert f"its {name}" in told
    assert "its spaCy" not in told
    assert "Install the same versions" in told


def another_version(folder: Path) -> Path:
    """A copy of package, model and lexicon that differ from those here; where it can be imported from."""
    shutil.copytree(ROOT / "pipeline" / "schachzug", folder / "pipeline" / "schachzug")
    shutil.copytree(ROOT / "ontology", folder / "ontology")
    for name in ("seeds", "queries"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "pipeline" / "schachzug" / "_version.py").write_text('__version__ = "0.0.0"\n')
    [meta] = (folder / "pipeline" / "schachzug" / "models").glob("*/meta.json")
    meta.write_text('{"lang": "de", "name": "news", "version": "9.9.9"}')
    with next((folder / "ontology" / "lexicon").rglob("*.yaml")).open("a") as lexicon:
        lexicon.write("# another\n")
    return folder / "pipeline"


def test_workers_without_the_package_are_refused(cluster: Cluster, tmp_path: Path) -> None:
    cluster.pair()
    (tmp_path / "path" / "schachzug").mkdir(parents=True)
    (tmp_path / "path" / "schachzug" / "__init__.py").write_text("")
    with cluster.third(path=tmp_path / "path") as bare:
        told = refused(tmp_path / "store", cluster.address)
    assert told.startswith(f"{bare.address}: the worker cannot load schachzug: ModuleNotFoundError")


def test_no_workers_a_failing_one_and_a_scheduler_that_goes(
    fragile: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "PATIENCE", 1.0)
    told = refused(tmp_path / "store", fragile.address)
    assert f"the scheduler has no workers. Start some (dask worker {fragile.address})" in told

    [faulty] = fragile.add(fault="full disk")
    told = refused(tmp_path / "store", fragile.address)
    assert told.startswith(faulty.address)
    assert "not be read in 3 attempts; the worker said: OSError: [Errno 28] No space left on device" in told
    faulty.stop()

    fragile.add()
    with pytest.raises(ClusterError, match=r"the scheduler is gone.*what is in the store is kept"):
        build(
            ARTICLES,
            store=tmp_path / "store",
            options=on(fragile),
            progress=lambda identifier: fragile.scheduler.kill() if identifier == "article-09" else None,
        )
    assert ledger(tmp_path / "store").keys() >= {article.id for article in ARTICLES[:8]}


def test_no_scheduler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason=DASK_HINT)
    monkeypatch.setattr(cluster_module, "_CONNECTING", 1.0)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{nobody.getsockname()[1]}"
        told = refused(tmp_path / "store", address)
    assert told.startswith(f"{address}: no scheduler answers")
    assert "dask scheduler" in told


@pytest.mark.parametrize("address", ["here", "tcp://127.0.0.1:door", "gopher://127.0.0.1:8786"])
def test_no_address(address: str, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason=DASK_HINT)
    assert "this is no address of a scheduler" in refused(tmp_path / "store", address)


def test_without_dask_it_is_told_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert "pip install 'schachzug[cluster]'" in refused(tmp_path / "store", "tcp://127.0.0.1:1")


def test_dask_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, schachzug.line, schachzug.cli; sys.exit('distributed' in sys.modules or 'dask' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT / "pipeline", check=False).returncode == 0


def test_ones_own_reader_stays_here(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="cannot be sent to a cluster"):
        build(ARTICLES[:1], store=tmp_path, reader=load_reader(), options=Options(scheduler="tcp://127.0.0.1:1"))


def test_workers_of_this_machine_and_of_a_cluster_exclude_each_other(tmp_path: Path) -> None:
    arguments = ("build", tmp_path, "--store", tmp_path / "store", "--workers", "2", "--scheduler", "127.0.0.1:1")
    assert run_command(*arguments).code == 2
