"""Query texts: refusing what is more than a question, and binding parameters as RDF terms.

A parameter stands in a query as a VALUES block of its own, such as `VALUES ?actor { UNDEF }`, so that the file is
valid SPARQL by itself. Binding replaces the block by terms that pyoxigraph has serialised; text that a user
gave is never read as SPARQL.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox

from schachzug.errors import QuestionError

Term = ox.NamedNode | ox.Literal

# The parts of a SPARQL text that can hide a keyword come first: comments, IRIs, strings, variables and names.
_TOKEN = re.compile(
    r"""(?P<skip>\#[^\n]*|<[^<>"{}|^`\\\s]*>|\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''"""
    r"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[?$]\w+|@[A-Za-z-]+|[\w.%-]*:[\w.%:-]*)|(?P<word>[A-Za-z]+)""",
    re.DOTALL,
)
_BLOCK = r"VALUES\s+\?(?P<name>%s)\s*\{[^{}]*\}"


@functools.lru_cache(maxsize=256)
def check_query(text: str, where: str | Path) -> None:
    """Refuse whatever is not a SELECT query on the graph at hand.

    Updates, SERVICE (a query that leaves the graph) and FROM (which some servers fetch from the network) are refused.

    Raises:
        QuestionError: says which of these it is, with the line of a syntax error.
    """
    words = [match.group("word").upper() for match in _TOKEN.finditer(text) if match.group("word")]
    for word, reason in (("SERVICE", "would ask another server"), ("FROM", "would name graphs of its own")):
        if word in words:
            hint = f"Remove {word}: questions are put to one graph"
            raise QuestionError(f"the query uses {word}, which {reason}", where=where, hint=hint)
    try:
        # Parsing as a query is what refuses an update: SPARQL has a grammar of its own for those.
        result = ox.Store().query(text)
    except SyntaxError as error:
        hint = "Only SELECT queries of SPARQL 1.1 can be asked; updates never"
        raise QuestionError(f"not a query: {error.msg}", where=where, line=error.lineno, hint=hint) from error
    if not isinstance(result, ox.QuerySolutions):
        raise QuestionError("the query is no SELECT", where=where, hint="Write SELECT … WHERE { … }")


def bind(text: str, values: Mapping[str, Sequence[Term]], free: Sequence[str] = ()) -> str:
    """Put terms into the VALUES blocks of a query.

    Args:
        text: the query.
        values: the terms of each variable that is to be bound (several: any of them).
        free: variables that are not bound; their blocks are taken out, because not every server takes UNDEF.

    >>> bind("SELECT * { VALUES ?a { UNDEF } ?a ?b ?c }", {"a": [ox.Literal('"} #')]})
    'SELECT * { VALUES ?a { "\\\\"} #" } ?a ?b ?c }'

    Raises:
        QuestionError: the query has no VALUES block for a variable.
    """
    names = [*values, *free]
    if not names:
        return text
    found = set()

    def replace(match: re.Match[str]) -> str:
        name = match.group("name")
        found.add(name)
        return "" if name not in values else f"VALUES ?{name} {{ {' '.join(str(term) for term in values[name])} }}"

    bound = re.sub(_BLOCK % "|".join(re.escape(name) for name in names), replace, text)
    missing = [name for name in names if name not in found]
    if missing:
        hint = f"Write VALUES ?{missing[0]} {{ UNDEF }} where it is to be bound"
        raise QuestionError(f"the query has no place for {missing[0]!r}", hint=hint)
    return bound


def without_header(text: str) -> str:
    """The query without its lines of comment at the top, as it is sent to a server."""
    lines = text.splitlines()
    start = next((i for i, line in enumerate(lines) if line.strip() and not line.startswith("#")), 0)
    return "\n".join(lines[start:]) + "\n"
