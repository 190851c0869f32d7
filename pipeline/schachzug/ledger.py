"""The ledger of a store: which articles are in it, what read them, and a copy of what came of each.

It is one SQLite file beside the store's own. An article is in the store when, and only when, it is in the
ledger; what the store holds beyond that was left by a killed build. From the copies the store can be made again.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from schachzug.errors import StoreError
from schachzug.extraction import ArticleFigures, Extraction

FILE = "schachzug.sqlite"
_FORMAT = "1"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS articles (
    id TEXT PRIMARY KEY, digest TEXT NOT NULL, run TEXT NOT NULL, title TEXT NOT NULL, quads BLOB NOT NULL,
    rejected BLOB NOT NULL, entities TEXT NOT NULL, figures TEXT NOT NULL, reasons TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class DamagedLedgerError(StoreError):
    """The ledger cannot be read any more, whoever tries."""


class Ledger:
    """The articles of a store.

    Raises:
        StoreError: the file is damaged or cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        with self._told():
            self._db = sqlite3.connect(self.path)
            self._db.executescript(_SCHEMA)
            if self._db.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("the check of its pages failed")
            found = self.state("format", _FORMAT)
        if found != _FORMAT:
            hint = "Build the store again with this version, or use the version that made it"
            raise StoreError(f"the store has format {found}, not {_FORMAT}", where=self.path, hint=hint)
        self.set_state("format", _FORMAT)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __len__(self) -> int:
        with self._told():
            return int(self._db.execute("SELECT count(*) FROM articles").fetchone()[0])

    def digests(self, ids: Iterable[str] | None = None) -> dict[str, tuple[str, str]]:
        """The digest and run of every article, or of those of `ids` that are here, by its id."""
        query = "SELECT id, digest, run FROM articles"
        with self._told():
            if ids is None:
                return {i: (d, r) for i, d, r in self._db.execute(query)}
            found = (self._db.execute(f"{query} WHERE id = ?", (wanted,)).fetchone() for wanted in ids)
            return {row[0]: (row[1], row[2]) for row in found if row is not None}

    def put(self, extractions: Iterable[Extraction]) -> None:
        """Enter articles, all or none; an article of the same id is replaced."""
        with self._told(), self._db:
            self._db.executemany("INSERT OR REPLACE INTO articles VALUES (?,?,?,?,?,?,?,?,?)", map(_row, extractions))

    def remove(self, ids: Iterable[str]) -> None:
        """Strike out articles."""
        with self._told(), self._db:
            self._db.executemany("DELETE FROM articles WHERE id = ?", ((i,) for i in ids))

    def extractions(self) -> Iterator[Extraction]:
        """All that came of each article, in the order of their ids."""
        with self._told():
            for row in self._db.execute("SELECT * FROM articles ORDER BY id"):
                yield _extraction(row)

    def rejected(self) -> Iterator[tuple[str, bytes]]:
        """What was rejected, as N-Quads, for each article that has any, in the order of their digests."""
        with self._told():
            for identifier, blob in self._db.execute("SELECT id, rejected FROM articles ORDER BY digest"):
                if content := zlib.decompress(blob):
                    yield identifier, content

    def entities(self) -> set[str]:
        """The IRIs of all known entities that the articles refer to."""
        with self._told():
            rows = self._db.execute("SELECT entities FROM articles")
            return {iri for (names,) in rows for iri in json.loads(names)}

    def state(self, key: str, default: str = "") -> str:
        """A remark on the whole store."""
        with self._told():
            row = self._db.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
            return str(row[0]) if row else default

    def set_state(self, key: str, value: str) -> None:
        """Make a remark on the whole store."""
        with self._told(), self._db:
            self._db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (key, value))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, zlib.error, json.JSONDecodeError) as error:
            if "disk is full" in str(error) or "disk I/O error" in str(error):
                hint = "Make room and build again: what is in the store is whole"
                raise StoreError(f"the store cannot be written: {error}", where=self.path, hint=hint) from error
            if "locked" in str(error):
                hint = "Close it there, and try again"
                raise StoreError("the ledger is open in another program", where=self.path, hint=hint) from error
            if any(words in str(error) for words in ("readonly", "unable to open")):
                hint = "Check who may write to the folder"
                raise StoreError(f"the ledger cannot be opened: {error}", where=self.path, hint=hint) from error
            hint = f"Repair it: schachzug recover {self.path.parent}"
            what = f"the ledger of the store is damaged: {error}"
            raise DamagedLedgerError(what, where=self.path, hint=hint) from error


def _row(e: Extraction) -> tuple[str | bytes, ...]:
    return (
        e.id,
        e.digest,
        e.run,
        e.title,
        zlib.compress(e.quads, 1),
        zlib.compress(e.rejected, 1),
        json.dumps(e.entities),
        json.dumps(asdict(e.figures)),
        json.dumps(e.reasons),
    )


def _extraction(row: tuple[str, str, str, str, bytes, bytes, str, str, str]) -> Extraction:
    identifier, digest, run, title, quads, rejected, entities, figures, reasons = row
    return Extraction(
        id=identifier,
        digest=digest,
        run=run,
        title=title,
        quads=zlib.decompress(quads),
        rejected=zlib.decompress(rejected),
        entities=tuple(json.loads(entities)),
        figures=ArticleFigures(**json.loads(figures)),
        reasons=tuple((node, reason) for node, reason in json.loads(reasons)),
    )
