"""Files for the bulk loaders of triple stores: `oxigraph load` and Virtuoso's `ld_dir`.

The graphs are written as N-Quads in parts of a limited size. A graph is never parted, because its blank nodes are
known within one file only.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from schachzug.serialise import atomically, graphs_of, sorted_lines

PART_BYTES = 50_000_000
DEFAULT_GRAPH = "https://w3id.org/schachzug/resource/graph-default"
_README = """\
Bulk files of {statements} statements in {parts} parts.

Oxigraph (the server must not run):
    oxigraph load -l DIR {names}

Virtuoso (7.2 or newer; this folder must be listed under DirsAllowed in its ini file):
    isql-vt HOST:PORT USER PASSWORD load.sql
"""


def write_bulk(store: ox.Store, folder: Path, *, part_bytes: int = PART_BYTES) -> int:
    """Write all named graphs for bulk loading, with instructions.

    Args:
        store: the graphs; statements in no named graph go to `DEFAULT_GRAPH`.
        folder: where to; files of an earlier export in it are replaced.
        part_bytes: how large a file may become (a larger graph has a file of its own).

    Returns:
        The number of statements.

    Raises:
        StoreError: the folder cannot be written.
    """
    for old in folder.glob("part-*.nq"):
        old.unlink()
    names = []
    statements = 0
    for number, part in enumerate(_parts(store, part_bytes), 1):
        name = f"part-{number:05d}.nq"
        with atomically(folder / name) as stream:
            stream.write(part)
        statements += part.count(b"\n")
        names.append(name)
    with atomically(folder / "load.sql") as stream:
        stream.write(_virtuoso(folder).encode())
    with atomically(folder / "README.txt") as stream:
        shown = " ".join(f"-f {name}" for name in names) if len(names) < 4 else "-f part-*.nq"
        stream.write(_README.format(statements=statements, parts=len(names), names=shown).encode())
    return statements


def _parts(store: ox.Store, size: int) -> Iterator[bytes]:
    part: list[bytes] = []
    length = 0
    graphs: list[ox.NamedNode | ox.DefaultGraph] = [ox.DefaultGraph(), *graphs_of(store)]
    for graph in graphs:
        quads = store.quads_for_pattern(None, None, None, graph)
        name = graph if isinstance(graph, ox.NamedNode) else ox.NamedNode(DEFAULT_GRAPH)
        lines = sorted_lines(ox.Quad(q.subject, q.predicate, q.object, name) for q in quads)
        if part and length + len(lines) > size:
            yield b"".join(part)
            part, length = [], 0
        part.append(lines)
        length += len(lines)
    if length:
        yield b"".join(part)


def _virtuoso(folder: Path) -> str:
    # In a text of SQL an apostrophe is written twice; Virtuoso reads a backslash as itself here.
    path = str(folder.resolve()).replace("'", "''")
    return (
        f"ld_dir('{path}', 'part-*.nq', '{DEFAULT_GRAPH}');\n"
        "rdf_loader_run();\n"
        "checkpoint;\n"
        "SELECT ll_file, ll_error FROM DB.DBA.LOAD_LIST WHERE ll_error IS NOT NULL;\n"
    )
