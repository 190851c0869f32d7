"""The graph of the real article: consistent for HermiT, whole for OWLAPI, conforming for pyshacl."""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from schachzug.articles import read_articles
from schachzug.line import Options, build
from schachzug.resources import resource
from schachzug.serialise import CATALOG
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


@pytest.mark.parametrize("moved", [False, True])
@pytest.mark.parametrize(("name", "parser"), [("ttl", "Turtle"), ("owl", "RDFXML")])
def test_owlapi_finds_the_ontology_by_the_catalog_beside_the_graph(
    name: str, parser: str, moved: bool, folder: Path, check: Callable[[Path, str, Path], Found], tmp_path: Path
) -> None:
    """As Protégé does when it opens the graph: nothing is fetched, also where the folder was moved to."""
    if moved:
        folder = Path(shutil.copytree(folder, tmp_path / "elsewhere", ignore=shutil.ignore_patterns("store")))
    found = check(folder / f"graph.{name}", {"ttl": "turtle", "owl": "rdfxml"}[name], folder / CATALOG)
    assert sorted(found["format"]) == sorted([f"{parser}DocumentFormat", "RDFXMLDocumentFormat"])
    for kind in ("unparsed", "guessed", "undeclared", "violation", "logged"):
        assert not found.get(kind), f"{kind}: {found[kind][:5]}"


def _catalog(folder: Path) -> dict[str, Path]:
    """The entries of the catalog of a folder: the name that is imported, and the file that it is."""
    tree = ET.parse(folder / CATALOG)
    return {e.attrib["name"]: folder / e.attrib["uri"] for e in tree.iter() if e.tag.endswith("}uri")}


def test_rdflib_resolves_every_import_by_the_catalog(folder: Path) -> None:
    entries = _catalog(folder)
    assert all(path.is_file() and path.parent == folder for path in entries.values())
    graph = rdflib.Graph().parse(folder / "graph.ttl")
    imports = set(map(str, graph.objects(None, rdflib.OWL.imports)))
    assert imports == entries.keys()
    before = len(graph)
    for name in imports:
        graph.parse(entries[name], format="xml")
        assert (rdflib.URIRef(name), rdflib.RDF.type, rdflib.OWL.Ontology) in graph
    assert len(graph) > before + 300
    # All that was imported is there: the ontology imports nothing more.
    assert set(map(str, graph.objects(None, rdflib.OWL.imports))) == entries.keys()


def test_owlready_loads_the_graph_with_its_import(folder: Path) -> None:
    import owlready2

    world = owlready2.World()
    for name, path in _catalog(folder).items():
        with path.open("rb") as stream:
            world.get_ontology(name).load(fileobj=stream)
    with (folder / "graph.owl").open("rb") as stream:
        graph = world.get_ontology("https://w3id.org/schachzug/resource/graph").load(fileobj=stream, only_local=True)
    assert [one.name for one in graph.imported_ontologies]
    claim = world["https://w3id.org/schachzug/ontology#Claim"]
    assert claim is not None
    assert len(list(claim.instances())) > 5


def _is_axiom(quad: ox.Quad) -> bool:
    return quad.object == ox.NamedNode("http://www.w3.org/2002/07/owl#Axiom")


def test_pyshacl_finds_that_it_conforms(folder: Path) -> None:
    triples = [q.triple for q in ox.parse(path=str(folder / "graph.ttl"), format=ox.RdfFormat.TURTLE)]
    report = validate(triples)
    assert report.conforms, [str(f) for f in report.findings]
    assert "pyshacl" in report.engine
    checked = {shape.rpartition("#")[2] for shape, nodes in report.checked if nodes}
    assert {"Claim", "Sentence", "Phrase", "Article", "QuotesItsText", "State", "InfluenceLoss"} <= checked
