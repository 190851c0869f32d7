"""Links between what different claims are about: the same situation, and contradictions.

Two situations are the same where class and all fillers are the same (namesakes that were merged count as one)
and their times do not exclude each other. Claims of the same situation contradict each other where one is
negated and the other is not, and neither is a mere possibility or intention. Each group is linked as a star, to
the member whose IRI comes first, so that the number of links grows with the number of situations and not with
its square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from schachzug.iris import LINKS_GRAPH
from schachzug.namesakes import Namesakes, find_namesakes
from schachzug.vocabulary import sz

_GRAPH = NamedNode(LINKS_GRAPH)
_ROLES = ("actor", "target", "location")
_COMMITTED = frozenset({"asserted", "predicted", "probable"})

_SITUATIONS = """
PREFIX sz: <https://w3id.org/schachzug/ontology#>
SELECT ?situation ?type WHERE { ?claim sz:asserts ?situation . ?situation a ?type }
"""


@dataclass
class _Facts:
    type: str = ""
    start: str = ""
    end: str = ""
    fillers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def link_quads(store: Store, namesakes: Namesakes | None = None) -> Iterator[Quad]:
    """The links between the situations, the claims and the unlinked names of all graphs of a store.

    Args:
        store: the graphs.
        namesakes: who is who among the local entities; found in the store if not given.
    """
    namesakes = find_namesakes(store) if namesakes is None else namesakes
    yield from namesakes.quads()
    groups = _groups(store, namesakes)
    polarity = _polarities(store)
    for group in groups:
        first = group[0]
        for other in group[1:]:
            yield Quad(NamedNode(other), sz("sameSituationAs"), NamedNode(first), _GRAPH)
        claims = sorted(claim for situation in group for claim in polarity.get(situation, ()))
        affirmed = [iri for iri, negated in claims if not negated]
        denied = [iri for iri, negated in claims if negated]
        if affirmed and denied:
            pairs = {(iri, affirmed[0]) for iri in denied} | {(denied[0], iri) for iri in affirmed}
            for one, other in sorted(pairs):
                yield Quad(NamedNode(one), sz("contradicts"), NamedNode(other), _GRAPH)


def _groups(store: Store, namesakes: Namesakes) -> list[list[str]]:
    """The situations that are one, each group sorted, also those that stand alone."""
    facts = _situations(store, namesakes)
    by_key: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for iri, fact in facts.items():
        by_key[(fact.type, *(" ".join(sorted(fact.fillers[role])) for role in _ROLES))].append(iri)
    groups: list[list[str]] = []
    for members in by_key.values():
        apart: list[list[str]] = []
        for iri in sorted(members, key=lambda i: (facts[i].start or "~", facts[i].end, i)):
            for group in apart:
                if all(_at_one_time(facts[iri], facts[other]) for other in (group[0], group[-1])):
                    group.append(iri)
                    break
            else:
                apart.append([iri])
        groups += (sorted(group) for group in apart)
    return sorted(groups)


def _at_one_time(one: _Facts, other: _Facts) -> bool:
    if not (one.start and one.end and other.start and other.end):
        return True
    return one.start <= other.end and other.start <= one.end


def _situations(store: Store, namesakes: Namesakes) -> dict[str, _Facts]:
    facts: defaultdict[str, _Facts] = defaultdict(_Facts)
    solutions = store.query(_SITUATIONS, use_default_graph_as_union=True)
    if isinstance(solutions, QuerySolutions):
        for solution in solutions:
            facts[solution["situation"].value].type = solution["type"].value
    for name in ("start", "end"):
        for fact, value in _stated(store, facts, f"{name}Time"):
            if isinstance(value, Literal):
                setattr(fact, name, value.value)
    for role in _ROLES:
        for fact, value in _stated(store, facts, role):
            if isinstance(value, NamedNode):
                fact.fillers[role].add(namesakes.of(value.value))
    return facts


def _stated(store: Store, facts: dict[str, _Facts], name: str) -> Iterator[tuple[_Facts, object]]:
    """The values of a property of Schachzug's ontology, each with the facts of the situation that has it."""
    for quad in store.quads_for_pattern(None, sz(name), None, None):
        fact = facts.get(quad.subject.value) if isinstance(quad.subject, NamedNode) else None
        if fact is not None:
            yield fact, quad.object


def _polarities(store: Store) -> dict[str, list[tuple[str, bool]]]:
    """The claims of each situation that are more than a possibility, each with whether it is negated."""
    claims: defaultdict[str, list[tuple[str, bool]]] = defaultdict(list)
    query = """
    PREFIX sz: <https://w3id.org/schachzug/ontology#>
    SELECT ?claim ?situation ?modality ?negated WHERE {
      ?claim sz:asserts ?situation ; sz:modality ?modality ; sz:negated ?negated .
    }"""
    solutions = store.query(query, use_default_graph_as_union=True)
    if isinstance(solutions, QuerySolutions):
        for solution in solutions:
            if solution["modality"].value.rpartition("#")[2] in _COMMITTED:
                negated = solution["negated"].value == "true"
                claims[solution["situation"].value].append((solution["claim"].value, negated))
    return claims
