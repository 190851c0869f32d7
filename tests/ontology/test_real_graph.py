"""The graph of the real article: consistent for HermiT, whole for OWLAPI, conforming for pyshacl."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from schachzug.articles import read_articles
from schachzug.line import Options, build
from schachzug.resources import resource
from schachzug.validation import validate

Found = dict[str, list[str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the graph of seeds/articles was built."""
    out = tmp_path_factory.mktemp("out")
    report = build(read_articles([resource("seeds", "articles")]), out=out, options=Options(formats=("ttl", "owl")))
    assert not report.errors
    return out


@pytest.mark.slow
def test_hermit_finds_it_consistent_with_the_ontology(
    folder: Path,
    ontology: list[ox.Triple],
    read: Callable[[Path], list[ox.Triple]],
    reason: Callable[[Iterable[ox.Triple]], list[str] | None],
) -> None:
    graph = read(folder / "graph.ttl")
    assert len(graph) > 1000
    assert reason([*ontology, *graph]) == []


@pytest.mark.parametrize(("name", "syntax", "parser"), [("ttl", "turtle", "Turtle"), ("owl", "rdfxml", "RDFXML")])
def test_owlapi_loads_all_of_it_as_owl_2_dl(
    name: str, syntax: str, parser: str, folder: Path, check: Callable[[Path, str], Found]
) -> None:
    found = check(folder / f"graph.{name}", syntax)
    assert found["format"] == [f"{parser}DocumentFormat"] + ["TurtleDocumentFormat"] * 4
    for kind in ("unparsed", "guessed", "undeclared", "violation", "logged"):
        assert not found.get(kind), f"{kind}: {found[kind][:5]}"
    # Each annotated statement is one axiom; it must not have fallen apart into annotations of a blank node.
    direct = [q for q in ox.parse(path=str(folder / "graph.ttl"), format=ox.RdfFormat.TURTLE) if _is_axiom(q)]
    assert int(found["annotated"][0]) >= len(direct) > 10


def _is_axiom(quad: ox.Quad) -> bool:
    return quad.object == ox.NamedNode("http://www.w3.org/2002/07/owl#Axiom")


def test_pyshacl_finds_that_it_conforms(folder: Path) -> None:
    triples = [q.triple for q in ox.parse(path=str(folder / "graph.ttl"), format=ox.RdfFormat.TURTLE)]
    report = validate(triples)
    assert report.conforms, [str(f) for f in report.findings]
    assert "pyshacl" in report.engine
    checked = {shape.rpartition("#")[2] for shape, nodes in report.checked if nodes}
    assert {"Claim", "Sentence", "Phrase", "Article", "QuotesItsText", "State", "InfluenceLoss"} <= checked
