"""HermiT finds ontology and graph consistent, and what must not be said inconsistent, for the reason that is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from schachzug.iris import SZ
from schachzug.resources import resource

_HERE = Path(__file__).parent
_INCONSISTENT = sorted((_HERE / "inconsistent").glob("*.ttl"))
_ALIGNMENTS = sorted(resource("ontology", "alignments").glob("*.ttl"))
_EXAMPLE = _HERE.parent / "shapes" / "valid" / "example.ttl"
_OWL = "http://www.w3.org/2002/07/owl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE, _RANGE = ox.NamedNode(f"{_RDF}type"), ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#range")

_STEP = 25

Read = Callable[[Path], list[ox.Triple]]
Reason = Callable[[Iterable[ox.Triple]], list[str] | None]


def _owl(name: str) -> ox.NamedNode:
    return ox.NamedNode(_OWL + name)


def _node(name: str) -> ox.NamedNode:
    prefix, _, local = name.partition(":")
    return ox.NamedNode({"sz": SZ, "owl": _OWL}[prefix] + local)


def _entities(read: Read) -> list[ox.Triple]:
    """A sample: HermiT takes two minutes for all three thousand entities."""
    kept: list[ox.Triple] = []
    for path in sorted(resource("seeds", "entities").glob("*.ttl")):
        triples = read(path)
        subjects = sorted({t.subject.value for t in triples if isinstance(t.subject, ox.NamedNode)})
        chosen = set(subjects[::_STEP])
        kept += [t for t in triples if isinstance(t.subject, ox.NamedNode) and t.subject.value in chosen]
    return kept


def test_ontology_alignments_entities_and_graph_are_consistent(
    ontology: list[ox.Triple], read: Read, reason: Reason
) -> None:
    alignments = [t for path in _ALIGNMENTS for t in read(path)]
    entities = _entities(read)
    assert len(_ALIGNMENTS) == 6
    assert len(entities) > 500
    assert reason([*ontology, *alignments, *entities, *read(_EXAMPLE)]) == []


@pytest.mark.slow
@pytest.mark.parametrize("path", _INCONSISTENT, ids=lambda p: p.stem)
def test_what_must_not_be_said_is_inconsistent(
    path: Path, ontology: list[ox.Triple], read: Read, reason: Reason
) -> None:
    assert reason([*ontology, *read(path)]) is None


def test_it_is_inconsistent_for_the_reason_that_it_names(ontology: list[ox.Triple], read: Read, reason: Reason) -> None:
    """Without the axioms that the examples name, all of them together are consistent."""
    assert len(_INCONSISTENT) >= 10
    without = ontology
    for path in _INCONSISTENT:
        reasons = re.findall(r"^# because: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert reasons, f"{path.name} names no reason"
        for text in reasons:
            fewer = _without(without, text.split())
            # Two examples may name the same axiom; one that the ontology lacks altogether is a mistake.
            assert len(_without(ontology, text.split())) < len(ontology), f"{path.name}: no such axiom: {text}"
            without = fewer
    assert reason([*without, *(t for path in _INCONSISTENT for t in read(path))]) == []


def _without(triples: list[ox.Triple], named: list[str]) -> list[ox.Triple]:
    kind, *names = named
    first, second = _node(names[0]), _node(names[-1])
    match kind:
        case "disjoint":
            return _without_disjointness(triples, first, second)
        case "functional":
            gone = {ox.Triple(first, _TYPE, _owl("FunctionalProperty"))}
        case "characteristic":
            gone = {ox.Triple(first, _TYPE, second)}
        case "range":
            gone = {t for t in triples if t.subject == first and t.predicate == _RANGE}
        case "equivalent":
            gone = {t for t in triples if t.subject == first and t.predicate == _owl("equivalentClass")}
        case "chain":
            gone = {t for t in triples if t.subject == first and t.predicate == _owl("propertyChainAxiom")}
        case "inverse":
            gone = {t for t in triples if t.object == first and t.predicate == _owl("inverseOf")}
        case _:
            raise AssertionError(f"'{kind}' is no kind of axiom")
    return [t for t in triples if t not in gone]


def _without_disjointness(triples: list[ox.Triple], *pair: ox.NamedNode) -> list[ox.Triple]:
    heads = {t.subject: t.object for t in triples if t.predicate == _owl("members")}
    after: dict[object, object] = {t.subject: t.object for t in triples if t.predicate == ox.NamedNode(f"{_RDF}rest")}
    value: dict[object, object] = {t.subject: t.object for t in triples if t.predicate == ox.NamedNode(f"{_RDF}first")}
    gone: set[object] = set()
    for axiom, node in heads.items():
        members: list[object] = []
        cell: object = node
        while cell in value:
            members.append(value[cell])
            cell = after[cell]
        if set(pair) <= set(members):
            gone.add(axiom)
    pairs = {ox.Triple(a, _owl("disjointWith"), b) for a in pair for b in pair}
    return [t for t in triples if t.subject not in gone and t not in pairs]
