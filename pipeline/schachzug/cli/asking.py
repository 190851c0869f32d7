"""`schachzug ask` and `schachzug questions`: stored questions and their answers."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schachzug.cli.talk import plural, put, say

if TYPE_CHECKING:
    from schachzug.graph_sources import GraphSource


class Format(StrEnum):
    """How answers are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class Language(StrEnum):
    """The language of titles, headings and names."""

    DE = "de"
    EN = "en"


def add_commands(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("ask")(ask)
    app.command("questions")(questions)


def ask(
    question: Annotated[
        str | None,
        typer.Argument(
            metavar="QUESTION", help="A stored question's name, or a SPARQL file of your own (ending in .rq)."
        ),
    ] = None,
    on: Annotated[
        Path,
        typer.Option("--on", metavar="PATH", help="A folder that build wrote, a file of RDF, or a store's folder."),
    ] = Path("out"),
    endpoint: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Ask a SPARQL endpoint instead, such as http://127.0.0.1:7878/query."),
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", metavar="NAME=VALUE", help="A parameter; see schachzug questions. Repeatable."),
    ] = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="How to print the answer.")] = Format.TABLE,
    language: Annotated[Language, typer.Option(help="Language of titles and names.")] = Language.EN,
    all: Annotated[bool, typer.Option("--all", help="Ask every stored question.")] = False,
    seconds: Annotated[float, typer.Option(min=0.1, help="Give up after this long.")] = 30.0,
) -> None:
    """Ask a stored question of a graph.

    A resource is named by its label (Kasachstan), by its IRI, or short (szr:Kazakhstan).
    """
    from schachzug import questions as stored
    from schachzug.cli.printing import print_answer
    from schachzug.graph_sources import open_graph

    if all == (question is not None):
        raise typer.BadParameter("name one question, or give --all", param_hint="QUESTION")
    params = _params(param or [])
    if all and params:
        raise typer.BadParameter("parameters belong to one question, not to --all", param_hint="--param")
    asked = stored.questions() if all else (stored.question(question or ""),)
    source: GraphSource = open_graph(endpoint or on)
    tables = [stored.ask(one, source, params, language.value, seconds=seconds) for one in asked]
    if format is Format.JSON:
        texts = [table.to_json().rstrip() for table in tables]
        put(f"[{','.join(texts)}]" if all else texts[0])
    elif format is Format.CSV:
        for table in tables:
            if all:
                put(f"# {table.question}")
            put(table.to_csv(), end="")
    else:
        for table in tables:
            print_answer(table)


def _params(given: list[str]) -> dict[str, str]:
    params: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"{text!r} is not of the form name=value", param_hint="--param")
        if name in params:
            raise typer.BadParameter(f"{name} is given twice", param_hint="--param")
        params[name] = value
    return params


def questions(
    format: Annotated[Format, typer.Option("--format", "-f", help="How to print the list.")] = Format.TABLE,
    language: Annotated[Language, typer.Option(help="Language of titles and descriptions.")] = Language.EN,
) -> None:
    """List the stored questions and their parameters."""
    from schachzug.questions import questions as stored

    found = stored()
    rows = [
        {
            "question": one.name,
            "title": one.title(language.value),
            "summary": one.summaries.get(language.value, ""),
            "parameters": [
                {"name": p.name, "type": p.type, "default": p.default, "about": p.descriptions.get(language.value, "")}
                for p in one.parameters
            ],
        }
        for one in found
    ]
    if format is Format.JSON:
        import json

        put(json.dumps(rows, ensure_ascii=False, indent=2))
    elif format is Format.CSV:
        import csv
        import io

        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(("question", "title", "summary", "parameters"))
        writer.writerows(
            (one.name, one.title(language.value), row["summary"], " ".join(p.name for p in one.parameters))
            for one, row in zip(found, rows, strict=True)
        )
        put(text.getvalue(), end="")
    else:
        for one in found:
            put(f"{one.name:<34}{one.title(language.value)}")
            for p in one.parameters:
                default = f"; default {p.default}" if p.default else ""
                put(f"{'':<36}--param {p.name}=…  {p.descriptions.get(language.value, '')} ({p.type}{default})")
        say(f"{plural(len(found), 'question')}. Ask one: schachzug ask NAME --on DIR")
