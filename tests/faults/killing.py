"""Killing builds at random moments: the store must open, hold only whole articles, and end as if nothing had happened.

    python -m tests.faults.killing --kills 200 --data ARTICLES.jsonl

The model is loaded once; each build runs in a forked child, which is killed (SIGKILL) after a random time. The parent
never opens a store itself: RocksDB's threads would be missing in the children.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import tempfile
import time
import traceback
from collections.abc import Callable
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
                raise SystemExit(f"{graph} is not whole")
            for quad in quads[:: max(1, len(quads) // 20)]:
                patterns = (
                    (quad.subject, None, None, None),
                    (None, quad.predicate, quad.object, None),
                    (None, None, quad.object, quad.graph_name),
                    (quad.subject, None, quad.object, None),
                )
                if not all(quad in set(store.graphs.quads_for_pattern(*pattern)) for pattern in patterns):
                    raise SystemExit(f"an index lacks {quad}")


def write_everything(folder: Path, path: Path) -> None:
    """Write all quads of a store into a file."""
    with ArticleStore(folder) as store:
        path.write_bytes(everything(store.graphs))


def kill_builds(builds: list[Build], kills: int, seed: int, folder: Path) -> tuple[int, int]:
    """Kill builds so many times, letting each go on where it stopped until it ends.

    Args:
        builds: what to run, given the store's folder; all must end in the same store.
        kills: how often to kill.
        seed: of the random moments.
        folder: where to work.

    Returns:
        The number of kills that hit a running build, and of builds that ended.

    Raises:
        SystemExit: a store was not whole, or a build ended in another store than an uninterrupted one.
    """
    chance = random.Random(seed)
    expected: list[bytes] = []
    durations: list[float] = []
    for build_into in builds:
        started = time.monotonic()
        _run(build_into, folder / "whole", None)
        durations.append(time.monotonic() - started)
        expected.append(_content(folder / "whole", folder / "whole.nq"))
        shutil.rmtree(folder / "whole")
    if len(set(expected)) != 1:
        raise SystemExit("the builds do not agree even when nobody kills them")
    killed = ended = 0
    while killed < kills:
        which = chance.randrange(len(builds))
        while True:
            moment = chance.uniform(0.0, 1.1) * durations[which]
            hit = _run(builds[which], folder / "store", moment if killed < kills else None)
            killed += hit
            _run(check_whole, folder / "store", None)
            if not hit:
                break
        ended += 1
        found = _content(folder / "store", folder / "store.nq")
        if found != expected[0]:
            lost = sorted(set(expected[0].splitlines()) - set(found.splitlines()))
            more = sorted(set(found.splitlines()) - set(expected[0].splitlines()))
            what = f"{len(lost)} lines lost, {len(more)} too many, such as {(lost + more)[:3]}"
            raise SystemExit(f"the resumed build does not equal an uninterrupted one: {what}")
        shutil.rmtree(folder / "store")
    return killed, ended


def _content(folder: Path, path: Path) -> bytes:
    _run(lambda store: write_everything(store, path), folder, None)
    return path.read_bytes()


def _run(build_into: Build, folder: Path, seconds: float | None) -> bool:
    """Run a build (or a check) in a child; whether it was killed before its end."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            build_into(folder)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    deadline = None if seconds is None else time.monotonic() + seconds
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            if status:
                raise SystemExit(f"a build failed by itself (status {status})")
            return False
        if deadline is not None and time.monotonic() >= deadline:
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            if os.WIFSIGNALED(status):
                return True
            if status:
                raise SystemExit(f"a build failed by itself (status {status})")
            return False
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


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--articles", type=int, default=24)
    parser.add_argument("--data", default="seeds/articles")
    given = parser.parse_args()
    found = (a for a in read_articles([given.data]) if not isinstance(a, InputError))
    articles = [a for _, a in zip(range(given.articles), found, strict=False)]
    extractor = make_extractor(Options())
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        killed, ended = kill_builds(builds_of(articles, extractor), given.kills, given.seed, Path(folder))
    seconds = time.monotonic() - started
    print(
        f"{killed} kills of builds of {len(articles)} articles: every store opened, every article whole or absent, "
        f"{ended} resumed builds equal to an uninterrupted one ({seconds:.0f} s)"
    )


if __name__ == "__main__":
    main()
