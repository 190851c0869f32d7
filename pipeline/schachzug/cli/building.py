"""`schachzug build`, `forget` and `recover`: making graphs and keeping stores."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from schachzug.cli.reader import Model
from schachzug.cli.talk import plural, progress, say

Store = Annotated[Path, typer.Option("--store", metavar="DIR", help="The folder of the store.")]


def add_commands(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("build")(build)
    app.command("forget")(forget)
    app.command("recover")(recover)


def build(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT…", help="Articles: text, Markdown, HTML or JSONL files, folders of them, or -."),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Write the graph into this folder."),
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep a store here from build to build; what it has is not read again."),
    ] = None,
    reread: Annotated[
        bool, typer.Option("--reread", help="Read again what another model or lexicon has read into the store.")
    ] = False,
    workers: Annotated[int, typer.Option(min=1, metavar="N", help="Read in so many processes.")] = 1,
    scheduler: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Read on the workers of the Dask cluster with this scheduler.")
    ] = "",
    strict: Annotated[
        bool, typer.Option("--strict", help="Let pyshacl check every article, not only a sample of them.")
    ] = False,
    model: Model = None,
) -> None:
    """Read articles into a knowledge graph.

    The folder gets the graph as Turtle, TriG, N-Quads, JSON-LD and RDF/XML, its store, a report, and what was
    rejected, with the reasons. An input that cannot be read is named, the others are still read, and the exit code
    is 3.
    """
    from schachzug.articles import read_articles
    from schachzug.line import Options
    from schachzug.line import build as build_graph
    from schachzug.model import BUNDLED

    if out is None and store is None:
        raise typer.BadParameter("say where the graph goes: --out DIR, or --store DIR", param_hint="--out")
    if scheduler and workers > 1:
        raise typer.BadParameter("a cluster has workers of its own: leave it out", param_hint="--workers")
    options = Options(reread=reread, workers=workers, scheduler=scheduler, model=model or BUNDLED, strict=strict)
    with progress("articles read") as advance:
        report = build_graph(
            read_articles(inputs), out=out, store=store, options=options, progress=lambda _identifier: advance()
        )
    for error in report.errors:
        say(f"error: {error}")
    for line in report.lines():
        say(line)
    if report.files:
        say(f"written to {out}: {', '.join(path.name for path in report.files)}")
    if report.exit_code:
        raise typer.Exit(report.exit_code)


def forget(
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="Ids of articles.")],
    store: Store,
) -> None:
    """Remove articles from a store, with all that followed from them."""
    from schachzug.errors import QuestionError
    from schachzug.line import forget as forget_articles

    unknown = forget_articles(store, ids)
    say(f"{plural(len(ids) - len(unknown), 'article')} forgotten")
    if unknown:
        raise QuestionError(f"the store has no article {', '.join(map(repr, unknown))}", hint="Check the ids")


def recover(store: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a damaged store.")]) -> None:
    """Make a damaged store whole again, as far as it can be read."""
    from schachzug.store import recover as recover_store

    say(f"the store is whole again, with {plural(recover_store(store), 'article')}")
