"""The two engines of SHACL: pyshacl, which is the authority, and a fast one, which must agree with it.

Both take the data as N-Triples and give results in the same form, so that their answers can be compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Protocol

import pyoxigraph as ox

from schachzug.shapes import SH

_ORDER = frozenset(
    f"{name}ConstraintComponent" for name in ("LessThan", "LessThanOrEquals", "MinInclusive", "MaxInclusive")
)
_BLANK = re.compile(r"_:([A-Za-z0-9_.-]*[A-Za-z0-9_-])")


@dataclass(frozen=True, order=True)
class Result:
    """One violation: the node, the shape, the constraint component (local name), and the value, if one is at fault.

    Nodes and values are in N-Triples syntax, `shape` is an IRI.
    """

    focus: str
    shape: str
    component: str
    value: str = ""


class Engine(Protocol):
    """What validates data against shapes."""

    name: str

    def results(self, data: str) -> frozenset[Result]:
        """All violations of a graph, given as N-Triples."""
        ...


class PyshaclEngine:
    """pyshacl, the authority."""

    name = "pyshacl"

    def __init__(self, shapes: str) -> None:
        import rdflib

        self._shapes = rdflib.Graph().parse(data=shapes, format="nt")

    def results(self, data: str) -> frozenset[Result]:
        """All violations of a graph, given as N-Triples."""
        import pyshacl
        import rdflib

        # rdflib would rename the blank nodes, and a report that names them would be of no use.
        labels = {label: label for label in _BLANK.findall(data)}
        graph = rdflib.Graph().parse(data=data, format="nt", bnode_context=labels)
        _, report, _ = pyshacl.validate(graph, shacl_graph=self._shapes, inference="none", meta_shacl=False)
        sh = rdflib.Namespace(SH)
        found = set()
        for node in report.subjects(rdflib.RDF.type, sh.ValidationResult):
            value = report.value(node, sh.value)
            found.add(
                Result(
                    _n_triples(report.value(node, sh.focusNode)),
                    str(report.value(node, sh.sourceShape)),
                    str(report.value(node, sh.sourceConstraintComponent)).removeprefix(SH),
                    "" if value is None else _n_triples(value),
                )
            )
        return frozenset(found)


class RustEngine:
    """The package `shacl`, written in Rust: some hundred times as fast.

    Raises:
        ImportError: it is not installed (it is published for some platforms only).
    """

    name = "shacl"

    def __init__(self, shapes: str) -> None:
        import shacl

        self._shapes = shacl.Shapes.from_text(shapes, format="ntriples")

    def results(self, data: str) -> frozenset[Result]:
        """All violations of a graph, given as N-Triples."""
        report = self._shapes.validate_text(data, format="ntriples")
        return frozenset(
            Result(r.focus_node, (r.source_shape or "").strip("<>"), r.component, _canonical(r.value))
            for r in report.results
        )


def comparable(results: frozenset[Result]) -> list[Result]:
    """Results as they can be compared across engines.

    The fast engine renames blank nodes, and rdflib rewrites literals ("5.0e-1" becomes "0.5") as it reads them.
    Whether a date comes before a number is answered by each engine in its own way: where a node has a value of a
    wrong datatype, which both tell, what they say of its order is left out.
    """
    mistyped = {r.focus for r in results if r.component == "DatatypeConstraintComponent"}
    return sorted(
        replace(r, focus=_anonymous(r.focus), value=_anonymous(r.value))
        for r in results
        if not (r.component in _ORDER and r.focus in mistyped)
    )


def _anonymous(term: str) -> str:
    import rdflib

    if term.startswith("_:"):
        return "_:"
    if not term.startswith('"'):
        return term
    value = next(iter(ox.parse(f"<urn:s> <urn:p> {term} .", format=ox.RdfFormat.N_TRIPLES))).object
    if not isinstance(value, ox.Literal) or value.language:
        return term
    return _n_triples(rdflib.Literal(value.value, datatype=rdflib.URIRef(value.datatype.value)))


def _n_triples(term: object) -> str:
    """A term of rdflib in N-Triples syntax, as pyoxigraph writes it."""
    import rdflib

    if isinstance(term, rdflib.Literal):
        if term.language:
            return str(ox.Literal(str(term), language=term.language))
        datatype = ox.NamedNode(str(term.datatype)) if term.datatype else None
        return str(ox.Literal(str(term), datatype=datatype))
    return f"_:{term}" if isinstance(term, rdflib.BNode) else f"<{term}>"


def _canonical(term: str | None) -> str:
    if term is None or not term.startswith('"'):
        return term or ""
    line = f"<urn:s> <urn:p> {term} ."
    return str(next(iter(ox.parse(line, format=ox.RdfFormat.N_TRIPLES))).object)
