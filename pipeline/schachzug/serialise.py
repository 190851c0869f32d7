"""Writing a graph: Turtle, TriG, N-Quads, JSON-LD and RDF/XML, whole or not at all.

Everything is streamed out of the store, so the memory it takes does not grow with the graph. Turtle and
RDF/XML hold all named graphs as one, headed as an OWL ontology that imports Schachzug's, for Protégé.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox
from pyoxigraph import NamedNode, RdfFormat, Store, Triple

from schachzug import vocabulary as v
from schachzug.errors import StoreError
from schachzug.iris import GRAPH_ONTOLOGY
from schachzug.resources import resource

FORMATS = ("ttl", "trig", "nq", "jsonld", "owl")
"""The endings of the files that a graph can be written to."""

CATALOG = "catalog-v001.xml"
"""The name under which Protégé looks for a catalog in the folder of an ontology."""

_CATALOG = """\
<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<catalog prefer="public" xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">
    <uri id="ontology" name="{name}" uri="{uri}"/>
</catalog>
"""

_HEADER = (
    Triple(NamedNode(GRAPH_ONTOLOGY), v.TYPE, v.OWL_ONTOLOGY),
    Triple(NamedNode(GRAPH_ONTOLOGY), v.OWL_IMPORTS, v.ONTOLOGY_NODE),
)


def write_graph(store: Store, folder: Path, formats: Iterable[str] = FORMATS, name: str = "graph") -> list[Path]:
    """Write all graphs of a store into a folder, one file a format.

    Args:
        store: what to write.
        folder: where to; it is made if it is not there.
        formats: endings, some of `FORMATS`.
        name: the name of the files without the ending.

    Returns:
        The files written.

    Raises:
        StoreError: a file cannot be written; the old one is still there.
    """
    paths = []
    for ending in formats:
        path = folder / f"{name}.{ending}"
        with atomically(path) as stream:
            _WRITERS[ending](store, stream)
        paths.append(path)
    return paths


def write_catalog(folder: Path) -> list[Path]:
    """Write the ontology beside a graph, and the catalog by which Protégé finds it there instead of fetching it.

    Args:
        folder: where the graph is.

    Returns:
        The files written.

    Raises:
        StoreError: a file cannot be written.
        ResourceError: the installation lacks the ontology.
    """
    ontology = resource("ontology", "schachzug.owl")
    copy, catalog = folder / ontology.name, folder / CATALOG
    with atomically(copy) as stream:
        stream.write(ontology.read_bytes())
    with atomically(catalog) as stream:
        stream.write(_CATALOG.format(name=v.ONTOLOGY_NODE.value, uri=copy.name).encode())
    return [copy, catalog]


@contextmanager
def atomically(path: Path) -> Iterator[BinaryIO]:
    """A stream whose content takes the place of a file when all is written, and is gone if anything fails.

    Raises:
        StoreError: the file cannot be written.
    """
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
        temporary = None
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(
            f"cannot be written: {reason}", where=path, hint="Make room, or choose another place"
        ) from error
    finally:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)


def sorted_lines(quads: Iterable[ox.Quad]) -> bytes:
    """Quads as N-Quads, each line once, sorted by bytes."""
    lines = set(serialised(quads, RdfFormat.N_QUADS).split(b"\n")) - {b""}
    return b"".join(line + b"\n" for line in sorted(lines))


def serialised(quads: Iterable[ox.Quad] | Iterable[Triple], form: RdfFormat) -> bytes:
    """Quads or triples as bytes, with the usual prefixes."""
    content = ox.serialize(quads, format=form, prefixes=v.PREFIXES)
    return content or b""


def graphs_of(store: Store) -> list[NamedNode]:
    """The named graphs of a store, sorted by IRI."""
    named = (graph for graph in store.named_graphs() if isinstance(graph, NamedNode))
    return sorted(named, key=lambda graph: graph.value)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _write_nquads(store: Store, stream: BinaryIO) -> None:
    for graph in graphs_of(store):
        stream.write(sorted_lines(store.quads_for_pattern(None, None, None, graph)))


def _write_turtle(store: Store, stream: BinaryIO) -> None:
    stream.write(serialised(_HEADER, RdfFormat.TURTLE))
    for graph in graphs_of(store):
        buffer = io.BytesIO()
        store.dump(buffer, RdfFormat.TURTLE, from_graph=graph, prefixes=v.PREFIXES)
        content = buffer.getvalue()
        # The prefixes stand at the head of the file; each graph repeats them.
        while content.startswith(b"@prefix"):
            content = content[content.index(b"\n") + 1 :]
        stream.write(b"\n" + content)


def _write_trig(store: Store, stream: BinaryIO) -> None:
    store.dump(stream, RdfFormat.TRIG, prefixes=v.PREFIXES)


def _write_jsonld(store: Store, stream: BinaryIO) -> None:
    store.dump(stream, RdfFormat.JSON_LD, prefixes=v.PREFIXES)


def _write_owl(store: Store, stream: BinaryIO) -> None:
    ox.serialize(_triples(store), stream, RdfFormat.RDF_XML, prefixes=v.PREFIXES)


def _triples(store: Store) -> Iterator[Triple]:
    yield from _HEADER
    for graph in graphs_of(store):
        for quad in store.quads_for_pattern(None, None, None, graph):
            yield quad.triple


_WRITERS: dict[str, Callable[[Store, BinaryIO], None]] = {
    "ttl": _write_turtle,
    "trig": _write_trig,
    "nq": _write_nquads,
    "jsonld": _write_jsonld,
    "owl": _write_owl,
}
