"""Where a question is put: an embedded store, a file, an output folder, or a SPARQL endpoint."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

import pyoxigraph as ox

from schachzug.errors import QuestionError, StoreError
from schachzug.query_process import no_select, out_of_time, select_in_process

RDFS_LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".owl": ox.RdfFormat.RDF_XML,
    ".rdf": ox.RdfFormat.RDF_XML,
}
Row = tuple[object | None, ...]
Take = Callable[[Sequence[str], Sequence[Row]], None]
_ROWS = 128
_T = TypeVar("_T")


class GraphSource(Protocol):
    """What can answer SELECT queries over the union of its graphs."""

    def select(
        self, query: str, seconds: float, *, ours: bool = False, take: Take | None = None
    ) -> tuple[list[str], list[Row]]:
        """The names of the variables, and the rows of terms (None where unbound).

        Args:
            query: the query, which has been checked (see `query_text.check_query`).
            seconds: time limit.
            ours: whether the query ships with the package, so that it is known to come to an end.
            take: is given the names and the rows in parts, if they are not to be kept; none are returned then.
        """

    def labels(self, iris: Sequence[str], seconds: float) -> list[tuple[str, str, str]]:
        """(IRI, label, language tag) of every label of some resources."""


class StoreSource:
    """An embedded store.

    Args:
        store: the store.
        fixed: whether nobody writes to it while it is asked, so that a name once looked up can be kept.
        folder: where it lies, if another process can open it there.
    """

    def __init__(self, store: ox.Store, *, fixed: bool = False, folder: Path | None = None) -> None:
        self.store, self.folder = store, folder
        self._slow = False
        self._names: dict[str, list[tuple[str, str, str]]] | None = {} if fixed else None

    def select(
        self, query: str, seconds: float, *, ours: bool = False, take: Take | None = None
    ) -> tuple[list[str], list[Row]]:
        """See GraphSource.

        What is not ours is answered in a process of its own, and so is everything once a time limit was reached.

        Raises:
            QuestionError: the time limit was reached, or the answer is too large.
            StoreError: the process cannot read the graph.
        """
        if not ours or self._slow:
            return handed_on(*select_in_process(self.folder or self.store, query, seconds), take)
        try:
            return self._select_here(query, seconds, take)
        except QuestionError:
            self._slow = True
            raise

    def _select_here(self, query: str, seconds: float, take: Take | None) -> tuple[list[str], list[Row]]:
        end = time.monotonic() + seconds

        def run() -> tuple[list[str], list[Row]]:
            result = self.store.query(query, use_default_graph_as_union=True)
            if not isinstance(result, ox.QuerySolutions):
                raise no_select()
            names = [variable.value for variable in result.variables]
            rows: list[Row] = []
            keep = take or (lambda _, more: rows.extend(more))
            keep(names, [])
            # Once nobody waits any more, the work stops with the next rows.
            while more := [tuple(solution) for solution in islice(result, _ROWS)]:
                keep(names, more)
                if time.monotonic() > end:
                    del result  # it must not travel to another thread with the error
                    raise out_of_time(seconds)
            return names, rows

        return within(seconds, run)

    def labels(self, iris: Sequence[str], seconds: float) -> list[tuple[str, str, str]]:
        """See GraphSource."""
        if self._names is None:
            return [name for iri in iris for name in self._names_of(iri)]
        found = []
        for iri in iris:
            names = self._names.get(iri)
            if names is None:
                names = self._names[iri] = self._names_of(iri)
            found += names
        return found

    def _names_of(self, iri: str) -> list[tuple[str, str, str]]:
        quads = self.store.quads_for_pattern(ox.NamedNode(iri), RDFS_LABEL, None)
        return sorted({(iri, o.value, o.language or "") for q in quads if isinstance(o := q.object, ox.Literal)})


def handed_on(names: list[str], rows: list[Row], take: Take | None) -> tuple[list[str], list[Row]]:
    """An answer that has come as a whole, as `GraphSource.select` gives it."""
    if take is None:
        return names, rows
    take(names, rows)
    return names, []


def within(seconds: float, work: Callable[[], _T]) -> _T:
    """Do some work, but wait for it no longer than some seconds.

    pyoxigraph lets other threads run while it evaluates but cannot be interrupted between two rows; so the work is
    done in a daemon thread, which is left behind when the time is up. It stops with the next row, or with the process,
    which it does not keep from ending. So only queries that ship are answered here: see `query_process`.

    Raises:
        QuestionError: the time is up.
    """
    done: list[_T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True, name="question")
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if not done:
        raise out_of_time(seconds)
    return done[0]


def open_graph(graph: str | Path | ox.Store) -> GraphSource:
    """Open what a question is put to.

    Args:
        graph: a store; the URL of a SPARQL endpoint (http or https); an RDF file (.ttl .nt .nq .trig .jsonld .owl);
            a folder written by `schachzug build`; or the folder of a store.

    Raises:
        StoreError: it does not exist, cannot be opened, or is none of these.
    """
    if isinstance(graph, ox.Store):
        return StoreSource(graph)
    if isinstance(graph, str) and graph.lower().startswith(("http://", "https://")):
        from schachzug.endpoint import EndpointSource

        return EndpointSource(graph)
    path = Path(graph)
    if path.is_dir():
        return _open_folder(path)
    if not path.exists():
        hint = "Name a graph file, a folder written by `schachzug build`, or the URL of an endpoint"
        raise StoreError("no such graph", where=path, hint=hint)
    return StoreSource(_load([path]), fixed=True)


def stored_graph(path: Path) -> ox.Store:
    """The graph of a file or folder as a store, for those who do more than put questions to it.

    Raises:
        StoreError: as `open_graph`.
    """
    source = open_graph(path)
    if not isinstance(source, StoreSource):
        raise StoreError("this needs a graph on disk", where=path, hint="Name a file, or a folder of a build")
    return source.store


def _open_folder(path: Path) -> StoreSource:
    for folder in (path / "store", path):
        if (folder / "CURRENT").exists():
            try:
                return StoreSource(ox.Store.read_only(str(folder)), fixed=True, folder=folder)
            except (OSError, RuntimeError, ValueError) as error:
                hint = f"Repair it (schachzug recover {folder}), or use the graph files beside it"
                raise StoreError(f"the store cannot be opened: {error}", where=folder, hint=hint) from error
    for name in ("graph.nq", "graph.trig", "graph.ttl"):
        if (path / name).is_file():
            return StoreSource(_load([path / name]), fixed=True)
    raise StoreError("the folder holds no graph", where=path, hint="Run `schachzug build INPUT --out DIR` first")


def _load(paths: Iterable[Path]) -> ox.Store:
    store = ox.Store()
    for path in paths:
        if path.suffix.lower() not in FORMATS:
            hint = f"Known endings are {' '.join(FORMATS)}"
            raise StoreError(f"{path.suffix or 'a file without an ending'} is no graph format", where=path, hint=hint)
        try:
            store.bulk_load(path=str(path), format=FORMATS[path.suffix.lower()])
        except SyntaxError as error:
            hint = "Mend the file or write it again"
            raise StoreError(f"not valid RDF: {error.msg}", where=path, line=error.lineno, hint=hint) from error
        except (OSError, ValueError) as error:
            raise StoreError(f"cannot be read: {error}", where=path, hint="Check the file") from error
    return store
