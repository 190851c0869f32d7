"""Measures what a hundred million articles would take, and writes it into docs/scaling.md.

    python pipeline/tools/scaling.py ARTICLES.jsonl --articles 700

Each part of the line is measured by itself, in processor time of one core: reading, what travels, the one writer of a
store, what follows from all articles together, and the round trips through a scheduler. The second table is
multiplication and says so.
"""

from __future__ import annotations

import argparse
import os
import pickle
import resource
import shutil
import tempfile
import time
import zlib
from collections import deque
from itertools import islice
from pathlib import Path

from distributed import Client, Future, LocalCluster

from schachzug.articles import read_articles
from schachzug.cluster import AHEAD, CHUNK
from schachzug.cluster_worker import pack, versions
from schachzug.derivation import derive
from schachzug.errors import InputError
from schachzug.extraction import Extraction
from schachzug.figures import write_section
from schachzug.gazetteer import Gazetteer
from schachzug.ledger import FILE
from schachzug.line import Options, make_extractor
from schachzug.store import ArticleStore
from schachzug.types import Article

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "scaling.md"
_GOAL = 100_000_000
_SHARD = 1_000_000
_DAY = 86_400.0


def measure_store(extractions: list[Extraction], folder: Path, batch: int) -> dict[str, float]:
    """Writing extractions into a new store and deriving: seconds of processor time an article, bytes an article."""
    gazetteer = Gazetteer.load()
    count = len(extractions)
    with ArticleStore(folder) as store:
        started = time.process_time()
        for begin in range(0, count, batch):
            store.put(extractions[begin : begin + batch])
        written = time.process_time() - started
        started = time.process_time()
        derive(store, gazetteer)
        derived = time.process_time() - started
        links = sum(1 for _ in store.graphs.quads_for_pattern(None, None, None, None))
    ledger = (folder / FILE).stat().st_size
    whole = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    own = sum(e.quads.count(b"\n") for e in extractions)
    started = time.process_time()
    with ArticleStore(folder):
        opened = time.process_time() - started
    return {
        "write": written / count,
        "derive": derived / count,
        "open": opened / count,
        "ledger": ledger / count,
        "graphs": (whole - ledger) / count,
        "derived quads": (links - own) / count,
    }


def _answer(packed: bytes, size: int) -> bytes:
    return bytes(size)


def measure_trips(packed: int, returned: int, chunks: int) -> float:
    """What a chunk costs client and scheduler, with a worker that does nothing and the sizes of real chunks.

    Returns:
        Seconds of processor time; both run in this process, the worker does not.
    """
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        client.submit(_answer, b"", 1, pure=False).result()
        waiting: deque[Future[bytes]] = deque()
        started = time.process_time()
        for _ in range(chunks):
            waiting.append(client.submit(_answer, os.urandom(packed), returned, pure=False))
            if len(waiting) >= AHEAD:
                waiting.popleft().result()
        while waiting:
            waiting.popleft().result()
        return (time.process_time() - started) / chunks


def tables(data: Path, count: int, folder: Path) -> str:
    """Measure, multiply, and say both."""
    found = (article for article in read_articles([data]) if not isinstance(article, InputError))
    articles: list[Article] = list(islice(found, count))
    options = Options()
    extractor = make_extractor(options)
    list(extractor.extract_many(articles[:8]))
    started = time.process_time()
    extractions = [e for e in extractor.extract_many(articles) if isinstance(e, Extraction)]
    reading = (time.process_time() - started) / len(articles)
    chunk = articles[:CHUNK]
    there = len(pack(chunk, options, versions(options.model))) / len(chunk)
    back = len(zlib.compress(pickle.dumps(extractions[:CHUNK]), 1)) / len(extractions[:CHUNK])
    quads = sum(e.quads.count(b"\n") for e in extractions) / len(extractions)
    text = sum(len(e.quads) for e in extractions) / len(extractions)
    half = measure_store(extractions[: len(extractions) // 2], folder / "half", options.batch)
    whole = measure_store(extractions, folder / "whole", options.batch)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    trips = measure_trips(int(there * CHUNK), int(back * CHUNK), 300)
    disk = whole["ledger"] + whole["graphs"]
    rows = [
        ("reading (parse, link, claims, validation)", f"{1000 * reading:.1f} ms an article"),
        ("an article on its way to a worker, packed", f"{there / 1000:.1f} kB"),
        ("its extraction on its way back, packed", f"{back / 1000:.1f} kB"),
        ("its quads", f"{quads:,.0f}, {text / 1000:.1f} kB as N-Quads"),
        ("writing into a store", f"{1000 * whole['write']:.2f} ms an article"),
        (f"the same, with half the articles ({len(extractions) // 2})", f"{1000 * half['write']:.2f} ms an article"),
        ("what follows from all together", f"{1000 * whole['derive']:.2f} ms an article"),
        (f"the same, with half the articles ({len(extractions) // 2})", f"{1000 * half['derive']:.2f} ms an article"),
        ("opening the store again", f"{1000 * whole['open']:.3f} ms an article"),
        ("an article in the store's graphs, on disk", f"{whole['graphs'] / 1000:.1f} kB"),
        ("an article in the ledger, on disk", f"{whole['ledger'] / 1000:.1f} kB"),
        ("quads that follow from all together", f"{whole['derived quads']:.0f} an article"),
        (f"client and scheduler, for chunks of {CHUNK}", f"{1000 * trips / CHUNK:.2f} ms an article"),
        ("peak of memory of all this", f"{memory:.0f} MB"),
    ]
    each, goal, shard = f"{_GOAL:,} × ", _GOAL, _SHARD
    read, wire, through = f"{1000 * reading:.1f} ms", there + back, trips / CHUNK
    write, follow = whole["write"], whole["derive"]
    days = goal * reading / _DAY
    sums = [
        ("reading", f"{each}{read}", f"{days:,.0f} days of one core, {days / 100:.1f} of 100"),
        ("quads", f"{each}{quads:,.0f}", f"{goal * quads / 1e9:,.0f} thousand million"),
        ("network, both ways", f"{each}{wire / 1000:.1f} kB", f"{goal * wire / 1e12:.1f} TB"),
        ("disk", f"{each}{disk / 1000:.1f} kB", f"{goal * disk / 1e12:.1f} TB"),
        ("one writer", f"{each}{1000 * write:.2f} ms", f"{goal * write / _DAY:.1f} days"),
        ("cores that one writer keeps up with", f"{read} / {1000 * write:.2f} ms", f"{reading / write:.0f}"),
        ("cores that one scheduler keeps up with", f"{read} / {1000 * through:.2f} ms", f"{reading / through:.0f}"),
        (f"one shard of {shard:,}: disk", f"× {disk / 1000:.1f} kB", f"{shard * disk / 1e9:.0f} GB"),
        (f"one shard of {shard:,}: writing", f"× {1000 * write:.2f} ms", f"{shard * write / 3600:.1f} hours"),
        (f"one shard of {shard:,}: what follows", f"× {1000 * follow:.2f} ms", f"{shard * follow / 3600:.1f} hours"),
        ("shards", f"{goal:,} / {shard:,}", f"{goal // shard}"),
    ]
    mean = sum(len(a.content) for a in articles) // len(articles)
    return "\n".join(
        [
            f"Measured on {len(extractions)} Wikinews articles ({mean:,} characters in the mean), in processor time.",
            "",
            "| measured | |",
            "|---|---|",
            *(f"| {name} | {value} |" for name, value in rows),
            "",
            "| computed from it, if nothing but the size changes | as | is |",
            "|---|---|---|",
            *(f"| {name} | {how} | {value} |" for name, how, value in sums),
        ]
    )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="articles, as JSON lines or in a folder")
    parser.add_argument("--articles", type=int, default=700, help="how many of them")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="schachzug-scaling-"))
    try:
        text = tables(given.data, given.articles, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(text)
    write_section(_PAGE, "scaling", text)


if __name__ == "__main__":
    main()
