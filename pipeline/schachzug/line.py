"""The line from end to end: articles in, a validated graph out. The one module that knows the order.

article → reading → quads → validation per article → store → what follows from all together → files
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from schachzug.derivation import derive
from schachzug.errors import ClusterError, InputError, StoreError
from schachzug.extraction import Extraction, Extractor, unencodable
from schachzug.gazetteer import Gazetteer
from schachzug.iris import DIRECT_GRAPH, LINKS_GRAPH
from schachzug.lexicon import Lexicon
from schachzug.model import BUNDLED, load_model
from schachzug.reading import Reader
from schachzug.report import Report
from schachzug.serialise import FORMATS, atomically, write_catalog, write_graph
from schachzug.store import ArticleStore, is_in_use, is_store
from schachzug.types import Article
from schachzug.vocabulary import CLOSE_MATCH, sz
from schachzug.workers import extract_in_processes

if TYPE_CHECKING:
    from schachzug.validation import Validator

Progress = Callable[[str], None]
"""Is told the id of each article that has gone through."""


@dataclass(frozen=True)
class Options:
    """How to build.

    `reread` reads articles again that the store has, if another model or lexicon read them; `workers` is the
    number of processes, and `scheduler` the address of a Dask scheduler whose workers read instead; `strict`
    lets pyshacl check every article, not only a sample; `batch` articles go into the store together, and a
    killed build loses at most these.
    """

    formats: tuple[str, ...] = FORMATS
    reread: bool = False
    workers: int = 1
    scheduler: str = ""
    model: str = BUNDLED
    validate: bool = True
    strict: bool = False
    batch: int = 256


def load_reader(model: str | None = None) -> Reader:
    """All that reading needs: the bundled pipeline or another, the lexicon, the gazetteer.

    Raises:
        ModelError: there is no such pipeline.
        LexiconError, EntityError: what ships is broken.
    """
    return Reader(load_model(model or BUNDLED), Lexicon.load(), Gazetteer.load())


def build(
    articles: Iterable[Article | InputError],
    *,
    out: str | Path | None = None,
    store: str | Path | None = None,
    reader: Reader | None = None,
    validator: Validator | None = None,
    options: Options | None = None,
    progress: Progress | None = None,
) -> Report:
    """Build the graph of articles.

    Args:
        articles: what to read; errors among them (as `read_articles` gives) are passed on to the report.
        out: the folder to write the graph to, in every format, with what was rejected and a report. Without
            `store`, the folder's own store is made anew from exactly these articles.
        store: a folder that keeps a store from build to build: articles that it has are not read again, a
            changed article (same id) takes the place of the old one.
        reader: what reads; by default the bundled model, lexicon and gazetteer.
        validator: what checks each article; by default the SHACL shapes that ship.
        options: formats, reading again, processes or a cluster.
        progress: is told the id of each article done.

    Returns:
        What was done. Inputs that could not be read are in its `errors`; nothing is raised for them.

    Raises:
        StoreError: the store is open elsewhere, damaged or cannot be written.
        ResourceError: a part of the installation is missing or broken.
        ClusterError: the cluster of `options.scheduler` cannot be reached, has other versions, or fails.
    """
    options = options or Options()
    if out is None and store is None:
        raise StoreError("there is nowhere to write to", hint="Name a folder for the graph (out) or for a store")
    if store is not None:
        return _build_into(Path(store), out, articles, reader, validator, options, progress)
    folder = Path(out or ".")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(folder)
        work = Path(tempfile.mkdtemp(prefix=".build-", dir=folder))
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(f"cannot be written: {reason}", where=folder, hint="Choose another folder") from error
    try:
        report = _build_into(work / "store", work, articles, reader, validator, options, progress)
        if report.articles or not report.errors:
            _move_into_place(work, folder)
            report.files = [folder / path.name for path in report.files]
        else:
            report.files = []  # nothing could be read: what was there before stays
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if not any(folder.iterdir()):
            folder.rmdir()
    return report


def export(store: ArticleStore, out: Path, formats: Iterable[str] = FORMATS) -> list[Path]:
    """Write a store's graph in the formats asked for, what was rejected, and the ontology that OWL tools look for.

    Raises:
        StoreError: a file cannot be written.
    """
    formats = tuple(formats)
    written = [*write_graph(store.graphs, out, formats), _write_rejected(store, out / "rejected.trig")]
    return written + (write_catalog(out) if {"ttl", "owl"} & set(formats) else [])


def forget(store: str | Path, identifiers: Iterable[str]) -> list[str]:
    """Remove articles from a store, and what followed from them.

    Args:
        store: the store's folder.
        identifiers: the ids of the articles.

    Returns:
        Those of the ids that the store did not have.

    Raises:
        StoreError: it is no store, is open elsewhere, or damaged.
    """
    folder = Path(store)
    if not is_store(folder):
        raise StoreError("there is no store", where=folder, hint="Build one: schachzug build ARTICLE… --store DIR")
    with ArticleStore(folder) as opened:
        unknown = [identifier for identifier in identifiers if not opened.forget(identifier)]
        if not opened.is_derived:
            derive(opened, Gazetteer.load())
    return unknown


def _build_into(
    folder: Path,
    out: str | Path | None,
    articles: Iterable[Article | InputError],
    reader: Reader | None,
    validator: Validator | None,
    options: Options,
    progress: Progress | None,
) -> Report:
    report = Report()
    gazetteer = reader.gazetteer if reader else Gazetteer.load()
    with ArticleStore(folder) as store:
        wanted = _wanted(articles, store, report, reader, options)
        batch: list[Extraction] = []
        for result in _extractions(wanted, reader, validator, options):
            if isinstance(result, InputError):
                report.errors.append(result)
                continue
            batch.append(result)
            report.add(result)
            if len(batch) >= options.batch:
                store.put(batch)
                batch = []
            if progress is not None:
                progress(result.id)
        store.put(batch)
        if not store.is_derived:
            derive(store, gazetteer)
        _count_derived(store, report)
        if out is not None:
            report.files = export(store, Path(out), options.formats)
            report.files.append(Path(out) / "report.json")
            report.write(report.files[-1])
    return report


def _count_derived(store: ArticleStore, report: Report) -> None:
    """Count what followed from all articles of the store together."""

    def count(graph: str, predicate: NamedNode | None) -> int:
        quads = store.graphs.quads_for_pattern(None, predicate, None, NamedNode(graph))
        return sum(1 for quad in quads if isinstance(quad.subject, NamedNode))

    report.direct = count(DIRECT_GRAPH, None)
    report.same = count(LINKS_GRAPH, sz("sameSituationAs"))
    report.contradictions = count(LINKS_GRAPH, sz("contradicts"))
    report.merged = count(LINKS_GRAPH, CLOSE_MATCH)
    report.refused = count(LINKS_GRAPH, sz("mergeRefused"))


def _wanted(
    articles: Iterable[Article | InputError],
    store: ArticleStore,
    report: Report,
    reader: Reader | None,
    options: Options,
) -> Iterator[Article]:
    """The articles that the store does not have; the others and the errors go into the report."""
    have = store.ledger.digests()
    run = Extractor(reader or load_reader(options.model)).run.iri if options.reread and have else ""
    seen: set[str] = set()
    for article in articles:
        if isinstance(article, InputError):
            report.errors.append(article)
            continue
        if (wrong := unencodable(article)) is not None:
            report.errors.append(wrong)
            continue
        if article.id in seen:
            what = f"the id {article.id!r} was given twice"
            report.errors.append(InputError(what, hint="Give every article an id of its own"))
            continue
        seen.add(article.id)
        digest, read_by = have.get(article.id, ("", ""))
        if digest == article.digest and (not options.reread or read_by == run):
            report.unchanged += 1
            continue
        yield article


def _extractions(
    articles: Iterator[Article], reader: Reader | None, validator: Validator | None, options: Options
) -> Iterator[Extraction | InputError]:
    first = next(articles, None)
    if first is None:
        return  # nothing to read: the model need not be loaded
    waiting = _before(first, articles)
    if options.scheduler:
        if reader is not None or validator is not None:
            what = "a reader or validator of one's own cannot be sent to a cluster"
            raise ClusterError(what, hint="Leave it out, and name the model in the options")
        from schachzug.cluster import extract_on_cluster

        yield from extract_on_cluster(waiting, options.scheduler, options)
        return
    if options.workers > 1 and reader is None and validator is None:
        yield from extract_in_processes(waiting, options.workers, options)
        return
    yield from make_extractor(options, reader, validator).extract_many(waiting)


def make_extractor(options: Options, reader: Reader | None = None, validator: Validator | None = None) -> Extractor:
    """What reads, makes quads and validates; what is not given is what ships."""
    if validator is None and options.validate:
        from schachzug.validation import Validator

        validator = Validator(strict=options.strict)
    return Extractor(reader or load_reader(options.model), validator)


def _before(first: Article, others: Iterator[Article]) -> Iterator[Article]:
    yield first
    yield from others


def _write_rejected(store: ArticleStore, path: Path) -> Path:
    from pyoxigraph import RdfFormat, Store

    from schachzug.vocabulary import PREFIXES

    with atomically(path) as stream:
        rejected = Store()
        for _, quads in store.ledger.rejected():
            rejected.load(quads, format=RdfFormat.N_QUADS)
        rejected.dump(stream, RdfFormat.TRIG, prefixes=PREFIXES)
    return path


def _clear_leftovers(folder: Path) -> None:
    """Remove what killed builds left in a folder; what a running one works in has an open store, and stays."""
    for work in folder.glob(".build-*"):
        store = work / "store"
        if is_store(store) and not is_in_use(store):  # where there is none yet, a build may just have begun
            shutil.rmtree(work, ignore_errors=True)


def _move_into_place(work: Path, folder: Path) -> None:
    """What was built takes the place of what was there before."""
    try:
        old = work / "old"
        target = folder / "store"
        if target.exists():
            if not is_store(target):
                raise StoreError("is no store, and would be overwritten", where=target, hint="Choose another folder")
            target.replace(old)
        for path in sorted(work.iterdir()):
            if path != old:
                path.replace(folder / path.name)
    except OSError as error:
        raise StoreError(f"cannot be written: {error.strerror or error}", where=folder, hint="Make room") from error
