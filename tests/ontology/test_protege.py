"""OWLAPI, the library that Protégé is built on, reads ontology and graph: all of it, as OWL 2 DL, guessing nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from schachzug.resources import resource

_HERE = Path(__file__).parent
_HEADER = (
    "<https://w3id.org/schachzug/resource/test> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
    "<http://www.w3.org/2002/07/owl#Ontology> ;\n"
    "  <http://www.w3.org/2002/07/owl#imports> <https://w3id.org/schachzug/ontology> .\n"
)

Found = dict[str, list[str]]
Check = Callable[[Path, str], Found]


@pytest.fixture(scope="module")
def main(check: Check) -> Found:
    """What OWLAPI finds in the ontology."""
    return check(resource("ontology", "schachzug.ttl"), "turtle")


def _assert_clean(found: Found, files: int, parser: str = "TurtleDocumentFormat") -> None:
    assert found["format"] == [parser] + ["TurtleDocumentFormat"] * (files - 1)
    for kind in ("unparsed", "guessed", "undeclared", "violation", "logged"):
        assert not found.get(kind), f"{kind}: {found[kind][:5]}"


def test_the_ontology_is_owl_2_dl(main: Found) -> None:
    _assert_clean(main, 4)
    assert int(main["logical"][0]) > 300


@pytest.mark.parametrize("path", sorted(resource("ontology", "alignments").glob("*.ttl")), ids=lambda p: p.stem)
def test_each_alignment_is_owl_2_dl_and_finds_its_imports(path: Path, check: Check, main: Found) -> None:
    found = check(path, "turtle")
    _assert_clean(found, 5)
    assert int(found["axioms"][0]) > int(main["axioms"][0])


def test_the_file_in_rdf_xml_says_the_same(check: Check, main: Found) -> None:
    found = check(resource("ontology", "schachzug.owl"), "rdfxml")
    _assert_clean(found, 1, "RDFXMLDocumentFormat")
    assert found["logical"] == main["logical"]


def test_a_graph_with_all_known_entities_is_owl_2_dl(check: Check, tmp_path: Path) -> None:
    files = [*sorted(resource("seeds", "entities").glob("*.ttl")), _HERE.parent / "shapes" / "valid" / "example.ttl"]
    graph = tmp_path / "graph.ttl"
    graph.write_text(_HEADER + "\n".join(f.read_text(encoding="utf-8") for f in files), encoding="utf-8")
    found = check(graph, "turtle")
    _assert_clean(found, 5)
    assert int(found["logical"][0]) > 10_000


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ("szr:x sz:memberOf 'y' .", "violation"),
        ("szr:x szr:unheardOf szr:y .", "undeclared"),
        ("szr:x a szr:UnheardOf .", "undeclared"),
        ("sz:relatedTo a owl:FunctionalProperty .", "violation"),
        ("sz:actor a owl:AnnotationProperty .", "logged"),
        ("szr:x owl:onProperty sz:actor .", "logged"),
    ],
    ids=["text-for-a-thing", "property", "class", "not-simple", "punning", "half-a-restriction"],
)
def test_the_check_finds_what_is_wrong(wrong: str, kind: str, check: Check, tmp_path: Path) -> None:
    prefixes = (
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n@prefix sz: <https://w3id.org/schachzug/ontology#> .\n"
        "@prefix szr: <https://w3id.org/schachzug/resource/> .\n"
    )
    path = tmp_path / "wrong.ttl"
    path.write_text(_HEADER + prefixes + wrong + "\n", encoding="utf-8")
    assert check(path, "turtle").get(kind)


def test_a_truncated_file_is_no_ontology(check: Check, tmp_path: Path) -> None:
    path = tmp_path / "half.ttl"
    text = resource("ontology", "schachzug.ttl").read_text(encoding="utf-8")
    path.write_text(text[: len(text) // 2], encoding="utf-8")
    with pytest.raises(AssertionError, match="Exception"):
        check(path, "turtle")
