"""The quick look at quoted stretches never calls right what the query calls wrong."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from schachzug import vocabulary as v
from schachzug.shapes import load_shapes
from schachzug.validation import _QUOTING, _by_predicate, _quotes_well

GRAPHS = sorted(Path(__file__).parent.glob("*alid/*.ttl"))


def triples_of(path: Path) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]


def has_misquoted(triples: list[ox.Triple]) -> bool:
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    rows = store.query(load_shapes().query)
    assert isinstance(rows, ox.QuerySolutions)
    return next(iter(rows), None) is not None


def quotes_well(triples: list[ox.Triple]) -> bool:
    found = _by_predicate(triples)
    return _quotes_well({predicate: found.get(predicate, []) for predicate in _QUOTING})


@pytest.mark.parametrize("path", GRAPHS, ids=lambda path: path.stem)
def test_query_finds_nothing_where_all_quotes_well(path: Path) -> None:
    triples = triples_of(path)
    assert not (quotes_well(triples) and has_misquoted(triples))


def test_a_plain_graph_needs_no_query() -> None:
    assert quotes_well(triples_of(Path(__file__).parent / "valid" / "example.ttl"))


@pytest.mark.parametrize("predicate", [v.BEGIN, v.END, v.ANCHOR, v.IS_STRING, v.IN_CONTEXT], ids=lambda p: p.value)
def test_changed_stretches_are_not_called_right(predicate: ox.NamedNode) -> None:
    changed = 0
    for triples in map(triples_of, GRAPHS):
        for n, triple in enumerate(triples):
            if triple.predicate != predicate or not isinstance(triple.object, ox.Literal):
                continue
            old = triple.object
            value = str(int(old.value) + 1) if old.value.isdecimal() else "…" + old.value
            literal = (
                ox.Literal(value, language=old.language) if old.language else ox.Literal(value, datatype=old.datatype)
            )
            other = [*triples[:n], ox.Triple(triple.subject, predicate, literal), *triples[n + 1 :]]
            changed += 1
            assert not (quotes_well(other) and has_misquoted(other))
            doubled = [*triples, ox.Triple(triple.subject, predicate, literal)]
            assert not (quotes_well(doubled) and has_misquoted(doubled))
    assert changed or predicate == v.IN_CONTEXT
