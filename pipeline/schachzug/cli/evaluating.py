"""`schachzug evaluate`: how well the reading agrees with a careful reader."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schachzug.cli.reader import Model, make_reader
from schachzug.cli.talk import counted, progress, put, say
from schachzug.errors import InputError

if TYPE_CHECKING:
    from schachzug.evaluation import Evaluation
    from schachzug.evaluation_gold import GoldArticle


class Format(StrEnum):
    """How scores are printed."""

    TABLE = "table"
    JSON = "json"


def add_commands(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("evaluate")(evaluate)


def evaluate(
    gold: Annotated[list[str] | None, typer.Argument(metavar="GOLD…", help="Gold files, or folders of them.")] = None,
    misses: Annotated[
        bool, typer.Option("--misses", help="List what was missed and what was wrong, with the sentences.")
    ] = False,
    articles: Annotated[bool, typer.Option("--articles", help="List the development articles one by one.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Read the development articles only.")] = False,
    on: Annotated[
        Path | None, typer.Option("--on", metavar="PATH", help="Score this graph instead of reading the articles.")
    ] = None,
    quotations: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Score the quotations of these annotated articles (JSONL).")
    ] = None,
    held_back: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Ids of held-back articles. Default: held-back.txt beside the gold files."),
    ] = None,
    figures: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the tables into this Markdown file too.")
    ] = None,
    format: Annotated[Format, typer.Option(help="How to print the scores.")] = Format.TABLE,
    model: Model = None,
) -> None:
    """Score the claims against gold files.

    Development and held-back articles stand side by side. Of held-back articles nothing but totals is shown, so that
    nobody learns from them.
    """
    from schachzug.evaluation_report import as_data, report

    if not gold and not quotations:
        raise InputError("nothing to evaluate", hint="Name gold files or folders, such as tests/gold")
    if gold:
        evaluation = _evaluation(gold, held_back, quick, on, model)
        if format is Format.JSON:
            import json

            put(json.dumps(as_data(evaluation), indent=1))
        else:
            put(report(evaluation, articles=articles, misses=misses))
        if figures:
            from schachzug.evaluation_report import figures_section
            from schachzug.figures import write_section

            write_section(figures, "evaluate", figures_section(evaluation))
            say(f"wrote the scores to {figures}")
    if quotations:
        _quotations(quotations, figures, model)


def _evaluation(
    inputs: list[str], held_back: Path | None, quick: bool, on: Path | None, model: str | None
) -> Evaluation:
    from schachzug.evaluation import Evaluation, evaluate, findings_of_graph, read_gold
    from schachzug.evaluation_gold import held_back_ids, load_gold

    golds: list[GoldArticle] = load_gold(inputs)
    held = held_back_ids(held_back, inputs)
    if quick:
        golds = [gold for gold in golds if gold.id not in held]
    if on:
        return Evaluation.of(findings_of_graph(on), golds, held)
    reader = make_reader(model)
    with progress("reading", len(golds)) as advance:
        return evaluate(reader, golds, held, counted(read_gold(reader, golds), advance))


def _quotations(path: Path, figures: Path | None, model: str | None) -> None:
    from schachzug.evaluation_quotations import evaluate_quotations, load_quoted, quotation_rows
    from schachzug.evaluation_report import as_markdown, as_text

    articles = load_quoted(path)
    with progress("reading", len(articles)) as advance:
        rows = quotation_rows(evaluate_quotations(make_reader(model), articles, advance))
    put(as_text(rows))
    if figures:
        from schachzug.figures import write_section

        write_section(figures, "quotations", as_markdown(rows))
        say(f"wrote the scores of quotations to {figures}")
