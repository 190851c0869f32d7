"""Unlinked names across articles: when two people or organisations of the same name are one.

The rule: two entities that articles name and the gazetteer lacks are taken for one where

* their full names are the same, case and white space aside, and have at least two parts,
* they are of the same class, a person or an organisation, and no article uses the name for another class,
* no known entity bears the name,
* and for persons, the articles do not claim them to belong to different states or organisations.

Where the name is the same and another condition fails, the refusal is kept, with its reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from schachzug import vocabulary as v
from schachzug.iris import LINKS_GRAPH, SZ, SZR, normalised_name
from schachzug.vocabulary import sz

_GRAPH = NamedNode(LINKS_GRAPH)
_CLASSES = frozenset({"Person", "Organization"})
_LOCAL = f"{SZR}local-"

_AFFILIATIONS = """
PREFIX sz: <https://w3id.org/schachzug/ontology#>
SELECT DISTINCT ?person ?body WHERE {
  ?claim sz:asserts ?situation ; sz:negated false ; sz:modality sz:asserted .
  ?situation a sz:Affiliation ; sz:actor ?person ; sz:target ?body .
}
"""


@dataclass(frozen=True)
class Refusal:
    """That two entities of one name were not taken for one; both are IRIs."""

    name: str
    one: str
    other: str
    reason: str


@dataclass
class Namesakes:
    """Who is who: `same` leads from each merged entity to the one whose IRI stands for all of them."""

    same: dict[str, str] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def of(self, iri: str) -> str:
        """The IRI that stands for an entity."""
        return self.same.get(iri, iri)

    def quads(self) -> Iterator[Quad]:
        """The merges as skos:closeMatch, the refusals as sz:mergeRefused."""
        for iri, first in sorted(self.same.items()):
            yield Quad(NamedNode(iri), v.CLOSE_MATCH, NamedNode(first), _GRAPH)
        for refusal in self.refusals:
            text = f"{refusal.other.replace(SZR, 'szr:')}: {refusal.reason}"
            yield Quad(NamedNode(refusal.one), sz("mergeRefused"), Literal(text), _GRAPH)


def find_namesakes(store: Store) -> Namesakes:
    """Merge, or refuse to merge, the local entities of the same name in all graphs of a store."""
    bearers, known = _bearers(store)
    bodies = _affiliations(store)
    found = Namesakes()
    for name in sorted(bearers):
        entities = bearers[name]
        if len(name.split()) < 2 or len(entities) < 2:
            continue
        classes = {kind for _, kind in entities}
        groups: list[list[str]] = []
        for iri, kind in sorted(entities):
            reason = _hindrance(name, kind, classes, known)
            for group in groups if not reason else ():
                if not (bodies[iri] and bodies[group[0]] and not bodies[iri] & bodies[group[0]]):
                    group.append(iri)
                    found.same[iri] = group[0]
                    bodies[group[0]] |= bodies[iri]
                    break
            else:
                if groups:
                    found.refusals.append(Refusal(name, iri, groups[0][0], reason or "they belong to different bodies"))
                groups.append([iri])
    return found


def _hindrance(name: str, kind: str, classes: set[str], known: set[str]) -> str:
    if len(classes) > 1:
        return f"the name stands for different classes ({', '.join(sorted(classes))})"
    if kind not in _CLASSES:
        return f"a name of the class {kind} is not enough to tell"
    return "a known entity bears the name too" if name in known else ""


def _bearers(store: Store) -> tuple[dict[str, set[tuple[str, str]]], set[str]]:
    """The local entities that share a normalised name, with their classes; and the names that known entities bear."""
    named: defaultdict[str, set[str]] = defaultdict(set)
    known: set[str] = set()
    for predicate in (v.LABEL, v.ALT_LABEL):
        for quad in store.quads_for_pattern(None, predicate, None, None):
            if not isinstance(quad.subject, NamedNode) or not isinstance(quad.object, Literal):
                continue
            iri, name = quad.subject.value, normalised_name(quad.object.value)
            if not iri.startswith(_LOCAL):
                known.add(name)
            elif predicate == v.LABEL:
                named[name].add(iri)
    shared = {name: iris for name, iris in named.items() if len(iris) > 1}
    return {name: {pair for iri in iris for pair in _classed(store, iri)} for name, iris in shared.items()}, known


def _classed(store: Store, iri: str) -> Iterator[tuple[str, str]]:
    """An entity with each of its classes, Actor aside: an author is one already, and an unnamed one bears no name."""
    for quad in store.quads_for_pattern(NamedNode(iri), v.TYPE, None, None):
        if isinstance(quad.object, NamedNode) and (kind := quad.object.value.removeprefix(SZ)) != "Actor":
            yield iri, kind


def _affiliations(store: Store) -> defaultdict[str, set[str]]:
    bodies: defaultdict[str, set[str]] = defaultdict(set)
    solutions = store.query(_AFFILIATIONS, use_default_graph_as_union=True)
    if isinstance(solutions, QuerySolutions):
        for solution in solutions:
            bodies[solution["person"].value].add(solution["body"].value)
    return bodies
