"""`schachzug export` and `schachzug push`: the graph for other tools, and for triple stores."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from schachzug.cli.talk import plural, progress, say

_STATE = "pushed.jsonl"


def add_commands(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("push")(push)


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
    sys.stdout.flush()
