"""The two engines of SHACL: pyshacl, which is the authority, and a fast one, which must agree with it.

Both take the data as N-Triples and give results in the same form, so that their answers can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pyoxigraph as ox

from schachzug.shapes import SH


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

        graph = rdflib.Graph().parse(data=data, format="nt")
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
