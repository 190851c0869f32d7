"""Pushing graphs to a triple store: SPARQL 1.1 Graph Store Protocol, graph by graph, in chunks, retried, resumable.

A graph replaces what the server had under its name. What has arrived is written to a state file line by line, so that
an interrupted push continues where it stopped, and a later one sends only the graphs that have changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import urllib.parse
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from schachzug.errors import StoreError
from schachzug.graph_sources import StoreSource, open_graph
from schachzug.sparql_http import UnreachableError, request

LOOPBACK_STORE = "http://127.0.0.1:7878/store"
CHUNK_BYTES = 1_000_000
ATTEMPTS = 6
_DEFAULT = "default"
_REMOVED = "removed"


@dataclass(frozen=True)
class PushReport:
    """Numbers of graphs and statements: `unchanged` graphs were on the server already, `removed` are no longer here."""

    sent: int
    unchanged: int
    removed: int
    statements: int


@dataclass(frozen=True)
class Pusher:
    """How graphs are sent.

    `seconds` is the longest silence of the server that is borne, `wait` how to wait between attempts (in seconds).
    """

    url: str
    attempts: int = ATTEMPTS
    chunk_bytes: int = CHUNK_BYTES
    seconds: float = 120.0
    wait: Callable[[float], None] = time.sleep

    def put(self, name: str, lines: Sequence[Sequence[bytes]]) -> None:
        """Replace one graph. Groups of lines are never parted, because their blank nodes belong together.

        Raises:
            UnreachableError: the server did not take it in any attempt.
            StoreError: the server refused it.
        """
        method = "PUT"
        for chunk in _chunks(lines, self.chunk_bytes):
            self._send(name, method, chunk)
            method = "POST"

    def delete(self, name: str) -> None:
        """Remove one graph; that it is gone already is fine."""
        try:
            self._send(name, "DELETE", None)
        except StoreError as error:
            if " 404 " not in error.what:
                raise

    def _send(self, name: str, method: str, body: bytes | None) -> None:
        query = _DEFAULT if name == _DEFAULT else f"graph={urllib.parse.quote(name, safe='')}"
        address = f"{self.url}?{query}"
        # N-Triples is Turtle too, and Turtle is what every server takes.
        headers = {} if body is None else {"Content-Type": "text/turtle; charset=utf-8"}
        for attempt in range(1, self.attempts + 1):
            try:
                request(address, method, body, headers, seconds=self.seconds)
                return
            except UnreachableError:
                if attempt == self.attempts:
                    raise
                self.wait(0.25 * 2**attempt)


def push(
    graph: str | Path | ox.Store,
    url: str = LOOPBACK_STORE,
    *,
    state: Path,
    default_graph: str | None = None,
    pusher: Pusher | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> PushReport:
    """Send every graph of a store, file or output folder to a server.

    Args:
        graph: what `graph_sources.open_graph` takes, except an endpoint.
        url: the server's Graph Store Protocol address (Oxigraph: …/store; Virtuoso: …/sparql-graph-crud).
        state: the file that remembers what has arrived (JSON Lines); delete it to send everything again.
        default_graph: the name to give statements that are in no named graph (for servers that demand one).
        pusher: how to send; by default to `url` with the module's limits.
        progress: called after every graph with the number of graphs dealt with and their total.

    Raises:
        UnreachableError: the server went away; what arrived is remembered, and the same call continues.
        StoreError: the server refuses, or the graph cannot be opened.
    """
    source = open_graph(graph)
    if not isinstance(source, StoreSource):
        raise StoreError("an endpoint cannot be pushed", where=str(graph), hint="Name a graph file or a folder")
    pusher = pusher or Pusher(url)
    remembered = _State(state, pusher.url)
    try:
        return _push(source.store, pusher, remembered, default_graph, progress or (lambda done, total: None))
    finally:
        remembered.close()


def _push(
    store: ox.Store, pusher: Pusher, state: _State, default_graph: str | None, progress: Callable[[int, int], None]
) -> PushReport:
    sent = unchanged = statements = done = 0
    names = {_target(name, default_graph): name for name in _graph_names(store)}
    gone = sorted(set(state.arrived) - set(names))
    for target, name in names.items():
        groups = _groups(store, name)
        digest = _digest(groups)
        if state.arrived.get(target) == digest:
            unchanged += 1
        else:
            # Until all of it has arrived the server may hold a part of it: what it had before no longer counts.
            state.write(target, None)
            pusher.put(target, groups)
            state.write(target, digest)
            sent += 1
            statements += sum(map(len, groups))
        done += 1
        progress(done, len(names) + len(gone))
    for target in gone:
        pusher.delete(target)
        state.write(target, _REMOVED)
        done += 1
        progress(done, len(names) + len(gone))
    return PushReport(sent, unchanged, len(gone), statements)


def _graph_names(store: ox.Store) -> Iterator[ox.NamedNode | ox.DefaultGraph]:
    if next(iter(store.quads_for_pattern(None, None, None, ox.DefaultGraph())), None) is not None:
        yield ox.DefaultGraph()
    names = [name for name in store.named_graphs() if isinstance(name, ox.NamedNode)]
    yield from sorted(names, key=lambda name: name.value)


def _target(name: ox.NamedNode | ox.DefaultGraph, default_graph: str | None) -> str:
    return name.value if isinstance(name, ox.NamedNode) else default_graph or _DEFAULT


def _groups(store: ox.Store, name: ox.NamedNode | ox.DefaultGraph) -> list[list[bytes]]:
    """The statements of a graph as lines of N-Triples; those that share blank nodes form one group."""
    parents: dict[str, str] = {}

    def root(label: str) -> str:
        while parents.setdefault(label, label) != label:
            parents[label] = label = parents[parents[label]]
        return label

    plain: list[list[bytes]] = []
    knotted: list[tuple[str, bytes]] = []
    for quad in store.quads_for_pattern(None, None, None, name):
        line = f"{quad.triple} .\n".encode()
        labels = [term.value for term in (quad.subject, quad.object) if isinstance(term, ox.BlankNode)]
        if not labels:
            plain.append([line])
            continue
        if len(labels) == 2:
            parents[root(labels[0])] = root(labels[1])
        knotted.append((labels[0], line))
    groups: defaultdict[str, list[bytes]] = defaultdict(list)
    for label, line in knotted:
        groups[root(label)].append(line)
    return sorted(plain) + sorted(sorted(group) for group in groups.values())


def _chunks(groups: Sequence[Sequence[bytes]], size: int) -> Iterator[bytes]:
    chunk: list[bytes] = []
    length = 0
    for group in groups:
        added = sum(map(len, group))
        if chunk and length + added > size:
            yield b"".join(chunk)
            chunk, length = [], 0
        chunk.extend(group)
        length += added
    yield b"".join(chunk)


def _digest(groups: Sequence[Sequence[bytes]]) -> str:
    digest = hashlib.sha256()
    for group in groups:
        for line in group:
            digest.update(line)
    return digest.hexdigest()[:32]


class _State:
    """What is known to have arrived, one line of JSON a change; a line torn by a power cut is overlooked.

    Overlooking is safe: before anything is sent, the old digest of its graph is struck out, on disk.
    """

    def __init__(self, path: Path, url: str) -> None:
        self.url = url
        self.arrived: dict[str, str | None] = {}
        self.path = path
        try:
            text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
            path.parent.mkdir(parents=True, exist_ok=True)
            self._out = path.open("a", encoding="utf-8")
            if text and not text.endswith("\n"):
                self._out.write("\n")
        except OSError as error:
            raise self._unwritable(error) from error
        for line in text.split("\n"):
            self._take(line)

    def _unwritable(self, error: OSError) -> StoreError:
        hint = "Make room, or name another file (--state)"
        return StoreError(f"what has arrived cannot be noted: {error.strerror or error}", where=self.path, hint=hint)

    def _take(self, line: str) -> None:
        try:
            entry = json.loads(line)
            url, graph, digest = entry["url"], entry["graph"], entry["digest"]
        except (ValueError, KeyError, TypeError):
            return
        if url == self.url and digest == _REMOVED:
            self.arrived.pop(graph, None)
        elif url == self.url:
            self.arrived[graph] = digest

    def write(self, graph: str, digest: str | None) -> None:
        """Remember that a graph is being sent (None), has arrived (its digest) or is no longer there."""
        entry = {"url": self.url, "graph": graph, "digest": digest}
        try:
            self._out.write(json.dumps(entry) + "\n")
            self._out.flush()
            if digest is None:
                os.fsync(self._out.fileno())
        except OSError as error:
            raise self._unwritable(error) from error

    def close(self) -> None:
        """Close the file; what could not be written was told when it was."""
        with suppress(OSError):
            self._out.close()
