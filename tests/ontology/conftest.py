"""What the tests of the ontology share: its files, and the reasoner HermiT."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType

import pyoxigraph as ox
import pytest

from schachzug.resources import resource

MODULES = ("schachzug.ttl", "actors.ttl", "claims.ttl", "statements.ttl")
_IMPORTS = ox.NamedNode("http://www.w3.org/2002/07/owl#imports")

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


_OWL = "http://www.w3.org/2002/07/owl#"


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
