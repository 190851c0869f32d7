"""The embedded store: an Oxigraph folder that other tools can open too, with a ledger beside it.

An article's named graph goes in by a bulk load, and then its line into the ledger: that line is what counts.
Whatever a killed build left without one is removed when the store is opened again, and whatever the ledger
has and the store lacks is loaded from the ledger's copy. So each article is in whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from schachzug.errors import StoreError
from schachzug.iris import DERIVED_GRAPHS
from schachzug.ledger import FILE, Ledger
from schachzug.serialise import graphs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schachzug.extraction import Extraction


class ArticleStore:
    """A store of articles, open for writing. Use it as a context manager, or close it.

    Args:
        folder: where it lies; it is made if it is not there.

    Raises:
        StoreError: it is open elsewhere, damaged, or cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with _told(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self.graphs = Store(str(folder))
        try:
            self._refuse_without_ledger()
            self.ledger = Ledger(folder)
            try:
                self._mend()
            except BaseException:
                self.ledger.close()
                raise
        except BaseException:
            del self.graphs
            raise

    def __enter__(self) -> ArticleStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the store, so that others can open it."""
        self.ledger.close()
        # Oxigraph gives up its lock when nothing refers to the store any more.
        del self.graphs

    def put(self, extractions: Sequence[Extraction]) -> None:
        """Take in articles; one of the same id is replaced.

        Raises:
            StoreError: the store cannot be written; the articles are not in it.
        """
        if not extractions:
            return
        # Only these ids are looked up: a digest stands for its id too, so no other article can share one of theirs,
        # and what a batch costs does not grow with the store.
        ids = [e.id for e in extractions]
        before = self.ledger.digests(ids)
        self._changes()
        with _told(self.folder):
            again = {e.digest for e in extractions} & {digest for digest, _ in before.values()}
            fresh = [e for e in extractions if e.digest not in again]
            # Oxigraph wrote these quads itself, and need not check each term again.
            self.graphs.bulk_load(b"".join(e.quads for e in fresh), format=RdfFormat.N_QUADS, lenient=True)
        if again:
            self.ledger.set_state("replacing", " ".join(sorted(again)))
        with _told(self.folder):
            for e in extractions:
                if e.digest in again:
                    self._replace(e)
            self.graphs.flush()
        self.ledger.put(extractions)
        if again:
            self.ledger.set_state("replacing", "")
        kept = {digest for digest, _ in self.ledger.digests(ids).values()}
        with _told(self.folder):
            for e in extractions:
                old = before.get(e.id)
                if old is not None and old[0] not in kept:
                    self.graphs.remove_graph(NamedNode(_graph(old[0])))

    def forget(self, identifier: str) -> bool:
        """Remove an article.

        Args:
            identifier: the article's id.

        Returns:
            Whether it was in the store.
        """
        found = self.ledger.digests([identifier]).get(identifier)
        if found is None:
            return False
        self._changes()
        self.ledger.remove([identifier])
        with _told(self.folder):
            self.graphs.remove_graph(NamedNode(_graph(found[0])))
        return True

    @property
    def is_derived(self) -> bool:
        """Whether the graphs made of all articles together are up to date."""
        return self.ledger.state("derived") == "fresh"

    def clear_derived(self) -> None:
        """Remove the graphs made of all articles together."""
        self._changes()
        with _told(self.folder):
            for graph in DERIVED_GRAPHS:
                self.graphs.remove_graph(NamedNode(graph))

    def add_derived(self, quads: Iterable[Quad]) -> None:
        """Add to the graphs made of all articles together."""
        with _told(self.folder):
            self.graphs.bulk_extend(quads)

    def set_derived(self) -> None:
        """Note that the graphs made of all articles together are up to date."""
        with _told(self.folder):
            self.graphs.flush()
        self.ledger.set_state("derived", "fresh")

    def _changes(self) -> None:
        self.ledger.set_state("derived", "stale")

    def _replace(self, extraction: Extraction) -> None:
        """Put a graph in the place of one of the same name, in one transaction."""
        triples = b"".join(
            line.removesuffix(f" <{extraction.graph}> .".encode()) + b" .\n" for line in extraction.quads.splitlines()
        )
        graph = f"<{extraction.graph}>"
        self.graphs.update(f"DROP SILENT GRAPH {graph} ; INSERT DATA {{ GRAPH {graph} {{ {triples.decode()} }} }}")

    def _refuse_without_ledger(self) -> None:
        """What is in no ledger would be taken for a killed build's and removed; so a lost ledger must be made again."""
        if not is_lost(self.folder):
            return
        with _told(self.folder):
            if any(graph.value not in DERIVED_GRAPHS for graph in graphs_of(self.graphs)):
                hint = f"Repair it: schachzug recover {self.folder}"
                raise StoreError("the ledger of the store is gone", where=self.folder / FILE, hint=hint)

    def _mend(self) -> None:
        """Make the store hold what the ledger says, and nothing else."""
        wanted = {_graph(digest) for digest, _ in self.ledger.digests().values()}
        # A graph that was being replaced may be of either reading, and the ledger knows which counts.
        unsure = {_graph(digest) for digest in self.ledger.state("replacing").split()}
        with _told(self.folder):
            found = {graph.value for graph in graphs_of(self.graphs)} - set(DERIVED_GRAPHS)
            for graph in sorted(found - wanted | found & unsure):
                self.graphs.remove_graph(NamedNode(graph))
        found -= unsure
        if missing := wanted - found:
            self._changes()
            for extraction in self.ledger.extractions():
                if extraction.graph in missing:
                    with _told(self.folder):
                        self.graphs.bulk_load(extraction.quads, format=RdfFormat.N_QUADS)
            with _told(self.folder):
                self.graphs.flush()
        if unsure:
            self.ledger.set_state("replacing", "")


def recover(folder: Path) -> int:
    """Make a damaged store whole again, as far as it can be read.

    From an undamaged ledger everything comes back as it was. Without one, the articles come from the
    store's own graphs; what was rejected of them is lost then.

    Args:
        folder: where the store lies.

    Returns:
        How many articles it has now.

    Raises:
        StoreError: it is open elsewhere, or neither ledger nor graphs can be read.
    """
    from schachzug.recovery import recovered

    return recovered(folder)


def is_store(folder: Path) -> bool:
    """Whether a folder holds a store (or what is left of one)."""
    return (folder / FILE).exists() or (folder / "CURRENT").exists()


def is_lost(folder: Path) -> bool:
    """Whether a store has no ledger, or an empty file for one, as a power cut leaves."""
    path = folder / FILE
    return not path.exists() or path.stat().st_size == 0


def is_in_use(folder: Path) -> bool:
    """Whether another process (or this one) has a store open for writing."""
    try:
        Store(str(folder))
    except (OSError, RuntimeError, ValueError) as error:
        return _is_lock(error)
    return False


def open_for_reading(folder: Path) -> Store:
    """A store as Oxigraph opens it without a lock, for questions; not for use while a build writes to it.

    Raises:
        StoreError: it is not there, or damaged.
    """
    if not is_store(folder):
        raise StoreError("there is no store", where=folder, hint="Build one: schachzug build ARTICLE… --store DIR")
    with _told(folder):
        return Store.read_only(str(folder))


def _graph(digest: str) -> str:
    from schachzug.iris import graph_iri

    return graph_iri(digest)


def _is_lock(error: Exception) -> bool:
    """Whether Oxigraph says that somebody else has the store open."""
    low = str(error).lower()
    return "lock" in low and ("hold" in low or "lock file" in low or "unavailable" in low)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """What Oxigraph says in OSErrors, or in RuntimeErrors for damage, said for users."""
    try:
        yield
    except (OSError, RuntimeError, ValueError, SyntaxError) as error:
        reason = str(error)
        low = reason.lower()
        if _is_lock(error):
            hint = "Wait until the other build has ended, or name another folder"
            raise StoreError("the store is open in another process", where=folder, hint=hint) from error
        if any(words in low for words in ("no space", "too large", "quota")):
            hint = "Make room and build again: what is in the store is whole"
            raise StoreError(f"the store cannot be written: {reason}", where=folder, hint=hint) from error
        if isinstance(error, PermissionError | NotADirectoryError | FileExistsError):
            raise StoreError(f"the store cannot be opened: {reason}", where=folder, hint="Check the path") from error
        hint = f"Repair it: schachzug recover {folder}"
        raise StoreError(f"the store is damaged or cannot be used: {reason}", where=folder, hint=hint) from error
