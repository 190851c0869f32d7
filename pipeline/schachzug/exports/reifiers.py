"""Claims and direct statements as RDF 1.2 reifiers, in Turtle 1.2.

A claim reifies the statements that it makes (`szr:claim-1 rdf:reifies <<( szr:Russia sz:threatens szr:Ukraine )>>`)
without stating them, be it denied, predicted or asserted. A direct statement is stated, and reified by a node that
names the rule and the claims that it was drawn from, in place of its owl:Axiom.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import BinaryIO

import pyoxigraph as ox

from schachzug import vocabulary as v
from schachzug.exports.claim_records import ClaimReader, ClaimRecord
from schachzug.exports.inheritance import inherited
from schachzug.iris import SZ, resource_iri
from schachzug.resources import resource

REIFIES = ox.NamedNode(f"{v.RDF}reifies")
_SUBCLASS = ox.NamedNode(f"{v.RDFS}subClassOf")
_OF_CLAIM = ("claimant", "modality", "negated", "confidence", "rule")
_OF_AXIOM = (v.DERIVED_FROM, v.sz("inferred"), v.sz("byRule"))


def write_reifiers(store: ox.Store, stream: BinaryIO, language: str = "de") -> int:
    """Write claims and direct statements as Turtle 1.2; the number of reified statements.

    Args:
        store: the graphs.
        stream: where to.
        language: not used: the names of all languages are written.
    """
    triples = [*_claims(store, language), *_direct(store)]
    named = {node for t in triples for node in _nodes(t) if isinstance(node, ox.NamedNode)}
    for node in sorted(named, key=str):
        for quad in store.quads_for_pattern(node, v.LABEL, None):
            triples.append(quad.triple)
    number = sum(t.predicate == REIFIES for t in triples)
    ordered = sorted(set(triples), key=str)
    ox.serialize(ordered, output=stream, format=ox.RdfFormat.TURTLE, prefixes=v.PREFIXES)
    return number


@functools.cache
def properties() -> Mapping[str, str]:
    """The direct property that stands for each class of situations (local names), as the ontology says.

    >>> properties()["PeacekeepingMission"]
    'intervenesIn'

    Raises:
        ResourceError: the ontology is missing.
    """
    found: dict[str, str] = {}
    above: dict[str, str] = {}
    for name in ("statements.ttl", "schachzug.ttl"):
        for quad in ox.parse(path=str(resource("ontology", name)), format=ox.RdfFormat.TURTLE):
            if not isinstance(quad.subject, ox.NamedNode) or not isinstance(quad.object, ox.NamedNode):
                continue
            subject, value = quad.subject.value.removeprefix(SZ), quad.object.value.removeprefix(SZ)
            if quad.predicate == v.sz("drawnFrom"):
                found[value] = subject
            elif quad.predicate == _SUBCLASS:
                above[subject] = value
    return inherited(found, above)


def _claims(store: ox.Store, language: str) -> Iterator[ox.Triple]:
    for claim in ClaimReader(store, language).claims():
        node = ox.NamedNode(claim.iri)
        statements = list(_statements(claim))
        if not statements:
            continue
        yield ox.Triple(node, v.TYPE, v.sz("Claim"))
        for statement in statements:
            yield ox.Triple(node, REIFIES, statement)
        for predicate in (*(v.sz(name) for name in _OF_CLAIM), v.DERIVED_FROM):
            for quad in store.quads_for_pattern(node, predicate, None):
                yield quad.triple
        for evidence in claim.evidence:
            yield ox.Triple(ox.NamedNode(evidence.sentence), v.ANCHOR, ox.Literal(evidence.text))


def _statements(claim: ClaimRecord) -> Iterator[ox.Triple]:
    property_ = properties().get(claim.kind)
    if property_ is None:
        return
    places = claim.links() or [(actor, place, False) for actor in claim.actors for place in claim.locations]
    for source, target, _ in places:
        yield ox.Triple(ox.NamedNode(source), v.sz(property_), ox.NamedNode(target))


def _direct(store: ox.Store) -> Iterator[ox.Triple]:
    for axiom in store.quads_for_pattern(None, v.TYPE, v.AXIOM):
        parts = [
            next((q.object for q in store.quads_for_pattern(axiom.subject, predicate, None)), None)
            for predicate in (v.ANNOTATED_SOURCE, v.ANNOTATED_PROPERTY, v.ANNOTATED_TARGET)
        ]
        subject, predicate, value = parts
        if not (isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode) and value is not None):
            continue
        statement = ox.Triple(subject, predicate, value)
        reifier = ox.NamedNode(resource_iri("statement", statement))
        yield statement
        yield ox.Triple(reifier, REIFIES, statement)
        for mark in _OF_AXIOM:
            for quad in store.quads_for_pattern(axiom.subject, mark, None):
                yield ox.Triple(reifier, mark, quad.object)


def _nodes(triple: ox.Triple) -> Iterator[object]:
    yield triple.subject
    if isinstance(triple.object, ox.Triple):
        yield from _nodes(triple.object)
    else:
        yield triple.object
