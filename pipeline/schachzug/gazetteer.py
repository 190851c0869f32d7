"""The entities known beforehand (`seeds/entities/`), what they are called, and how they hang together.

How inflected names are found: a single word loses a genitive ending (Kasachstans, Paris'); in a name of
several words each may lose an adjective's ending (der Nahe Osten, des Nahen Ostens) or a genitive or dative
one (den Vereinigten Arabischen Emiraten). Adjectives take all endings and combine with hyphens
(russisch-chinesische); demonyms are stored with all their forms. See `name_index`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

from schachzug.entity_files import Membership, Office, Tables, read_tables
from schachzug.errors import EntityError
from schachzug.iris import SZR
from schachzug.name_index import Match, NameIndex, NameKind
from schachzug.name_rules import NameRules, name_rules, surnames
from schachzug.resources import resource
from schachzug.types import Entity

__all__ = ["Gazetteer", "Match", "Membership", "NameKind", "Office"]

_PLACES = frozenset({"State", "Place", "Region", "Territory", "City"})
_LAST = (NameKind.DEMONYM, NameKind.SURNAME)
_ORDER = ("State", "Alliance", "MilitaryAlliance", "EconomicUnion", "PoliticalUnion", "Bloc", "Organization", "Region")


class Gazetteer:
    """All known entities, found by IRI, by name and by their relations. It never changes after loading."""

    def __init__(self, tables: Tables, rules: NameRules) -> None:
        self._tables = tables
        self._rules = rules

    @classmethod
    def load(cls, paths: Iterable[Path] | None = None) -> Gazetteer:
        """Read Turtle files of entities; without paths, those that travel with the package (read once).

        Raises:
            EntityError: a file is missing, no Turtle, or breaks the form of the tables.
        """
        if paths is None:
            return _bundled()
        return cls(read_tables(paths), name_rules())

    def __len__(self) -> int:
        return len(self._tables.entities)

    def __contains__(self, iri: object) -> bool:
        return iri in self._tables.entities

    def entity(self, iri: str) -> Entity:
        """The entity with this IRI; `szr:` may be written short.

        Raises:
            EntityError: nobody known has this IRI.
        """
        found = self._tables.entities.get(iri.replace("szr:", SZR, 1))
        if found is None:
            raise EntityError(f"no known entity has the IRI {iri}", hint="See seeds/entities")
        return found

    def entities(self) -> Iterator[Entity]:
        """All entities, in the order of the files."""
        return iter(self._tables.entities.values())

    def names(self) -> Iterator[tuple[str, NameKind, Entity]]:
        """All German names and words, and other names that German text uses, each with its kind and entity.

        English names of states and places are left out, for many are other words or places in German
        (Turkey, Jordan, Georgia); so are single English words for organisations, unless they are acronyms.
        """
        for entity in self.entities():
            for text, language in (*entity.labels, *entity.alt_labels):
                if language == "de" or self._used_in_german(text, entity):
                    yield text, self._kind(text, entity), entity
            yield from ((word, NameKind.ADJECTIVE, entity) for word, _ in self._tables.adjectives[entity.iri])
            yield from ((word, NameKind.DEMONYM, entity) for word, _ in self._tables.demonyms[entity.iri])
        yield from self._surnames()

    def match(self, tokens: Sequence[str], lemmas: Sequence[str] | None = None) -> list[Match]:
        """The known entities named by the tokens of a text, left to right, the longest name first.

        A token that names two entities (Russland-China-Gipfel, russisch-chinesisch) gives two matches over
        the same token. `lemmas` are consulted where the token itself is unknown.
        """
        return self._index.match(tokens, lemmas)

    def stands_for(self, entity: Entity) -> Entity | None:
        """Whom a capital, seat or building stands for by metonymy."""
        return self._linked(entity, "standsFor")

    def state_of(self, entity: Entity) -> Entity | None:
        """The state that an organ belongs to, that a place lies in, or that a capital or seat stands for."""
        if entity.type == "State":
            return entity
        for predicate in ("organOf", "capitalOf", "standsFor", "locatedIn"):
            other = self._linked(entity, predicate)
            if other is not None:
                if other.type == "State":
                    return other
                if predicate == "locatedIn":
                    return self.state_of(other)
        return None

    def capital_of(self, state: Entity) -> Entity | None:
        """A state's capital."""
        return self._linked(state, "capital")

    def members(self, organization: Entity) -> tuple[Entity, ...]:
        """Today's members of an organisation."""
        found = [m.member for m in self._memberships if m.organization == organization.iri and m.end is None]
        return tuple(self._tables.entities[iri] for iri in dict.fromkeys(found) if iri in self._tables.entities)

    def memberships(self, entity: Entity) -> tuple[Membership, ...]:
        """What an entity belongs or belonged to, with the times where they are known."""
        return self._memberships_of.get(entity.iri, ())

    def offices(self, person: Entity) -> tuple[Office, ...]:
        """The offices that a person holds or held, the earliest first."""
        return tuple(sorted((o for o in self._tables.offices if o.holder == person.iri), key=lambda o: o.start or ""))

    def adjective_of(self, entity: Entity) -> str | None:
        """The first German adjective, as a stem (kasachisch)."""
        return next((word for word, language in self._tables.adjectives.get(entity.iri, ()) if language == "de"), None)

    def class_of(self, entity: Entity) -> str:
        """The local name of the entity's class in the ontology."""
        return entity.type

    @cached_property
    def _memberships(self) -> tuple[Membership, ...]:
        dated = {(m.member, m.organization) for m in self._tables.memberships}
        plain = [
            Membership(iri, organization)
            for iri, links in self._tables.links.items()
            for organization in links.get("memberOf", ())
            if (iri, organization) not in dated
        ]
        return (*self._tables.memberships, *plain)

    @cached_property
    def _memberships_of(self) -> dict[str, tuple[Membership, ...]]:
        found: dict[str, list[Membership]] = {}
        for membership in self._memberships:
            found.setdefault(membership.member, []).append(membership)
        return {member: tuple(memberships) for member, memberships in found.items()}

    @cached_property
    def _index(self) -> NameIndex:
        def place(name: tuple[str, NameKind, Entity]) -> tuple[bool, int, bool, str]:
            text, kind, entity = name
            return kind in _LAST, _rank(entity), text != _german(entity), entity.iri

        return NameIndex(sorted(self.names(), key=place), self._rules)

    def _linked(self, entity: Entity, predicate: str) -> Entity | None:
        for iri in self._tables.links.get(entity.iri, {}).get(predicate, ()):
            if iri in self._tables.entities:
                return self._tables.entities[iri]
        return None

    def _used_in_german(self, text: str, entity: Entity) -> bool:
        if entity.type in _PLACES:
            return False
        return " " in text or entity.type == "Person" or sum(c.isupper() for c in text) > 1

    def _kind(self, text: str, entity: Entity) -> NameKind:
        if "standsFor" in self._tables.links[entity.iri]:
            return NameKind.CAPITAL
        return NameKind.ACRONYM if len(text) > 1 and text.isupper() and " " not in text else NameKind.NAME

    def _surnames(self) -> Iterator[tuple[str, NameKind, Entity]]:
        """The surnames that only one known person bears, or for which the rules say who is meant."""
        taken = {text for e in self.entities() if e.type != "Person" for text, _ in (*e.labels, *e.alt_labels)}
        bearers: dict[str, dict[str, Entity]] = {}
        for person in self.entities():
            if person.type == "Person":
                for text, _ in (*person.labels, *person.alt_labels):
                    for surname in surnames(text, self._rules):
                        bearers.setdefault(surname, {})[person.iri] = person
        for surname, people in bearers.items():
            if surname not in taken and (len(people) == 1 or surname in self._rules.preferred):
                yield from ((surname, NameKind.SURNAME, person) for person in people.values())


@lru_cache(maxsize=1)
def _bundled() -> Gazetteer:
    return Gazetteer(read_tables(sorted(resource("seeds", "entities").glob("*.ttl"))), name_rules())


def _rank(entity: Entity) -> int:
    return _ORDER.index(entity.type) if entity.type in _ORDER else len(_ORDER) + (entity.type == "Person")


def _german(entity: Entity) -> str:
    return next((text for text, language in entity.labels if language == "de"), "")
