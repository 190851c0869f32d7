"""Every term is described, every term in use exists, and what is said twice says the same."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pyhornedowl
import pyoxigraph as ox
import pytest

from schachzug import __version__
from schachzug.iris import SZ
from schachzug.resources import resource
from schachzug.shapes import load_shapes
from schachzug.types import Modality, QuotationKind

_ROOT = Path(__file__).parents[2]
_ONTOLOGY = resource("ontology")
_MODULES = ("schachzug.ttl", "actors.ttl", "claims.ttl", "statements.ttl")
_TURTLE = sorted(p for p in _ONTOLOGY.rglob("*.ttl") if "lexicon" not in p.parts)
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_OWL = "http://www.w3.org/2002/07/owl#"
_OURS = "https://w3id.org/schachzug/ontology"

Facts = dict[str, dict[str, list[ox.NamedNode | ox.Literal]]]


@pytest.fixture(scope="module")
def terms(ontology: list[ox.Triple]) -> Facts:
    """What is said of each term of Schachzug, by local name and property."""
    found: Facts = defaultdict(lambda: defaultdict(list))
    for t in ontology:
        if isinstance(t.subject, ox.NamedNode) and t.subject.value.startswith(SZ):
            if isinstance(t.object, ox.NamedNode | ox.Literal):
                found[t.subject.value.removeprefix(SZ)][t.predicate.value].append(t.object)
            else:
                found[t.subject.value.removeprefix(SZ)][t.predicate.value] += []
    return found


def test_every_term_has_two_labels_and_a_definition(terms: Facts) -> None:
    assert len(terms) > 120
    poor = []
    for name, facts in terms.items():
        labels = [v for v in facts[f"{_RDFS}label"] if isinstance(v, ox.Literal)]
        if sorted(str(label.language) for label in labels) != ["de", "en"]:
            poor.append(f"{name}: labels {labels}")
        definitions = [v for v in facts[f"{_SKOS}definition"] if isinstance(v, ox.Literal)]
        if len(definitions) != 1 or not definitions[0].value.endswith("."):
            poor.append(f"{name}: definitions {definitions}")
    assert not poor


def test_names_have_the_case_of_their_kind(terms: Facts) -> None:
    for name, facts in terms.items():
        is_class = ox.NamedNode(f"{_OWL}Class") in facts[f"{_RDF}type"]
        assert name[0].isupper() is is_class, name


def test_every_property_of_objects_and_data_has_a_domain_or_a_range(terms: Facts) -> None:
    kinds = {ox.NamedNode(f"{_OWL}ObjectProperty"), ox.NamedNode(f"{_OWL}DatatypeProperty")}
    bare = [
        name
        for name, facts in terms.items()
        if kinds & set(facts[f"{_RDF}type"]) and not {f"{_RDFS}domain", f"{_RDFS}range"} & facts.keys()
    ]
    assert not bare


def test_the_contract_is_kept(terms: Facts) -> None:
    contract = (Path(__file__).parent / "contract.txt").read_text(encoding="utf-8").split()
    assert len(contract) > 70
    assert not set(contract) - terms.keys()


def _used(text: str) -> set[str]:
    return {m for m in re.findall(r"(?<![\w-])sz:([A-Za-z]\w*)", text)}


@pytest.mark.parametrize(
    "folder", ["ontology", "queries", "seeds/entities", "tests/shapes", "tests/ontology", "tests/queries"]
)
def test_every_term_in_use_exists(folder: str, terms: Facts) -> None:
    missing = {
        f"{path.relative_to(_ROOT)}: sz:{name}"
        for path in sorted((_ROOT / folder).rglob("*"))
        if path.suffix in (".ttl", ".rq", ".trig")
        for name in _used(path.read_text(encoding="utf-8")) - terms.keys()
    }
    assert not missing


def test_every_term_in_the_code_exists(terms: Facts) -> None:
    missing = set()
    for path in sorted((_ROOT / "pipeline" / "schachzug").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        names = set(re.findall(r"""\bsz\(["'](\w+)["']\)""", text)) | set(re.findall(r"\{(?:v\.)?SZ\}(\w+)", text))
        missing |= {f"{path.name}: {name}" for name in (names | _used(text)) - terms.keys()}
    assert not missing
    for value in (*Modality, *QuotationKind):
        assert value in terms


def test_every_class_that_the_lexicon_evokes_is_a_situation(terms: Facts) -> None:
    above = load_shapes().superclasses
    situation = ox.NamedNode(f"{SZ}Situation")
    situations = {c.value.removeprefix(SZ) for c, supers in above.items() if situation in supers}
    types = {
        f"{path.name}: {name}"
        for path in sorted((_ONTOLOGY / "lexicon").rglob("*.yaml"))
        for name in re.findall(r"^\s*-?\s*type: (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(types) > 5
    assert not {t for t in types if t.partition(": ")[2] not in situations}


def test_every_class_of_situations_actors_and_claims_has_a_shape(terms: Facts) -> None:
    targets = {t.iri.removeprefix(SZ) for t in load_shapes().targets if t.is_class}
    classes = {name for name, facts in terms.items() if ox.NamedNode(f"{_OWL}Class") in facts[f"{_RDF}type"]}
    assert not classes - targets


def test_shapes_name_what_is_wrong_in_two_languages() -> None:
    for shape, messages in load_shapes().messages.items():
        assert [language for language, _ in messages] == ["de", "en"], shape


def test_direct_statements_and_the_shape_of_their_axioms_name_the_same_properties(terms: Facts) -> None:
    direct = {name for name, facts in terms.items() if facts.get(f"{SZ}drawnFrom")}
    text = (_ONTOLOGY / "shapes" / "statements.ttl").read_text(encoding="utf-8")
    listed = re.search(r"sh:path owl:annotatedProperty ;.*?sh:in \((.*?)\)", text, re.DOTALL)
    assert listed is not None
    assert _used(listed[1]) == direct
    rules = [path.read_text(encoding="utf-8") for path in resource("queries", "rules").glob("*.rq")]
    assert {name for text in rules for name in re.findall(r'^#\+ property: "sz:(\w+)"', text, re.MULTILINE)} == direct


@pytest.mark.parametrize("path", _TURTLE, ids=lambda p: p.relative_to(_ONTOLOGY).as_posix())
def test_horned_owl_reads_it_strictly(path: Path) -> None:
    if "shapes" in path.parts:
        assert list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
        return
    text = path.read_text(encoding="utf-8")
    triples = ox.parse(text, format=ox.RdfFormat.TURTLE)
    rdf_xml = ox.serialize((q.triple for q in triples), format=ox.RdfFormat.RDF_XML)
    assert rdf_xml is not None
    opened = pyhornedowl.open_ontology_from_string(rdf_xml.decode(), "owl")
    assert opened.get_axioms()
    assert opened.get_iri() is not None


@pytest.mark.parametrize("path", [p for p in _TURTLE if "shapes" not in p.parts], ids=lambda p: p.stem)
def test_every_module_has_its_version_and_licence(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    stem = "" if path.stem == "schachzug" else f"/{path.relative_to(_ONTOLOGY).with_suffix('').as_posix()}"
    assert f"<{_OURS}{stem}> a owl:Ontology ;" in text
    assert f"owl:versionIRI <{_OURS}/{__version__}{stem}>" in text
    assert f'owl:versionInfo "{__version__}"' in text
    assert "dcterms:license <https://creativecommons.org/licenses/by/4.0/>" in text


def test_the_catalog_leads_to_every_module_without_leaving_the_folder() -> None:
    tree = ET.parse(_ONTOLOGY / "catalog-v001.xml")
    places = {e.attrib["name"]: e.attrib["uri"] for e in tree.iter() if e.tag.endswith("}uri")}
    modules = {p.relative_to(_ONTOLOGY).as_posix() for p in _TURTLE if "shapes" not in p.parts}
    assert set(places.values()) == modules
    for name, uri in places.items():
        text = (_ONTOLOGY / uri).read_text(encoding="utf-8")
        assert f"<{name}> a owl:Ontology" in text
        for block in re.findall(r"owl:imports (.*?) ;", text, re.DOTALL):
            assert set(re.findall(r"<(.*?)>", block)) <= places.keys()


def test_shapes_have_the_stems_of_the_modules() -> None:
    assert {p.name for p in (_ONTOLOGY / "shapes").glob("*.ttl")} == set(_MODULES)


def test_the_file_in_rdf_xml_is_current(load_tool: Callable[[str], object]) -> None:
    tool = load_tool("build_owl")
    made = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in tool.merged())  # type: ignore[attr-defined]
    kept = ox.Dataset(ox.parse(path=str(_ONTOLOGY / "schachzug.owl"), format=ox.RdfFormat.RDF_XML))
    for dataset in (made, kept):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert made == kept, "run pipeline/tools/build_owl.py"


def test_every_competency_question_is_answered_by_a_stored_query() -> None:
    text = (_ROOT / "docs" / "competency-questions.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z-]+)`", text.partition("| question")[2]))
    stored = {p.stem for p in resource("queries", "answers").glob("*.rq")}
    assert len(named) >= 15
    assert named == stored
