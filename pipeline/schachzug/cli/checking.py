"""`schachzug validate`: whether a graph is what it should be."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from schachzug.cli.talk import plural, put, say

_SHOWN = 200


def add_commands(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("validate")(validate)


def validate(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A folder that build wrote, or a file of RDF.")],
    all: Annotated[bool, typer.Option("--all", help=f"List every violation, not only the first {_SHOWN}.")] = False,
) -> None:
    """Check a graph against the shapes and the stored checks.

    Each violation is a line of standard output. Exit code 1 means that there was one. A shape that found nothing to
    look at is reported as not checked, never as passed.
    """
    from schachzug.checks import checks, violations
    from schachzug.graph_sources import StoreSource, stored_graph
    from schachzug.validation import validate as check

    store = stored_graph(path)
    report = check(store)
    broken = violations(StoreSource(store))
    lines = [f"{finding.focus}: {finding}" for finding in report.findings]
    lines += [f"{violation.node}: {violation.statement} [{violation.check}]" for violation in broken]
    for line in lines if all else lines[:_SHOWN]:
        put(line)
    if not all and len(lines) > _SHOWN:
        say(f"… and {len(lines) - _SHOWN} more; --all lists them")
    looked = len(report.checked) - len(report.not_checked)
    say(f"checked by {report.engine}: {plural(looked, 'shape')} and {plural(len(checks()), 'stored check')}")
    if report.not_checked:
        names = ", ".join(shape.rpartition("#")[2] for shape in report.not_checked)
        say(f"not checked, for nothing in the graph is of their kind: {names}")
    if lines:
        say(f"the graph does not conform: {plural(len(lines), 'violation')}")
        raise typer.Exit(1)
    say("the graph conforms")
