"""Killing builds at random moments: the store must open, hold only whole articles, and end as if nothing had happened.

`make faults` kills 200 (see `__main__.py`). The model is loaded once; each build runs in a forked child, which is
killed (SIGKILL) after a random time. The parent never opens a store itself: RocksDB's threads would be missing in the
children.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import islice
from pathlib import Path

from pyoxigraph import Quad, Store

from schachzug.articles import read_articles
from schachzug.errors import InputError
from schachzug.extraction import Extraction, Extractor
from schachzug.iris import DERIVED_GRAPHS
from schachzug.line import Options, build, make_extractor
from schachzug.serialise import sorted_lines
from schachzug.store import ArticleStore
from schachzug.types import Article

Build = Callable[[Path], None]


def everything(store: Store) -> bytes:
    """All quads of a store, sorted."""
    return sorted_lines(store.quads_for_pattern(None, None, None, None))


def check_whole(folder: Path) -> None:
    """Open a store after a kill, and find every article whole, in every index."""
    with ArticleStore(folder) as store:
        derived = {f"<{graph}>" for graph in DERIVED_GRAPHS}
        copies = {e.graph: e.quads for e in store.ledger.extractions()}
        found: dict[str, list[Quad]] = {graph: [] for graph in copies}
        for quad in store.graphs.quads_for_pattern(None, None, None, None):
            if str(quad.graph_name) not in derived:
                found[str(quad.graph_name)[1:-1]].append(quad)
        for graph, quads in found.items():
            if sorted_lines(quads) != copies[graph]:
                raise RuntimeError(f"{graph} is not whole")
            for quad in quads[:: max(1, len(quads) // 20)]:
                patterns = (
                    (quad.subject, None, None, None),
                    (None, quad.predicate, quad.object, None),
                    (None, None, quad.object, quad.graph_name),
                    (quad.subject, None, quad.object, None),
                )
                if not all(quad in set(store.graphs.quads_for_pattern(*pattern)) for pattern in patterns):
                    raise RuntimeError(f"an index lacks {quad}")


def write_everything(folder: Path, path: Path) -> None:
    """Write all quads of a store into a file."""
    with ArticleStore(folder) as store:
        path.write_bytes(everything(store.graphs))


@dataclass
class Kills:
    """What came of killing: `at_work` kills hit a build that had the store open, `resumed` builds went on to their end.

    `faults` tells what was not as it must be.
    """

    kills: int = 0
    at_work: int = 0
    opened: int = 0
    whole: int = 0
    resumed: int = 0
    equal: int = 0
    faults: list[str] = field(default_factory=list)


def kill_builds(builds: list[Build], kills: int, seed: int, folder: Path) -> Kills:
    """Kill builds so many times, letting each go on where it stopped until it ends.

    Args:
        builds: what to run, given the store's folder; all must end in the same store.
        kills: how often to kill; only what hits a running build counts.
        seed: of the random moments.
        folder: where to work.

    Returns:
        How many stores opened, held whole articles only, and ended as that of an uninterrupted build.

    Raises:
        RuntimeError: a build fails although nobody kills it.
    """
    chance = random.Random(seed)
    expected: list[bytes] = []
    durations: list[float] = []
    for build_into in builds:
        started = time.monotonic()
        _must(build_into, folder / "whole")
        durations.append(time.monotonic() - started)
        expected.append(_content(folder / "whole", folder / "whole.nq"))
        shutil.rmtree(folder / "whole")
    if len(set(expected)) != 1:
        raise RuntimeError("the builds do not agree even when nobody kills them")
    done = Kills()
    while done.kills < kills:
        which = chance.randrange(len(builds))
        _kill_one(builds[which], durations[which], kills, chance, folder, expected[0], done)
        shutil.rmtree(folder / "store", ignore_errors=True)
    return done


def _kill_one(
    build_into: Build,
    duration: float,
    kills: int,
    chance: random.Random,
    folder: Path,
    expected: bytes,
    done: Kills,
) -> None:
    """Kill one build again and again until it ends by itself, and look at the store after each kill."""
    store = folder / "store"
    while True:
        started = time.time()
        moment = chance.uniform(0.0, 1.1) * duration
        outcome = _run(build_into, store, moment if done.kills < kills else None)
        if outcome is Outcome.FAILED:
            done.faults.append("a build that went on after a kill failed by itself")
            return
        if outcome is Outcome.KILLED:
            done.kills += 1
            done.at_work += _touched_since(store, started)
        whole = _run(check_whole, store, None) is Outcome.ENDED
        opened = whole or _run(_open, store, None) is Outcome.ENDED
        if outcome is Outcome.KILLED:
            done.opened += opened
            done.whole += whole
        if not whole:
            what = "an article was not whole" if opened else "the store did not open"
            done.faults.append(f"after kill {done.kills}: {what}")
            return
        if outcome is Outcome.ENDED:
            break
    done.resumed += 1
    found = _content(store, folder / "store.nq")
    if found == expected:
        done.equal += 1
        return
    lost = sorted(set(expected.splitlines()) - set(found.splitlines()))
    more = sorted(set(found.splitlines()) - set(expected.splitlines()))
    done.faults.append(f"after a kill {len(lost)} lines are lost, {len(more)} too many, such as {(lost + more)[:3]}")


def _open(folder: Path) -> None:
    with ArticleStore(folder):
        pass


def _touched_since(folder: Path, moment: float) -> bool:
    """Whether a build had got as far as opening its store: Oxigraph writes a file of its own when it does."""
    return any(path.stat().st_mtime >= moment - 0.01 for path in folder.glob("*"))


def _content(folder: Path, path: Path) -> bytes:
    _must(lambda store: write_everything(store, path), folder)
    return path.read_bytes()


def _must(work: Build, folder: Path) -> None:
    if _run(work, folder, None) is not Outcome.ENDED:
        raise RuntimeError("a build failed although nobody killed it")


class Outcome(Enum):
    """How a child ended: by itself, by the kill, or by a fault of its own."""

    ENDED = "ended"
    KILLED = "killed"
    FAILED = "failed"


def _run(work: Build, folder: Path, seconds: float | None) -> Outcome:
    """Run a build (or a check) in a child, and kill it after some seconds."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work(folder)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    deadline = None if seconds is None else time.monotonic() + seconds
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return Outcome.FAILED if status else Outcome.ENDED
        if deadline is not None and time.monotonic() >= deadline:
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
                return Outcome.KILLED
            return Outcome.FAILED if status else Outcome.ENDED
        time.sleep(0.002)


def builds_of(articles: list[Article], extractor: Extractor) -> list[Build]:
    """Two ways to build: the whole line, and the store alone with what was read beforehand, in small steps."""
    read = [e for e in extractor.extract_many(articles) if isinstance(e, Extraction)]

    def whole(folder: Path) -> None:
        build(
            articles,
            store=folder,
            reader=extractor.reader,
            validator=extractor.validator,
            options=Options(batch=3),
        )

    def stored(folder: Path) -> None:
        from schachzug.derivation import derive

        with ArticleStore(folder) as store:
            have = store.ledger.digests()
            for extraction in read:
                if extraction.id not in have:
                    store.put([extraction])
            if not store.is_derived:
                derive(store, extractor.reader.gazetteer)

    return [stored, whole]


def kill(kills: int, seed: int, articles: int, data: str, extractor: Extractor | None = None) -> Kills:
    """Kill builds of the first articles of some data; see `kill_builds`.

    Args:
        kills: how often to kill.
        seed: of the random moments.
        articles: how many articles each build has at most.
        data: articles as `read_articles` takes them.
        extractor: what reads, by default what ships.
    """
    given = list(islice((a for a in read_articles([data]) if not isinstance(a, InputError)), articles))
    if len(given) < articles:
        # One article alone is no work to be killed at: its lines become articles, too.
        lines = ((a, n, line) for a in given for n, line in enumerate(a.text.splitlines()) if line.strip())
        more = (replace(a, id=f"{a.id} {n}", text=line) for a, n, line in lines)
        given += islice(more, articles - len(given))
    with tempfile.TemporaryDirectory() as folder:
        return kill_builds(builds_of(given, extractor or make_extractor(Options())), kills, seed, Path(folder))
