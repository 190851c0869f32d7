"""What the tests of the ontology share: its files, and the reasoner HermiT."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType

import pyoxigraph as ox
import pytest

from schachzug.resources import resource

_HERE = Path(__file__).parent
_OWL = "http://www.w3.org/2002/07/owl#"
_JARS = Path("/usr/share/java")
_CLASSPATH = """
owlapi-distribution guava failureaccess caffeine slf4j-api slf4j-simple hppcrt atinject-jsr330-api commons-rdf-api
commons-rdf-simple commons-io commons-codec commons-logging jsr305 jackson-core jackson-databind jackson-annotations
httpclient httpcore xz
"""
MODULES = ("schachzug.ttl", "actors.ttl", "claims.ttl", "statements.ttl")
_IMPORTS = ox.NamedNode("http://www.w3.org/2002/07/owl#imports")

Found = dict[str, list[str]]
Check = Callable[[Path, str], Found]
Reason = Callable[[Iterable[ox.Triple]], list[str] | None]


def read_turtle(path: Path) -> list[ox.Triple]:
    """The triples of a file. Blank nodes of two files stay apart, for the parser gives each file fresh ones."""
    quads = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    return [q.triple for q in quads if q.predicate != _IMPORTS]


@pytest.fixture(scope="session")
def read() -> Callable[[Path], list[ox.Triple]]:
    """Reads a Turtle file."""
    return read_turtle


@pytest.fixture(scope="session")
def ontology() -> list[ox.Triple]:
    """The ontology with its modules, without the imports."""
    return [t for name in MODULES for t in read_turtle(resource("ontology", name))]


@pytest.fixture(scope="session")
def reason() -> Reason:
    """HermiT: takes triples; returns the unsatisfiable classes, or None where the whole is inconsistent."""
    if shutil.which("java") is None:
        pytest.skip("java is not installed, and HermiT needs it. On Debian: apt-get install default-jre-headless")
    import owlready2

    def run(triples: Iterable[ox.Triple]) -> list[str] | None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "reasoned.nt"
            ox.serialize(triples, str(path), format=ox.RdfFormat.N_TRIPLES)
            world = owlready2.World()
            loaded = world.get_ontology(path.as_uri()).load(only_local=True)
            try:
                with loaded:
                    owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
            except owlready2.OwlReadyInconsistentOntologyError:
                return None
            return sorted(c.iri for c in world.inconsistent_classes() if c.iri != f"{_OWL}Nothing")

    return run


@pytest.fixture(scope="session")
def load_tool() -> Callable[[str], ModuleType]:
    """Loads a script of pipeline/tools as a module."""

    def load(name: str) -> ModuleType:
        path = Path(__file__).parents[2] / "pipeline" / "tools" / f"{name}.py"
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise FileNotFoundError(path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture(scope="session")
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

    def run(path: Path, syntax: str = "turtle", catalog: Path | None = None) -> Found:
        catalog = catalog or resource("ontology", "catalog-v001.xml")
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
