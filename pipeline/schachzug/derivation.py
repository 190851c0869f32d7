"""What follows from all articles together: known entities described, direct statements, links between situations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from schachzug.graph import entity_quads
from schachzug.iris import ENTITIES_GRAPH
from schachzug.links import link_quads
from schachzug.rules import Rule, direct_quads, load_rules
from schachzug.vocabulary import sz

if TYPE_CHECKING:
    from schachzug.gazetteer import Gazetteer
    from schachzug.store import ArticleStore
    from schachzug.types import Entity

_GRAPH = NamedNode(ENTITIES_GRAPH)


def derive(store: ArticleStore, gazetteer: Gazetteer, rules: tuple[Rule, ...] | None = None) -> None:
    """Make the graphs of a store that come from all its articles together anew.

    Args:
        store: the store.
        gazetteer: whom we know.
        rules: what draws the direct statements; by default what ships.

    Raises:
        ResourceError: a rule is broken.
        StoreError: the store cannot be written.
    """
    store.clear_derived()
    store.add_derived(known_quads(store.ledger.entities(), gazetteer))
    store.add_derived(direct_quads(store.graphs, load_rules() if rules is None else rules))
    store.add_derived(link_quads(store.graphs))
    store.set_derived()


def known_quads(iris: set[str], gazetteer: Gazetteer) -> Iterator[Quad]:
    """The descriptions of known entities, with the memberships between them as of today.

    Args:
        iris: the entities that articles refer to; the states of organs and the alliances of members come along.
        gazetteer: whom we know.
    """
    entities: dict[str, Entity] = {}
    for iri in sorted(iris):
        if iri in gazetteer:
            entity = gazetteer.entity(iri)
            entities[iri] = entity
            if entity.state and entity.state in gazetteer:
                entities[entity.state] = gazetteer.entity(entity.state)
    for iri in sorted(entities):
        yield from entity_quads([entities[iri]], _GRAPH)
        organizations = {m.organization for m in gazetteer.memberships(entities[iri]) if m.end is None}
        for organization in sorted(organizations & entities.keys()):
            yield Quad(NamedNode(iri), sz("memberOf"), NamedNode(organization), _GRAPH)
