"""`schachzug export` and `schachzug push`: the graph for other tools, and for triple stores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from schachzug.cli.asking import Language
from schachzug.cli.looking import Graph
from schachzug.cli.talk import plural, progress, put, say
from schachzug.errors import StoreError

_STATE = "pushed.jsonl"


def add_commands(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("export")(export)
    app.command("push")(push)


def export(
    format: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="NAME",
            help="ttl, trig, nq, jsonld, owl, nanopublications, reifiers, graphml, gexf, csv, events, catalogue, bulk.",
        ),
    ],
    on: Graph = Path("out"),
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE", help="Where to write to, - is standard output; a folder for bulk."),
    ] = Path("-"),
    language: Annotated[Language, typer.Option(help="Language of names, where a format has only one.")] = Language.EN,
) -> None:
    """Write the graph in another format.

    Besides RDF there are nanopublications (one a claim), RDF 1.2 reifiers, GraphML and GEXF of the network of actors,
    a table of claims (csv), PLOVER-style events (JSON Lines), the catalogue of the stored questions, and bulk files
    for the loaders of Oxigraph and Virtuoso.
    """
    if str(out) == "-":
        _to_standard_output(on, format, language.value)
        return
    _export(on, format, out, language.value)
    say(f"written to {out}")


def _export(on: Path, format: str, target: Path, language: str) -> None:
    from schachzug import exports
    from schachzug.graph_sources import stored_graph
    from schachzug.serialise import FORMATS, write_graph

    if format not in FORMATS:
        exports.export(on, format, target, language=language)
        return
    store = stored_graph(on)
    with _scratch(target.parent) as folder:
        [path] = write_graph(store, folder, [format])
        _replace(path, target)


def _to_standard_output(on: Path, format: str, language: str) -> None:
    if format == "bulk":
        raise typer.BadParameter("bulk writes a folder", param_hint="--out")
    with _scratch(None) as folder:
        path = folder / "export"
        _export(on, format, path, language)
        put(path.read_bytes().decode(), end="")


@contextmanager
def _scratch(parent: Path | None) -> Iterator[Path]:
    """A folder that is gone afterwards."""
    import tempfile

    try:
        with tempfile.TemporaryDirectory(prefix=".export-", dir=parent) as folder:
            yield Path(folder)
    except OSError as error:
        raise StoreError(
            f"cannot be written: {error.strerror or error}", where=parent, hint="Choose another place"
        ) from error


def _replace(path: Path, target: Path) -> None:
    if target.is_dir():
        raise StoreError("is a folder", where=target, hint="Name a file")
    path.replace(target)


def push(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of the server's Graph Store Protocol.")],
    on: Annotated[
        Path,
        typer.Option("--on", metavar="PATH", help="A folder that build wrote, a file of RDF, or a store's folder."),
    ] = Path("out"),
    state: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=f"What has arrived is noted here. Default: {_STATE} beside the graph."),
    ] = None,
    default_graph: Annotated[
        str | None,
        typer.Option(metavar="IRI", help="The name for statements of no named graph, for servers that demand one."),
    ] = None,
) -> None:
    """Send the graph to a triple store.

    An interrupted push goes on where it stopped; a later one sends what has changed. The address of Oxigraph ends in
    /store, that of Virtuoso in /sparql-graph-crud. User and password come from SCHACHZUG_USER and SCHACHZUG_PASSWORD,
    or from a netrc file.
    """
    from schachzug.push import push as push_graph

    remembered = state or (on if on.is_dir() else on.parent) / _STATE
    done = 0

    with progress("graphs sent") as advance:

        def moved(count: int, _total: int) -> None:
            nonlocal done
            advance(count - done)
            done = count

        report = push_graph(on, url, state=remembered, default_graph=default_graph, progress=moved)
    say(
        f"{plural(report.sent, 'graph')} sent with {plural(report.statements, 'statement')}; "
        f"{report.unchanged} unchanged, {report.removed} removed"
    )
