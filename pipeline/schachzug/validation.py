"""Whether a graph conforms to the shapes, and if not, which node breaks which shape, and why.

pyshacl is the authority. Where the fast engine is installed it checks every graph, and pyshacl checks a sample of
them again (all of them where `strict`); should they ever disagree, the authority is believed and used from then on.
A shape that found nothing to look at is reported as not checked, never as passed.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import pyoxigraph as ox

from schachzug import vocabulary as v
from schachzug.errors import ConformanceError, InputError
from schachzug.rejection import Violation
from schachzug.serialise import serialised
from schachzug.shacl_engines import Engine, PyshaclEngine, Result, RustEngine, comparable
from schachzug.shapes import QUOTES_ITS_TEXT, Shapes, load_shapes, n_triples

if TYPE_CHECKING:
    import rdflib

Graph: TypeAlias = "rdflib.Graph | ox.Store | Iterable[ox.Quad] | Iterable[ox.Triple]"

_Statement: TypeAlias = ox.Quad | ox.Triple
_ByPredicate: TypeAlias = dict[ox.NamedNode, list[_Statement]]

_LOG = logging.getLogger(__name__)
_SAMPLE = 250
_QUOTING = frozenset({v.ANCHOR, v.BEGIN, v.END, v.IN_CONTEXT, v.IS_STRING})


@dataclass(frozen=True, order=True)
class Finding:
    """That a node violates a shape.

    `focus` is an IRI or, for a blank node, `_:` and its label; `shape` the IRI of the shape; `component` the local
    name of SHACL's constraint component; `value` the value at fault in N-Triples syntax, or empty; `messages`
    (language, text) pairs.
    """

    focus: str
    shape: str
    component: str
    value: str = ""
    messages: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def message(self, language: str = "en") -> str:
        """What is wrong, in German (`de`) or English (`en`)."""
        return dict(self.messages).get(language, self.component)

    def __str__(self) -> str:
        value = f" ({self.value[:200]})" if self.value else ""
        return f"{self.message()}{value} [{self.shape.rpartition('#')[2]}, {self.component}]"


@dataclass(frozen=True)
class Report:
    """What a validation found.

    `checked` tells for every shape how many nodes it looked at; `engine` names what looked.
    """

    findings: tuple[Finding, ...]
    checked: tuple[tuple[str, int], ...]
    engine: str

    @property
    def conforms(self) -> bool:
        """Whether nothing violates a shape."""
        return not self.findings

    @cached_property
    def not_checked(self) -> tuple[str, ...]:
        """The IRIs of the shapes that found nothing to look at."""
        return tuple(shape for shape, nodes in self.checked if not nodes)

    def require(self) -> None:
        """Go on only if the graph conforms.

        Raises:
            ConformanceError: it does not; the message tells the first violation.
        """
        if self.findings:
            first = self.findings[0]
            more = f" (and {len(self.findings) - 1} more)" if len(self.findings) > 1 else ""
            hint = "See `schachzug validate` for all of them"
            raise ConformanceError(f"the graph violates a shape: {first}{more}", where=first.focus, hint=hint)


@dataclass(frozen=True)
class Completed:
    """What is validated, as N-Triples and by predicate, and how many nodes each shape finds in it."""

    text: str
    checked: tuple[tuple[str, int], ...]
    by_predicate: _ByPredicate


@dataclass(frozen=True)
class _Kind:
    """What being of a class implies: the statements of its superclasses, without their subject, and the shapes."""

    above: tuple[str, ...]
    shapes: tuple[str, ...]


class Validator:
    """Validates graphs against the shapes that ship, which it reads once.

    Args:
        strict: let pyshacl check every graph, not only the first and a sample of the others.
        sample: how many graphs stand for each that pyshacl checks again.
        fast: whether the fast engine may be used where it is installed.
    """

    def __init__(self, *, strict: bool = False, sample: int = _SAMPLE, fast: bool = True) -> None:
        self.shapes = load_shapes()
        self.strict, self.sample = strict, sample
        self._fast = _fast_engine(self.shapes) if fast else None
        self._count = 0
        self._kinds: dict[ox.NamedNode, _Kind] = {}
        self.disagreements: list[frozenset[Result]] = []

    @cached_property
    def _authority(self) -> Engine:
        return PyshaclEngine(self.shapes.text)

    def check(self, graph: Graph) -> Report:
        """Validate a graph; entities that it refers to must be described in it.

        Args:
            graph: an rdflib graph, a pyoxigraph store, or quads or triples of pyoxigraph; which named graphs
                quads stand in makes no difference.

        Raises:
            InputError: the graph holds triples about triples, which no shape can see.
        """
        data = self.complete(graph)
        results, engine = self._results(data.text)
        findings = [
            Finding(_iri(r.focus), r.shape, r.component, r.value, self.shapes.messages.get(r.shape, ()))
            for r in results
        ]
        findings += self._misquoting(data.by_predicate)
        return Report(tuple(sorted(findings)), data.checked, engine)

    def violations(self, quads: Iterable[ox.Quad]) -> Iterator[Violation]:
        """The violations of an article's graph as the build needs them: a focus with one reason for each shape."""
        for finding in self.check(quads).findings:
            yield Violation(finding.focus, str(finding))

    def _results(self, data: str) -> tuple[frozenset[Result], str]:
        """What the engines say, and the names of those that said it."""
        self._count += 1
        if self._fast is None:
            return self._authority.results(data), self._authority.name
        fast = self._fast.results(data)
        sampled = self.strict or self._count % self.sample == 1 or self.sample <= 1
        # The fast engine cannot tell which blank node is wrong.
        if not sampled and not any(r.focus.startswith("_:") for r in fast):
            return fast, self._fast.name
        sure = self._authority.results(data)
        if comparable(fast) == comparable(sure):
            return sure, f"{self._authority.name}, {self._fast.name}"
        self.disagreements.append(fast ^ sure)
        _LOG.warning("%s disagrees with %s; only %s is used from here on", self._fast.name, *[self._authority.name] * 2)
        self._fast = None
        return sure, self._authority.name

    def complete(self, graph: Graph) -> Completed:
        """The data as the engines take it: with all superclasses of the types stated.

        Raises:
            InputError: the graph holds triples about triples.
        """
        statements, text = _statements(graph)
        by_predicate = _by_predicate(statements)
        focus: defaultdict[str, set[object]] = defaultdict(set)
        more: set[str] = set()
        for triple in by_predicate.get(v.TYPE, ()):
            if isinstance(triple.object, ox.NamedNode):
                kind = self._kind(triple.object)
                subject = str(triple.subject)
                more.update(subject + statement for statement in kind.above)
                for shape in kind.shapes:
                    focus[shape].add(triple.subject)
        for predicate, found in by_predicate.items():
            for shape in self.shapes.property_targets.get(predicate.value, ()):
                focus[shape].update(triple.subject for triple in found)
        names = sorted({t.shape for t in self.shapes.targets})
        text += "\n".join(sorted(more)) + "\n"
        return Completed(text, tuple((shape, len(focus[shape])) for shape in names), by_predicate)

    def _kind(self, node: ox.NamedNode) -> _Kind:
        """What being of a class implies, looked up once for each class."""
        found = self._kinds.get(node)
        if found is None:
            above = self.shapes.superclasses.get(node, ())
            shapes = {shape for c in (node, *above) for shape in self.shapes.class_targets.get(c.value, ())}
            found = self._kinds[node] = _Kind(tuple(f" {v.TYPE} {c} ." for c in above), tuple(sorted(shapes)))
        return found

    def _misquoting(self, by_predicate: _ByPredicate) -> Iterator[Finding]:
        """Stretches whose text is not what the article has between their offsets: one query, not a constraint each."""
        quoting = {predicate: by_predicate.get(predicate, []) for predicate in _QUOTING}
        if _quotes_well(quoting):
            return
        store = ox.Store()
        store.extend(ox.Quad(t.subject, t.predicate, t.object) for found in quoting.values() for t in found)
        rows = store.query(self.shapes.query)
        if not isinstance(rows, ox.QuerySolutions):
            return
        for row in rows:
            yield Finding(
                _iri(str(row["stretch"])),
                QUOTES_ITS_TEXT,
                "SPARQLConstraintComponent",
                str(row["stated"]),
                self.shapes.messages[QUOTES_ITS_TEXT],
            )


def validate(graph: Graph, *, strict: bool = True) -> Report:
    """Validate one graph, by default with pyshacl.

    Args:
        graph: an rdflib graph, a pyoxigraph store, or quads or triples of pyoxigraph.
        strict: whether pyshacl must be asked.
    """
    return Validator(strict=strict).check(graph)


def _triples(graph: Graph) -> list[ox.Triple]:
    """The triples of a graph in any of the forms that `Validator.check` takes, each once."""
    items: Iterable[ox.Quad] | Iterable[ox.Triple]
    if isinstance(graph, ox.Store):
        items = graph.quads_for_pattern(None, None, None, None)
    elif hasattr(graph, "serialize"):
        text = graph.serialize(format="nt", encoding="utf-8")
        items = ox.parse(text, format=ox.RdfFormat.N_TRIPLES)
    else:
        items = graph
    return list(dict.fromkeys(item.triple if isinstance(item, ox.Quad) else item for item in items))


def _statements(graph: Graph) -> tuple[Sequence[_Statement], str]:
    """What a graph states, and the same as N-Triples; the quads of one named graph are taken as they are."""
    if isinstance(graph, list) and graph and all(isinstance(item, ox.Quad) for item in graph):
        text = serialised(graph, ox.RdfFormat.N_QUADS).decode()
        named = f" {graph[0].graph_name} .\n"
        if text.count(named) == len(graph):  # each quad is a line, and no literal holds the end of one
            return graph, text.replace(named, " .\n")
    triples = _triples(graph)
    return triples, n_triples(triples)


def _by_predicate(triples: Iterable[_Statement]) -> _ByPredicate:
    """Triples by what they say of their subjects.

    Raises:
        InputError: there is a triple about a triple.
    """
    found: defaultdict[ox.NamedNode, list[_Statement]] = defaultdict(list)
    for triple in triples:
        if isinstance(triple.object, ox.Triple):
            raise InputError("the graph holds a triple about a triple", hint="Give it without RDF 1.2 reifiers")
        found[triple.predicate].append(triple)
    return found


def _quotes_well(quoting: _ByPredicate) -> bool:
    """Whether every stretch has one text, one place and one article, and is what the article has there.

    Where that is not plain to see, the query tells what is wrong.
    """
    stated: dict[ox.NamedNode, dict[object, Any]] = {}
    for predicate, triples in quoting.items():
        stated[predicate] = {triple.subject: triple.object for triple in triples}
        if len(stated[predicate]) < len(triples):
            return False
    texts = {node: text.value for node, text in stated[v.IS_STRING].items() if isinstance(text, ox.Literal)}
    for node, anchor in stated[v.ANCHOR].items():
        begin, end = stated[v.BEGIN].get(node), stated[v.END].get(node)
        text = texts.get(stated[v.IN_CONTEXT].get(node))
        if text is None or not all(isinstance(term, ox.Literal) for term in (anchor, begin, end)):
            return False
        if begin is None or end is None or not (begin.value.isdecimal() and end.value.isdecimal()):
            return False
        if text[int(begin.value) : int(end.value)] != anchor.value:
            return False
    return all(node in stated[v.ANCHOR] for node in stated[v.BEGIN])


def _iri(term: str) -> str:
    return term.removeprefix("<").removesuffix(">")


def _fast_engine(shapes: Shapes) -> Engine | None:
    try:
        return RustEngine(shapes.text)
    except ImportError:
        return None
