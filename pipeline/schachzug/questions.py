"""Stored questions: listing them, and asking one of a graph.

    >>> "losing-influence" in [question.name for question in questions()]
    True

An answer is read-only and has a time limit; what a user gives is bound as RDF terms (see `query_text`), and a query of
somebody's own is answered in a process of its own (see `query_process`).
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox

from schachzug.answers import Answer
from schachzug.errors import QuestionError
from schachzug.graph_sources import GraphSource, open_graph
from schachzug.query_text import Term, bind, check_query
from schachzug.question_files import LANGUAGES, Question, read_question
from schachzug.question_parameters import terms_of
from schachzug.resources import resource
from schachzug.tables import Table

TIME_LIMIT = 30.0


@functools.cache
def questions() -> tuple[Question, ...]:
    """Every stored question, in order of name.

    Raises:
        ResourceError: a query file is missing or its header is broken.
    """
    return tuple(read_question(path) for path in sorted(resource("queries", "answers").glob("*.rq")))


def question(name: str | Path) -> Question:
    """One stored question by name, or a query file of one's own by path (ending in .rq).

    Raises:
        QuestionError: there is none of that name; the message names similar ones.
    """
    if isinstance(name, Path) or name.endswith(".rq"):
        return read_question(Path(name))
    stored = {one.name: one for one in questions()}
    if name not in stored:
        close = difflib.get_close_matches(name, stored, n=3, cutoff=0.4)
        hint = f"Did you mean {', '.join(close)}?" if close else "`schachzug questions` lists them"
        raise QuestionError(f"no stored question {name!r}", hint=hint)
    return stored[name]


def ask(
    name: str | Path | Question,
    graph: str | Path | ox.Store | GraphSource,
    params: Mapping[str, str] | None = None,
    language: str = "de",
    *,
    seconds: float = TIME_LIMIT,
) -> Table:
    """Put a question to a graph.

    Args:
        name: the name of a stored question, the path of a .rq file, or a Question.
        graph: what `graph_sources.open_graph` takes, or what it gave (open once, ask often).
        params: parameters by name; a resource is named by IRI, by prefixed name (szr:Russia) or by label.
        language: "de" or "en": of headings and names.
        seconds: time limit.

    Raises:
        QuestionError: no such question or parameter, a value that does not fit, not a SELECT query, or out of time.
        StoreError: the graph cannot be opened or the server refuses.
    """
    if language not in LANGUAGES:
        raise QuestionError(f"no language {language!r}", hint=f"Choose one of {', '.join(LANGUAGES)}")
    asked = name if isinstance(name, Question) else question(name)
    check_query(asked.text, asked.path)
    _check_names(asked, params or {})
    source = open_graph(graph) if isinstance(graph, str | Path | ox.Store) else graph
    bound, free = _bindings(asked, params or {}, source, language, seconds)
    answer = Answer(asked.columns)
    source.select(bind(asked.text, bound, free), seconds, ours=_ships(asked), take=answer.take)
    labels = _labels(answer.named, source, language, seconds)
    rows = tuple(answer.rows(asked.order, labels))
    return Table(asked.name, asked.title(language), answer.columns, rows, labels, language)


def _ships(asked: Question) -> bool:
    """Whether a question is one of the stored ones, and no query file of somebody's own."""
    return asked.path.parent == resource("queries", "answers")


def _check_names(asked: Question, params: Mapping[str, str]) -> None:
    known = [parameter.name for parameter in asked.parameters]
    for given in params:
        if given not in known:
            close = difflib.get_close_matches(given, known, n=1, cutoff=0.4)
            takes = f"It takes {', '.join(known)}" if known else "It takes none"
            hint = f"Did you mean {close[0]!r}? {takes}" if close else takes
            raise QuestionError(f"{asked.name} has no parameter {given!r}", hint=hint)


def _bindings(
    asked: Question, params: Mapping[str, str], source: GraphSource, language: str, seconds: float
) -> tuple[dict[str, Sequence[Term]], list[str]]:
    bound: dict[str, Sequence[Term]] = {}
    free = []
    for parameter in asked.parameters:
        text = params.get(parameter.name, parameter.default)
        if text is None:
            free.append(parameter.variable)
        else:
            bound[parameter.variable] = terms_of(parameter, text, source, language, seconds)
    return bound, free


def _labels(wanted: set[str], source: GraphSource, language: str, seconds: float) -> dict[str, str]:
    """The best name of every resource that is shown by name."""
    own = _ontology_labels(language)
    labels = {iri: own[iri] for iri in wanted & own.keys()}
    best: dict[str, tuple[int, str]] = {}
    for iri, text, tag in source.labels(sorted(wanted - own.keys()), seconds):
        rank = (0 if tag == language else 1 if not tag else 2, text)
        if iri not in best or rank < best[iri]:
            best[iri] = rank
    return labels | {iri: text for iri, (_, text) in best.items()}


@functools.cache
def _ontology_labels(language: str) -> Mapping[str, str]:
    """The names of the ontology's own terms, so that they are known where a graph does not carry the ontology."""
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    found = {}
    for path in sorted(resource("ontology").glob("*.ttl")):
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            subject, text = quad.subject, quad.object
            if quad.predicate.value != label or not isinstance(text, ox.Literal) or text.language != language:
                continue
            if isinstance(subject, ox.NamedNode):
                found[subject.value] = text.value
    return found
