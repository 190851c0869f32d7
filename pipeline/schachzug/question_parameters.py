"""Turning what a user gives for a parameter into RDF terms: IRIs, prefixed names, labels, numbers, dates."""

from __future__ import annotations

import calendar
import difflib
import re
from collections.abc import Iterable

import pyoxigraph as ox

from schachzug.errors import QuestionError
from schachzug.graph_sources import GraphSource
from schachzug.iris import SZ, SZR
from schachzug.query_text import Term, bind
from schachzug.question_files import LANGUAGES, Parameter

_XSD = "http://www.w3.org/2001/XMLSchema#"
_RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_ALT_LABEL = "http://www.w3.org/2004/02/skos/core#altLabel"
_PREFIXES = {"sz:": SZ, "szr:": SZR}
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(T\d\d:\d\d:\d\dZ)?")
_EXACT = f"""
SELECT DISTINCT ?entity ?property ?label WHERE {{
  VALUES ?label {{ UNDEF }}
  VALUES ?property {{ <{_RDFS_LABEL}> <{_ALT_LABEL}> }}
  ?entity ?property ?label .
}}"""
_FOLDED = f"""
SELECT DISTINCT ?entity ?property ?label WHERE {{
  VALUES ?wanted {{ UNDEF }}
  VALUES ?property {{ <{_RDFS_LABEL}> <{_ALT_LABEL}> }}
  ?entity ?property ?label .
  FILTER (LCASE(STR(?label)) = ?wanted)
}}"""
_ALL = f"SELECT DISTINCT ?label WHERE {{ ?entity <{_RDFS_LABEL}> ?label }}"


def terms_of(parameter: Parameter, text: str, source: GraphSource, language: str, seconds: float) -> list[Term]:
    """The terms that a parameter is bound to: one, or several where a name stands for several resources.

    Args:
        parameter: the parameter, with its type.
        text: what the user gave.
        source: the graph in which names are looked up.
        language: the language whose names come first.
        seconds: time limit of the look-up.

    Raises:
        QuestionError: the text does not fit the type, or no resource has that name.
    """
    if parameter.type == "string":
        return [ox.Literal(text)]
    if parameter.type == "integer":
        if not re.fullmatch(r"[+-]?\d{1,18}", text.strip()):
            raise QuestionError(f"{parameter.name}: {text!r} is no whole number", hint="Give one such as 10")
        return [ox.Literal(str(int(text)), datatype=ox.NamedNode(f"{_XSD}integer"))]
    if parameter.type == "date":
        return [_date(parameter, text.strip())]
    return list(_resources(parameter, text.strip(), source, language, seconds))


def _date(parameter: Parameter, text: str) -> ox.Literal:
    match = _DATE.fullmatch(text)
    try:
        if not match:
            raise ValueError(text)
        year, month, day, time = int(match[1]), match[2], match[3], match[4]
        if parameter.edge == "end":
            number = int(month or 12)
            last = int(day or calendar.monthrange(year, number)[1])
            moment = f"{year:04d}-{number:02d}-{last:02d}{time or 'T23:59:59Z'}"
        else:
            moment = f"{year:04d}-{month or '01'}-{day or '01'}{time or 'T00:00:00Z'}"
        _check_day(moment)
    except ValueError as error:
        hint = "Give one such as 2022, 2022-01 or 2022-01-31"
        raise QuestionError(f"{parameter.name}: {text!r} is no date", hint=hint) from error
    return ox.Literal(moment, datatype=ox.NamedNode(f"{_XSD}dateTime"))


def _check_day(moment: str) -> None:
    from datetime import datetime

    datetime.fromisoformat(moment)


def _resources(
    parameter: Parameter, text: str, source: GraphSource, language: str, seconds: float
) -> Iterable[ox.NamedNode]:
    prefix = next((p for p in _PREFIXES if text.startswith(p)), None)
    if prefix or re.match(r"<|https?:|urn:", text):
        iri = _PREFIXES[prefix] + text.removeprefix(prefix) if prefix else text.removeprefix("<").removesuffix(">")
        return [_named_node(parameter, iri)]
    if not text:
        raise QuestionError(f"{parameter.name}: an empty name", hint="Give a name, or leave the parameter out")
    exact = [ox.Literal(text), *(ox.Literal(text, language=tag) for tag in LANGUAGES)]
    found = source.select(bind(_EXACT, {"label": exact}), seconds, ours=True)[1]
    if not found:
        found = source.select(bind(_FOLDED, {"wanted": [ox.Literal(text.lower())]}), seconds, ours=True)[1]
    ranked: dict[tuple[bool, bool], set[str]] = {}
    for entity, property_, label in found:
        if isinstance(entity, ox.NamedNode) and isinstance(property_, ox.NamedNode) and isinstance(label, ox.Literal):
            rank = (property_.value != _RDFS_LABEL, label.language not in (language, None))
            ranked.setdefault(rank, set()).add(entity.value)
    if not ranked:
        raise QuestionError(f"{parameter.name}: nothing here is called {text!r}", hint=_similar(text, source, seconds))
    return [ox.NamedNode(iri) for iri in sorted(ranked[min(ranked)])]


def _named_node(parameter: Parameter, iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        hint = "Give an absolute IRI, a name such as szr:Russia, or a label"
        raise QuestionError(f"{parameter.name}: {iri!r} is no IRI", hint=hint) from error


def _similar(text: str, source: GraphSource, seconds: float) -> str:
    labels = {row[0].value for row in source.select(_ALL, seconds, ours=True)[1] if isinstance(row[0], ox.Literal)}
    close = difflib.get_close_matches(text, sorted(labels), n=3, cutoff=0.6)
    return f"Did you mean {', '.join(close)}?" if close else "Give an IRI, a name such as szr:Russia, or a label"
