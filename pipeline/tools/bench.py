"""Measures speed, memory and questions on real articles, writes docs/figures.md, and fails where a figure falls short.

    make bench DATA=ARTICLES.jsonl                 # some minutes
    make bench DATA=ARTICLES.jsonl BENCH=--large   # with ten times the articles: memory, linearity; 15 minutes

Ratios are of processor time in one run, the build and the bare pipeline in turn on each batch, since other work on
the machine slows both; what concerns several processes is measured by the clock.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from spacy.language import Language

from schachzug.articles import read_articles
from schachzug.errors import InputError
from schachzug.figures import Figure, figure_table, write_section
from schachzug.line import Options, build, load_reader
from schachzug.types import Article
from schachzug.validation import Graph, Report, Validator

_ROOT = Path(__file__).resolve().parents[2]
_FIGURES = _ROOT / "docs" / "figures.md"
_BATCH = 32  # articles that the line reads together


class TimedValidator(Validator):
    """A validator that knows how long it has taken."""

    seconds = 0.0

    def check(self, graph: Graph) -> Report:
        """Validate a graph, and take the time."""
        started = time.process_time()
        report = super().check(graph)
        self.seconds += time.process_time() - started
        return report


class BareRuns:
    """The bare pipeline on the articles of a build, while it goes on.

    Each batch goes through the pipeline once more by itself, in turn before and after the build reads it, so that
    a slow minute of the machine slows both, and each has the other's words in its caches as often.
    """

    def __init__(self, nlp: Language) -> None:
        self.nlp = nlp
        self.seconds = 0.0
        self.tokens = 0

    def among(self, articles: Iterable[Article]) -> Iterator[Article]:
        """The articles, for the build to read; their bare runs are timed in between."""
        waiting = iter(articles)
        turn = 0
        while batch := list(itertools.islice(waiting, _BATCH)):
            if turn % 2 == 0:
                self._run(batch)
            yield from batch
            if turn % 2 == 1:
                self._run(batch)
            turn += 1

    def _run(self, batch: list[Article]) -> None:
        started = time.thread_time()  # what the store still does in threads of its own is the build's
        self.tokens += sum(len(doc) for doc in self.nlp.pipe((a.content for a in batch), batch_size=_BATCH))
        self.seconds += time.thread_time() - started


def articles_of(data: Path, count: int) -> Iterator[Article]:
    """So many articles; beyond what the file has, they come again under other ids."""
    given = 0
    again = 0
    while given < count:
        for article in read_articles([data]):
            if given >= count or isinstance(article, InputError):
                continue
            given += 1
            yield dataclasses.replace(article, id=f"{article.id}-{again}") if again else article
        again += 1


def measure_line(data: Path, count: int, folder: Path) -> list[Figure]:
    """The whole line against the bare pipeline, in one process."""
    reader = load_reader()
    validator = TimedValidator()
    articles = list(articles_of(data, count))
    build(articles[:8], store=folder / "warm", reader=reader, validator=validator)
    validator.seconds = 0.0
    alone = BareRuns(reader.nlp)
    started = time.process_time()
    build(alone.among(articles), store=folder / "store", reader=reader, validator=validator)
    whole = time.process_time() - started - alone.seconds
    return [
        Figure("bare nlp.pipe, tokens a second", alone.tokens / alone.seconds),
        Figure("whole build against bare nlp.pipe", whole / alone.seconds, "times", 1.6),
        Figure("share of validation in the build", 100 * validator.seconds / whole, "%", 15),
    ]


def measure_processes(data: Path, count: int, folder: Path) -> list[Figure]:
    """Two processes against one, by the clock; the time that loading takes is left out of both."""
    seconds = {}
    for workers in (1, 2):
        times = []
        for size in (count // 4, count):
            given = list(articles_of(data, size))
            started = time.monotonic()
            build(given, store=folder / f"{workers}-{size}", options=Options(workers=workers))
            times.append(time.monotonic() - started)
        seconds[workers] = times[1] - times[0]
    return [Figure("two processes against one", seconds[1] / seconds[2], "times as fast", 1.7, at_least=True)]


def measure_questions(store: Path) -> list[Figure]:
    """Every stored question on a store, and against the same query put to pyoxigraph itself."""
    import pyoxigraph as ox

    from schachzug.graph_sources import StoreSource
    from schachzug.query_text import bind
    from schachzug.question_parameters import terms_of
    from schachzug.questions import ask, questions

    graphs = ox.Store.read_only(str(store))
    source = StoreSource(graphs, fixed=True)
    slowest, name, asked, raw = 0.0, "", 0.0, 0.0
    for question in questions():
        free = [p.variable for p in question.parameters if p.default is None]
        bound = {
            p.variable: terms_of(p, p.default, source, "de", 10) for p in question.parameters if p.default is not None
        }
        text = bind(question.text, bound, free)
        through, direct = [], []
        for _ in range(3):
            started = time.monotonic()
            ask(question, source)
            through.append(time.monotonic() - started)
            started = time.monotonic()
            result = graphs.query(text, use_default_graph_as_union=True)
            if isinstance(result, ox.QuerySolutions):
                for solution in result:
                    tuple(solution)
            direct.append(time.monotonic() - started)
        asked += min(through)
        raw += min(direct)
        if min(through) > slowest:
            slowest, name = min(through), question.name
    return [
        Figure(f"slowest stored question ({name})", slowest, "s", 1.0),
        Figure("all stored questions against raw pyoxigraph", asked / raw, "times", 1.2),
    ]


def measure_help() -> list[Figure]:
    """How long the command line takes to help."""
    times = []
    for _ in range(5):
        started = time.monotonic()
        subprocess.run([Path(sys.executable).with_name("schachzug"), "--help"], capture_output=True, check=True)
        times.append(time.monotonic() - started)
    return [Figure("schachzug --help", min(times), "s", 0.4)]


def measure_sizes(data: Path, sizes: list[int], folder: Path) -> tuple[list[Figure], list[str]]:
    """The cost of builds of several sizes, each in a process of its own."""
    rows, costs = [], {}
    for size in sizes:
        target = folder / f"size-{size}"
        command = [sys.executable, __file__, "--data", str(data), "--only-build", str(size), "--store", str(target)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        cost = json.loads(done.stdout.splitlines()[-1])
        costs[size] = cost
        stored = sum(path.stat().st_size for path in target.iterdir()) / 1e6
        rows.append(
            f"| {size:,} | {cost['seconds']:.1f} s | {1000 * cost['seconds'] / size:.1f} ms | {cost['rss']:.0f} MB "
            f"| {stored:.0f} MB |"
        )
    small, large = sizes[-2], sizes[-1]
    per_article = [costs[size]["seconds"] / size for size in (small, large)]
    figures = [
        Figure(f"cost of an article at {large:,} against {small:,}", per_article[1] / per_article[0], "times", 1.1),
        Figure(f"memory at {large:,} against {small:,}", costs[large]["rss"] / costs[small]["rss"], "times", 1.15),
    ]
    return figures, rows


def only_build(data: Path, count: int, store: Path) -> None:
    """Build once, and print processor time without that of loading, and the peak of memory."""
    reader = load_reader()
    validator = Validator()
    build(list(articles_of(data, 4)), store=store.with_name(f"{store.name}-warm"), reader=reader, validator=validator)
    started = time.process_time()
    build(articles_of(data, count), store=store, reader=reader, validator=validator)
    seconds = time.process_time() - started
    print(json.dumps({"seconds": seconds, "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def main() -> int:
    """Run from the command line; 1 where a figure falls short."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="articles, as JSON lines or in a folder")
    parser.add_argument("--articles", type=int, default=700, help="how many of them")
    parser.add_argument("--large", action="store_true", help="measure ten times as many, too")
    parser.add_argument("--only-build", type=int, metavar="N", help="build so many, and print what it took")
    parser.add_argument("--store", type=Path, help="where to build with --only-build")
    given = parser.parse_args()
    if given.only_build:
        only_build(given.data, given.only_build, given.store)
        return 0
    count = given.articles
    sizes = [count // 10, count, 10 * count] if given.large else [count // 10, count]
    folder = Path(tempfile.mkdtemp(prefix="schachzug-bench-"))
    try:
        figures = measure_help()
        figures += measure_line(given.data, count, folder)
        figures += measure_processes(given.data, count, folder)
        compared, rows = measure_sizes(given.data, sizes, folder)
        figures += compared
        figures += measure_questions(folder / f"size-{sizes[-1]}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    table = "\n".join(
        [
            f"Measured by `make bench` on {count} articles of Wikinews.",
            "",
            figure_table(figures),
            "",
            "| articles | processor time | an article | peak of memory | store |",
            "|---|---|---|---|---|",
            *rows,
        ]
    )
    print(table)
    write_section(_FIGURES, "bench", table)
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
