"""OWLAPI, the library that Protégé is built on, reads ontology and graph: all of it, as OWL 2 DL, guessing nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from schachzug.resources import resource

_HERE = Path(__file__).parent
_JARS = Path("/usr/share/java")
_CLASSPATH = """
owlapi-distribution guava failureaccess caffeine slf4j-api slf4j-simple hppcrt atinject-jsr330-api commons-rdf-api
commons-rdf-simple commons-io commons-codec commons-logging jsr305 jackson-core jackson-databind jackson-annotations
httpclient httpcore xz
"""
_HEADER = (
    "<https://w3id.org/schachzug/resource/test> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
    "<http://www.w3.org/2002/07/owl#Ontology> ;\n"
    "  <http://www.w3.org/2002/07/owl#imports> <https://w3id.org/schachzug/ontology> .\n"
)

Found = dict[str, list[str]]
Check = Callable[[Path, str], Found]


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Check:
    """Loads a file in OWLAPI; returns what it found, by kind."""
    if shutil.which("javac") is None or not (_JARS / "owlapi-distribution.jar").exists():
        pytest.skip(
            "OWLAPI is not installed. On Debian: "
            "apt-get install --no-install-recommends libowlapi-java default-jdk-headless"
        )
    jars = [_JARS / f"{name}.jar" for name in _CLASSPATH.split()] + sorted(_JARS.glob("rdf4j-*.jar"))
    folder = tmp_path_factory.mktemp("java")
    classpath = ":".join(str(p) for p in (folder, *jars))
    source = _HERE / "java" / "CheckOntology.java"
    subprocess.run(["javac", "-cp", classpath, "-d", str(folder), str(source)], check=True, capture_output=True)

    def run(path: Path, syntax: str = "turtle") -> Found:
        catalog = resource("ontology", "catalog-v001.xml")
        done = subprocess.run(
            ["java", "-cp", classpath, "CheckOntology", syntax, str(path), str(catalog)],
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        found: defaultdict[str, list[str]] = defaultdict(list)
        for line in done.stdout.splitlines():
            kind, _, value = line.partition("\t")
            found[kind].append(value)
        # What the parser of Turtle leaves over, or mends by guessing, it tells its log only.
        found["logged"] = re.findall(r".*(?:WARN|ERROR|Unparsed triple).*", done.stderr)
        return found

    return run


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
