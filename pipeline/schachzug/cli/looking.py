"""`schachzug explain` and `schachzug show`: how a sentence is read, and where a claim stands."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from schachzug.cli.reader import Model, make_reader
from schachzug.cli.talk import put

Graph = Annotated[
    Path, typer.Option("--on", metavar="PATH", help="A folder that build wrote, a store's folder, or a file of RDF.")
]


def add_commands(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("explain")(explain)
    app.command("show")(show)


def explain(
    sentence: Annotated[
        str, typer.Argument(metavar="SENTENCE", help="A German sentence, in quotes; - reads it from standard input.")
    ],
    issued: Annotated[str, typer.Option(metavar="DATE", help="The date that times are told from: 2022-01-15.")] = "",
    model: Model = None,
) -> None:
    """Show each step of the reading for one sentence.

    Its parse as a tree, the entities that it mentions, reported speech, the entries of the lexicon that fired, and
    the claims.
    """
    from schachzug.explain import explain as explained

    text = sys.stdin.read() if sentence == "-" else sentence
    put(explained(make_reader(model), text, issued=issued))


def show(
    iri: Annotated[str, typer.Argument(metavar="IRI", help="A claim, such as szr:claim-0123456789abcdef.")],
    on: Graph = Path("out"),
) -> None:
    """Show a claim with its sentence, what stands around it, and its source.

    An entity, a situation, a sentence or an article shows the claims that it is part of.
    """
    from schachzug.graph_sources import stored_graph
    from schachzug.show import show as shown

    put(shown(stored_graph(on), iri, colour=sys.stdout.isatty()))
