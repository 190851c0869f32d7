"""Checks: queries that must find nothing in any graph that was built (`queries/checks/*-violation.rq`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from schachzug.graph_sources import GraphSource, open_graph
from schachzug.query_text import check_query
from schachzug.question_files import Question, read_question
from schachzug.resources import resource

TIME_LIMIT = 300.0


@dataclass(frozen=True)
class Violation:
    """A resource that breaks what a check states; `check` is the name of its file."""

    check: str
    statement: str
    node: str


def checks() -> tuple[Question, ...]:
    """Every check, in order of name.

    Raises:
        ResourceError: a file is missing or its header is broken.
    """
    return tuple(read_question(path) for path in sorted(resource("queries", "checks").glob("*-violation.rq")))


def violations(graph: str | Path | ox.Store | GraphSource, *, seconds: float = TIME_LIMIT) -> tuple[Violation, ...]:
    """All that the checks find in a graph; nothing, if all is well.

    Args:
        graph: what `graph_sources.open_graph` takes, or what it gave.
        seconds: time limit of each check.

    Raises:
        QuestionError: a check was not done in time.
        StoreError: the graph cannot be opened.
    """
    source = open_graph(graph) if isinstance(graph, str | Path | ox.Store) else graph
    found = set()
    for check in checks():
        check_query(check.text, check.path)
        names, rows = source.select(check.text, seconds, ours=True)
        place = names.index("node")
        for row in rows:
            node = str(getattr(row[place], "value", row[place]))
            found.add(Violation(check.name, check.title("en"), node))
    return tuple(sorted(found, key=lambda v: (v.check, v.node)))
