"""The SHACL shapes that ship, read once: their text, their targets, their messages, and the classes of the ontology.

The data are validated with all superclasses of every stated type, so that a shape for sz:Situation sees an
sz:Threat and no engine has to reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from schachzug import vocabulary as v
from schachzug.errors import ResourceError
from schachzug.resources import resource

SH = "http://www.w3.org/ns/shacl#"
QUOTES_ITS_TEXT = "https://w3id.org/schachzug/shapes#QuotesItsText"
_QUERY_MESSAGES = (
    ("de", "Der angegebene Text steht nicht an dieser Stelle des Artikels."),
    ("en", "The stated text is not what the article has between these offsets."),
)
_SUBCLASS_OF = ox.NamedNode(f"{v.RDFS}subClassOf")
_MESSAGE = ox.NamedNode(f"{SH}message")
_TARGET_CLASS = ox.NamedNode(f"{SH}targetClass")
_TARGET_SUBJECTS = ox.NamedNode(f"{SH}targetSubjectsOf")
_FILES = ("schachzug.ttl", "actors.ttl", "claims.ttl", "statements.ttl")


@dataclass(frozen=True)
class Target:
    """Which nodes a shape looks at: the instances of a class, or the subjects of a property."""

    shape: str
    iri: str
    is_class: bool


@dataclass(frozen=True)
class Shapes:
    """All shapes as N-Triples, and what is known about each.

    `messages` holds (language, text) pairs for each shape by IRI; `superclasses` for each class of the ontology
    all classes above it; `query` is the SPARQL query for stretches that do not quote their text.
    """

    text: str
    targets: tuple[Target, ...]
    messages: dict[str, tuple[tuple[str, str], ...]]
    superclasses: dict[ox.NamedNode, tuple[ox.NamedNode, ...]]
    query: str

    @cached_property
    def class_targets(self) -> dict[str, list[str]]:
        """The shapes that look at the instances of each class, by the class's IRI."""
        return self._by_iri(is_class=True)

    @cached_property
    def property_targets(self) -> dict[str, list[str]]:
        """The shapes that look at the subjects of each property, by the property's IRI."""
        return self._by_iri(is_class=False)

    def _by_iri(self, *, is_class: bool) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for target in self.targets:
            if target.is_class is is_class:
                found[target.iri].append(target.shape)
        return dict(found)


def load_shapes() -> Shapes:
    """Read the shapes and the class tree of the ontology that ship with the package.

    Raises:
        ResourceError: a file is missing or no valid Turtle.
    """
    triples = [t for name in _FILES for t in _read(resource("ontology", "shapes", name), name)]
    targets: list[Target] = []
    messages: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for triple in triples:
        subject, value = triple.subject, triple.object
        if not isinstance(subject, ox.NamedNode):
            continue
        if triple.predicate in (_TARGET_CLASS, _TARGET_SUBJECTS) and isinstance(value, ox.NamedNode):
            targets.append(Target(subject.value, value.value, triple.predicate == _TARGET_CLASS))
        elif triple.predicate == _MESSAGE and isinstance(value, ox.Literal):
            messages[subject.value].append((value.language or "", value.value))
    targets.append(Target(QUOTES_ITS_TEXT, f"{v.NIF}String", True))
    messages[QUOTES_ITS_TEXT] = list(_QUERY_MESSAGES)
    ontology = [t for name in _FILES for t in _read(resource("ontology", name), name)]
    return Shapes(
        text=n_triples(triples),
        targets=tuple(sorted(targets, key=lambda t: (t.shape, t.iri))),
        messages={shape: tuple(sorted(pairs)) for shape, pairs in messages.items()},
        superclasses=_superclasses(ontology),
        query=resource("ontology", "shapes", "quotes-its-text-violation.rq").read_text(encoding="utf-8"),
    )


def n_triples(triples: Iterable[ox.Triple]) -> str:
    """Triples in N-Triples syntax."""
    return (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()


def _read(path: Path, scope: str) -> list[ox.Triple]:
    """The triples of a file; its blank nodes are renamed, so that those of two files stay two."""
    renamed: dict[str, ox.BlankNode] = {}

    def fresh(node: object) -> object:
        if isinstance(node, ox.BlankNode):
            name = f"{'shape' if 'shapes' in path.parts else 'term'}{scope.removesuffix('.ttl')}{len(renamed)}"
            return renamed.setdefault(node.value, ox.BlankNode(name))
        return node

    try:
        quads = list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        raise ResourceError(f"not valid Turtle: {error}", where=path, hint="Install schachzug again") from error
    return [ox.Triple(fresh(q.subject), q.predicate, fresh(q.object)) for q in quads]  # type: ignore[arg-type]


def _superclasses(triples: Iterable[ox.Triple]) -> dict[ox.NamedNode, tuple[ox.NamedNode, ...]]:
    above: defaultdict[ox.NamedNode, set[ox.NamedNode]] = defaultdict(set)
    for triple in triples:
        if (
            triple.predicate == _SUBCLASS_OF
            and isinstance(triple.subject, ox.NamedNode)
            and isinstance(triple.object, ox.NamedNode)
        ):
            above[triple.subject].add(triple.object)
    closed: dict[ox.NamedNode, tuple[ox.NamedNode, ...]] = {}
    for start in list(above):
        found: set[ox.NamedNode] = set()
        waiting = list(above[start])
        while waiting:
            node = waiting.pop()
            if node not in found and node != start:
                found.add(node)
                waiting += above.get(node, ())
        closed[start] = tuple(sorted(found, key=lambda n: n.value))
    return closed
