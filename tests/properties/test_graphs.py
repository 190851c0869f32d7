"""What holds for every graph, whatever strings the articles bring."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

import pyoxigraph as ox
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, RdfFormat, Store
from rdflib.compare import to_isomorphic

from schachzug import vocabulary as v
from schachzug.graph import article_quads
from schachzug.links import link_quads
from schachzug.rules import direct_quads, load_rules
from schachzug.serialise import FORMATS, sorted_lines, write_graph
from schachzug.types import Reading
from schachzug.vocabulary import sz
from tests.graph.readings import RUN, readings

_OXIGRAPH = {
    "ttl": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
    "owl": RdfFormat.RDF_XML,
}
_RDFLIB = {"ttl": "turtle", "trig": "trig", "nq": "nquads", "jsonld": "json-ld", "owl": "xml"}


def _by_subject(quads: list[Quad]) -> dict[object, dict[NamedNode, list[object]]]:
    found: dict[object, dict[NamedNode, list[object]]] = {}
    for quad in quads:
        found.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)
    return found


@given(readings())
def test_offsets_quote_the_text(read: Reading) -> None:
    nodes = _by_subject(article_quads(read, RUN))
    [content] = [facts[v.IS_STRING][0] for facts in nodes.values() if v.IS_STRING in facts]
    stretches = [facts for facts in nodes.values() if v.ANCHOR in facts]
    assert stretches
    for facts in stretches:
        begin, end = (int(getattr(facts[p][0], "value", "")) for p in (v.BEGIN, v.END))
        assert getattr(content, "value", "")[begin:end] == getattr(facts[v.ANCHOR][0], "value", "")


@given(readings())
def test_a_rerun_gives_the_same_graph(read: Reading) -> None:
    assert sorted_lines(article_quads(read, RUN)) == sorted_lines(article_quads(read, RUN))


@given(readings())
def test_every_claim_has_its_parts_once(read: Reading) -> None:
    nodes = _by_subject(article_quads(read, RUN))
    claims = [facts for facts in nodes.values() if sz("Claim") in facts[v.TYPE]]
    assert bool(claims) == bool(read.claims)
    for facts in claims:
        for predicate in (sz("asserts"), sz("modality"), sz("negated"), sz("rule"), sz("confidence"), v.GENERATED_BY):
            assert len(facts[predicate]) == 1, predicate
        assert facts[sz("claimant")]
        assert facts[v.DERIVED_FROM]


@given(st.lists(readings(), min_size=1, max_size=3, unique_by=lambda r: r.article.digest), st.randoms())
@settings(max_examples=20)
def test_the_order_of_articles_does_not_matter(many: list[Reading], random: Random) -> None:
    def whole(ordered: list[Reading]) -> bytes:
        store = Store()
        for read in ordered:
            store.extend(article_quads(read, RUN))
        store.extend(direct_quads(store, load_rules()))
        store.extend(link_quads(store))
        return sorted_lines(store.quads_for_pattern(None, None, None, None))

    shuffled = list(many)
    random.shuffle(shuffled)
    assert whole(many) == whole(shuffled)


@given(readings())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_every_format_comes_back_as_it_was(read: Reading) -> None:
    quads = article_quads(read, RUN)
    store = Store()
    store.extend(quads)
    triples = {(q.subject, q.predicate, q.object) for q in quads}
    expected = rdflib.Graph().parse(data=_ntriples(quads), format="nt")
    with tempfile.TemporaryDirectory() as folder:
        for path, ending in zip(write_graph(store, Path(folder)), FORMATS, strict=True):
            back = {
                (q.subject, q.predicate, q.object)
                for q in ox.parse(path=str(path), format=_OXIGRAPH[ending])
                if not q.predicate.value.startswith(v.OWL) and q.object != v.OWL_ONTOLOGY
            }
            assert back == triples, ending
            dataset = rdflib.Dataset()
            dataset.parse(path, format=_RDFLIB[ending])
            union = rdflib.Graph()
            for s, p, o, _ in dataset.quads((None, None, None, None)):
                if not str(p).startswith(v.OWL) and str(o) != v.OWL_ONTOLOGY.value:
                    union.add((s, p, o))
            assert to_isomorphic(union) == to_isomorphic(expected), ending


@given(readings())
def test_no_string_becomes_a_name_or_a_statement(read: Reading) -> None:
    """Whatever the strings hold, subjects and predicates are those of the vocabulary."""
    for quad in article_quads(read, RUN):
        assert isinstance(quad.subject, NamedNode)
        assert quad.subject.value.startswith(v.PREFIXES["szr"])
        assert quad.predicate.value.startswith(tuple(v.PREFIXES.values()))
        assert not set(quad.subject.value) & set('<>"{}|\\^` \n')


def _ntriples(quads: list[Quad]) -> bytes:
    return ox.serialize([q.triple for q in quads], format=RdfFormat.N_TRIPLES) or b""
