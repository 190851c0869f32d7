"""Graphs on disk: the folder that a build wrote, or a file in any RDF format, loaded to be asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from schachzug.errors import InputError

if TYPE_CHECKING:
    from pyoxigraph import Store

ENDINGS = ("nq", "trig", "ttl", "jsonld", "nt", "rdf", "owl")


def graph_file(path: Path) -> Path:
    """The file that holds the graph of a folder, or the file itself.

    Raises:
        InputError: there is none.
    """
    if not path.exists():
        raise InputError(
            "there is no such file or folder", where=path, hint="Make a graph: schachzug build … --out DIR"
        )
    if not path.is_dir():
        return path
    for ending in ENDINGS:
        if (path / f"graph.{ending}").is_file():
            return path / f"graph.{ending}"
    raise InputError("the folder holds no graph", where=path, hint="Make one: schachzug build … --out DIR")


def load_graph(path: Path) -> Store:
    """The graph of a folder or file, in memory.

    Raises:
        InputError: there is no graph, or it cannot be parsed.
    """
    from pyoxigraph import RdfFormat, Store

    file = graph_file(path)
    kind = RdfFormat.RDF_XML if file.suffix == ".owl" else RdfFormat.from_extension(file.suffix.lstrip("."))
    if kind is None:
        raise InputError(
            "the ending tells no RDF format", where=file, hint=f"Known: {', '.join(f'.{e}' for e in ENDINGS)}"
        )
    store = Store()
    try:
        store.bulk_load(path=str(file), format=kind)
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError(f"the graph cannot be parsed: {error}", where=file, hint="Build it again") from error
    return store
