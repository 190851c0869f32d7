"""Exports to other tools; each is a function of its own, and `export` picks one by name.

nanopublications   one a claim, TriG
reifiers           claims as RDF 1.2 reifiers, Turtle 1.2
graphml, gexf      the network of actors, for Gephi, visone and networkx
csv                one line a claim
events             PLOVER-style event records, JSON Lines
catalogue          the stored questions in the vocabulary of sib-swiss' sparql-examples, Turtle
bulk               a folder of N-Quads for the loaders of Oxigraph and Virtuoso
"""

from __future__ import annotations

import difflib
import importlib
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from schachzug.errors import SchachzugError, StoreError

__all__ = ["EXPORTS", "Export", "ExportError", "export"]


class ExportError(SchachzugError):
    """There is no export of that name."""

    exit_code = 2


@dataclass(frozen=True)
class Export:
    """An export: the name of the file it writes by default, what it is, and the function that writes it."""

    name: str
    file: str
    summary: str
    function: str


EXPORTS = {
    one.name: one
    for one in (
        Export("nanopublications", "nanopublications.trig", "one nanopublication a claim", "nanopublications"),
        Export("reifiers", "reifiers.ttl", "claims as RDF 1.2 reifiers (Turtle 1.2)", "reifiers"),
        Export("graphml", "actors.graphml", "the network of actors as GraphML", "networks"),
        Export("gexf", "actors.gexf", "the network of actors as GEXF", "networks"),
        Export("csv", "claims.csv", "one line a claim", "tabular"),
        Export("events", "events.jsonl", "PLOVER-style event records as JSON Lines", "events"),
        Export("catalogue", "questions.ttl", "the stored questions, as sib-swiss describes them", "catalogue"),
        Export("bulk", "bulk", "a folder for `oxigraph load` and Virtuoso's loader", "bulk"),
    )
}


def export(graph: str | Path | ox.Store, name: str, target: Path, *, language: str = "de") -> int:
    """Write one export of a graph.

    Args:
        graph: a store, a file or an output folder (see `graph_sources.open_graph`).
        name: one of `EXPORTS`.
        target: the file to write (for `bulk`, the folder); what was there is replaced when all is written.
        language: "de" or "en": of names, where an export has one language.

    Returns:
        How many items were written: claims, edges, events, statements or questions.

    Raises:
        ExportError: there is no export of that name.
        StoreError: the graph cannot be opened, or the file cannot be written.
    """
    from schachzug.graph_sources import StoreSource, open_graph
    from schachzug.serialise import atomically

    if name not in EXPORTS:
        close = difflib.get_close_matches(name, EXPORTS, n=1)
        hint = f"Did you mean {close[0]}?" if close else f"There are {', '.join(EXPORTS)}"
        raise ExportError(f"no export {name!r}", hint=hint)
    source = open_graph(graph)
    if not isinstance(source, StoreSource):
        raise StoreError("an endpoint cannot be exported", where=str(graph), hint="Name a graph file or a folder")
    module = importlib.import_module(f"schachzug.exports.{EXPORTS[name].function}")
    write = getattr(module, f"write_{name}")
    if name == "bulk":
        return int(write(source.store, target))
    with atomically(target) as stream:
        return int(write(stream)) if name == "catalogue" else int(write(source.store, stream, language))
