"""Reading the tables of entities (`seeds/entities/*.ttl`) into plain values; complaints name file and line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from schachzug.errors import EntityError
from schachzug.iris import SZ, SZR
from schachzug.types import Entity

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_ALT_LABEL = "http://www.w3.org/2004/02/skos/core#altLabel"
_SAME_AS = "http://www.w3.org/2002/07/owl#sameAs"
_EXACT_MATCH = "http://www.w3.org/2004/02/skos/core#exactMatch"
_NAMED = {_LABEL, _ALT_LABEL, f"{SZ}adjective", f"{SZ}demonym"}
_MEMBERSHIP, _OFFICE = f"{SZ}MembershipRecord", f"{SZ}OfficeRecord"


@dataclass(frozen=True)
class Membership:
    """That one entity belongs or belonged to another; both are IRIs, the times xsd:dateTime or None."""

    member: str
    organization: str
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True)
class Office:
    """That a person holds or held an office; `state` is the IRI of a state or an organisation."""

    holder: str
    state: str | None
    titles: tuple[tuple[str, str], ...] = ()
    start: str | None = None
    end: str | None = None


@dataclass
class Tables:
    """What the files say. `words` holds adjectives and demonyms, `links` the sz: properties that lead to entities."""

    entities: dict[str, Entity] = field(default_factory=dict)
    adjectives: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    demonyms: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    links: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    memberships: list[Membership] = field(default_factory=list)
    offices: list[Office] = field(default_factory=list)


_Node = dict[str, list[ox.NamedNode | ox.Literal]]


def read_tables(paths: Iterable[Path]) -> Tables:
    """Read Turtle files of entities, membership records and office records.

    Raises:
        EntityError: a file is missing, no Turtle, or breaks the form of the tables.
    """
    nodes: dict[str, _Node] = {}
    files: dict[str, Path] = {}
    for path in paths:
        _read_file(path, nodes, files)
    tables = Tables()
    for iri, node in nodes.items():
        _take(iri, node, files[iri], tables)
    return tables


def _read_file(path: Path, nodes: dict[str, _Node], files: dict[str, Path]) -> None:
    try:
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            subject, value = quad.subject, quad.object
            if not isinstance(subject, ox.NamedNode) or isinstance(value, ox.BlankNode | ox.Triple):
                raise EntityError("a node without an IRI is no entity", where=path, hint="Give it an IRI of szr:")
            iri = subject.value
            if quad.predicate.value == _TYPE or iri not in files:
                files[iri] = path
            nodes.setdefault(iri, {}).setdefault(quad.predicate.value, []).append(value)
    except SyntaxError as error:
        what = f"not valid Turtle: {error.msg}"
        raise EntityError(what, where=path, line=error.lineno, hint="Mend the file") from error
    except OSError as error:
        raise EntityError(f"cannot be read: {error.strerror or error}", where=path) from error


def _short(iri: str) -> str:
    return iri.replace(SZR, "szr:").replace(SZ, "sz:")


def _error(iri: str, path: Path, what: str) -> EntityError:
    name = _short(iri)
    line = None
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if text.startswith((f"{name} ", f"<{iri}>")):
            line = number
            break
    return EntityError(f"{name}: {what}", where=path, line=line, hint="Mend the table (see CONTRIBUTING.md)")


def _take(iri: str, node: _Node, path: Path, tables: Tables) -> None:
    types = sorted({t.value for t in node.get(_TYPE, []) if isinstance(t, ox.NamedNode) and t.value.startswith(SZ)})
    if not types:
        raise _error(iri, path, "it has no class of the ontology")
    if len(types) > 1:
        raise _error(iri, path, f"it has several classes: {', '.join(_short(t) for t in types)}")
    if types[0] == _MEMBERSHIP:
        member, organization = _one(iri, node, "member", path), _one(iri, node, "organization", path)
        tables.memberships.append(Membership(member, organization, _text(node, "startTime"), _text(node, "endTime")))
    elif types[0] == _OFFICE:
        state = next((v.value for v in node.get(f"{SZ}ofState", node.get(f"{SZ}ofOrganization", []))), None)
        titles = _texts(iri, node, f"{SZ}office", path)
        tables.offices.append(
            Office(_one(iri, node, "holder", path), state, titles, _text(node, "startTime"), _text(node, "endTime"))
        )
    else:
        _take_entity(iri, types[0].removeprefix(SZ), node, path, tables)


def _take_entity(iri: str, kind: str, node: _Node, path: Path, tables: Tables) -> None:
    labels = _texts(iri, node, _LABEL, path)
    for language in ("de", "en"):
        found = {text for text, tag in labels if tag == language}
        if len(found) != 1:
            raise _error(iri, path, f"it has {'no label' if not found else 'several labels'} in '{language}'")
    links: dict[str, tuple[str, ...]] = {}
    for predicate, values in node.items():
        if predicate.startswith(SZ) and predicate not in _NAMED:
            targets = tuple(sorted(v.value for v in values if isinstance(v, ox.NamedNode)))
            if targets:
                links[predicate.removeprefix(SZ)] = targets
    same_as = tuple(sorted(v.value for p in (_SAME_AS, _EXACT_MATCH) for v in node.get(p, [])))
    state = next((links[p][0] for p in ("organOf", "standsFor", "capitalOf") if p in links), None)
    tables.entities[iri] = Entity(iri, kind, labels, _texts(iri, node, _ALT_LABEL, path), same_as, state)
    tables.links[iri] = links
    tables.adjectives[iri] = _texts(iri, node, f"{SZ}adjective", path)
    tables.demonyms[iri] = _texts(iri, node, f"{SZ}demonym", path)


def _texts(iri: str, node: _Node, predicate: str, path: Path) -> tuple[tuple[str, str], ...]:
    texts = []
    for value in node.get(predicate, []):
        if not isinstance(value, ox.Literal) or not value.language or not value.value.strip():
            raise _error(iri, path, f"'{value.value}' is no text with a language tag")
        texts.append((value.value, value.language))
    return tuple(dict.fromkeys(texts))


def _one(iri: str, node: _Node, name: str, path: Path) -> str:
    values = node.get(f"{SZ}{name}", [])
    if len(values) != 1:
        raise _error(iri, path, f"it has {len(values)} values of sz:{name} instead of one")
    return values[0].value


def _text(node: _Node, name: str) -> str | None:
    return next((v.value for v in node.get(f"{SZ}{name}", [])), None)
