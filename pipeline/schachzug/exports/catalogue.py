"""The stored questions as a catalogue in the vocabulary of sib-swiss' sparql-examples (SHACL executables)."""

from __future__ import annotations

from typing import BinaryIO

import pyoxigraph as ox

from schachzug.iris import SZ
from schachzug.query_text import without_header
from schachzug.question_files import Question
from schachzug.questions import questions
from schachzug.vocabulary import PREFIXES

BASE = "https://w3id.org/schachzug/question/"
_SH = "http://www.w3.org/ns/shacl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SCHEMA = "https://schema.org/"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_PREFIXES = {"ex": BASE, "sh": _SH, "rdf": _RDF, "rdfs": _RDFS, "schema": _SCHEMA, "sz": SZ, "xsd": _XSD}


def write_catalogue(stream: BinaryIO, endpoint: str = "http://127.0.0.1:7878/query") -> int:
    """Write the catalogue as Turtle; the number of questions.

    Args:
        stream: where to.
        endpoint: the address at which the questions can be asked.
    """
    stored = questions()
    declarations = ox.BlankNode("sparql_examples_prefixes")
    triples = [triple for question in stored for triple in _example(question, endpoint, declarations)]
    for name, iri in PREFIXES.items():
        one = ox.BlankNode(f"prefix_{name}")
        triples.append(ox.Triple(declarations, ox.NamedNode(f"{_SH}declare"), one))
        triples.append(ox.Triple(one, ox.NamedNode(f"{_SH}prefix"), ox.Literal(name)))
        address = ox.Literal(iri, datatype=ox.NamedNode(f"{_XSD}anyURI"))
        triples.append(ox.Triple(one, ox.NamedNode(f"{_SH}namespace"), address))
    ox.serialize(triples, output=stream, format=ox.RdfFormat.TURTLE, prefixes=_PREFIXES)
    return len(stored)


def _example(question: Question, endpoint: str, declarations: ox.BlankNode) -> list[ox.Triple]:
    node = ox.NamedNode(BASE + question.name)

    def say(term: str, value: ox.NamedNode | ox.BlankNode | ox.Literal) -> ox.Triple:
        return ox.Triple(node, ox.NamedNode(term), value)

    triples = [
        say(f"{_RDF}type", ox.NamedNode(f"{_SH}SPARQLExecutable")),
        say(f"{_RDF}type", ox.NamedNode(f"{_SH}SPARQLSelectExecutable")),
        say(f"{_SH}select", ox.Literal(without_header(question.text))),
        say(f"{_SCHEMA}target", ox.NamedNode(endpoint)),
        say(f"{_SH}prefixes", declarations),
    ]
    triples += [say(f"{_RDFS}label", ox.Literal(text, language=tag)) for tag, text in sorted(question.titles.items())]
    triples += [say(f"{_RDFS}comment", ox.Literal(t, language=tag)) for tag, t in sorted(question.summaries.items())]
    words = [word for word in question.name.split("-") if len(word) > 2]
    triples += [say(f"{_SCHEMA}keywords", ox.Literal(word)) for word in words]
    return triples
