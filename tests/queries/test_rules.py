"""Every rule draws what it must from the corpus, and nothing from a claim that is denied, unsure or not asserted."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml

from schachzug.question_files import read_header
from schachzug.resources import resource
from schachzug.rules import direct_quads, load_rules
from tests.queries.corpus import RDF_TYPE, SZ, SZR, Corpus, sz, szr, typed

PREFIXES = f"PREFIX sz: <{SZ}> PREFIX szr: <{SZR}> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>"
RULES = sorted(resource("queries", "rules").glob("*.rq"))
ANNOTATED = "http://www.w3.org/2002/07/owl#annotated"
_EXPECTED = """
    CSTO intervenesIn Kazakhstan; Armenia memberOf CSTO; Belarus coerces local-00000000000000dd;
    China accuses United_States; China cooperatesWith Russia; European_Union losesInfluenceIn Central_Asia;
    Commonwealth_of_Independent_States worsensRelationsWith GUAM; European_Union sanctions Belarus;
    NATO threatens Russia; Russia attacks Kazakhstan; Russia improvesRelationsWith The_West;
    Russia threatens Georgia; Russia threatens Ukraine; Russia worsensRelationsWith The_West;
    Turkey intervenesIn Syria; Turkish_military intervenesIn Syria; United_States losesInfluenceIn Central_Asia;
    Vladimir_Putin leads Russia; Vladimir_Putin threatens Georgia
"""


def statements(store: ox.Store) -> set[str]:
    quads = direct_quads(store, load_rules())
    return {
        " ".join(term.value.replace(SZ, "").replace(SZR, "") for term in (q.subject, q.predicate, q.object))  # type: ignore[union-attr]
        for q in quads
        if isinstance(q.subject, ox.NamedNode)
    }


def test_the_corpus_gives_these_direct_statements(corpus: Corpus) -> None:
    assert statements(corpus.store()) == {" ".join(s.split()) for s in _EXPECTED.split(";")}


def test_what_is_inferred_names_rule_and_claims(store: ox.Store, corpus: Corpus) -> None:
    axioms = list(store.quads_for_pattern(None, ox.NamedNode(f"{ANNOTATED}Source"), szr("Russia")))
    georgia = [a for a in axioms if list(store.quads_for_pattern(a.subject, None, szr("Georgia")))]
    assert len(georgia) == 1
    derived = store.quads_for_pattern(
        georgia[0].subject, ox.NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom"), None
    )
    assert {quad.object.value for quad in derived} == {corpus.claims["a-leads"], corpus.claims["b-leader"]}  # type: ignore[union-attr]
    rules = store.quads_for_pattern(georgia[0].subject, sz("byRule"), None)
    assert [quad.object.value for quad in rules] == ["leader-acts-for-state"]  # type: ignore[union-attr]


@pytest.mark.parametrize("path", RULES, ids=lambda p: p.stem)
def test_every_rule_is_described(path: Path) -> None:
    header = read_header(path.read_text(encoding="utf-8"), path)
    assert header["summary"]
    assert bool(header.get("inferred")) != ("property" in header), "a rule states one property, or is an inference"


SIMPLE = [p for p in RULES if "property" in read_header(p.read_text(encoding="utf-8"), p)]


@pytest.mark.parametrize("path", SIMPLE, ids=lambda p: p.stem)
@pytest.mark.parametrize("change", ["none", "modality", "negated", "confidence"])
def test_a_rule_draws_its_property_only_from_what_is_asserted(path: Path, change: str) -> None:
    text = path.read_text(encoding="utf-8")
    name = read_header(text, path)["property"].removeprefix("sz:")
    kind = text.split("?situation a ")[1].split()[0]
    if kind == "?kind":
        kind = text.split("VALUES ?kind {")[1].split()[0]
    store = ox.Store()
    graph, situation, claim = szr("graph-x"), szr("situation-x"), szr("claim-x")
    one, two = ("One", "Person" if name == "affiliatedWith" else "State"), ("Two", "Organization")
    role = "actor" if "STR(?actor) < STR(?target)" in text else "target"
    values: dict[str, ox.NamedNode | ox.Literal]
    wrong: dict[str, ox.NamedNode | ox.Literal]
    values = {"modality": sz("asserted"), "negated": typed("false", "boolean"), "confidence": typed("0.5", "decimal")}
    wrong = {"modality": sz("predicted"), "negated": typed("true", "boolean"), "confidence": typed("0.4", "decimal")}
    if change != "none":
        values[change] = wrong[change]
    for entity, entity_type in (one, two):
        store.add(ox.Quad(szr(entity), RDF_TYPE, sz(entity_type), graph))
    store.add(ox.Quad(situation, RDF_TYPE, sz(kind.removeprefix("sz:")), graph))
    store.add(ox.Quad(situation, sz("actor"), szr("One"), graph))
    store.add(ox.Quad(situation, sz(role), szr("Two"), graph))
    store.add(ox.Quad(claim, sz("asserts"), situation, graph))
    for key, value in values.items():
        store.add(ox.Quad(claim, sz(key), value, graph))
    assert statements(store) == ({f"One {name} Two"} if change == "none" else set())


def test_a_membership_both_ways_round_is_none() -> None:
    corpus = Corpus()
    store = corpus.store()
    store.update(
        PREFIXES + " INSERT DATA { GRAPH szr:graph-x { szr:situation-x a sz:Membership ; sz:actor szr:CSTO ; "
        "sz:target szr:Armenia . szr:claim-x sz:asserts szr:situation-x ; sz:modality sz:asserted ; sz:negated false ; "
        "sz:confidence 0.9 } }"
    )
    assert not any("memberOf" in statement for statement in statements(store))


CHECKS = yaml.safe_load(Path(__file__).with_name("violations.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_every_check_finds_what_is_planted(name: str, store: ox.Store) -> None:
    from schachzug.checks import violations

    broken = ox.Store()
    broken.extend(store)
    broken.update(
        f"{PREFIXES} PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX owl: <http://www.w3.org/2002/07/owl#> "
        "PREFIX nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> "
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> " + CHECKS[name]
    )
    assert name in {violation.check for violation in violations(broken)}


def test_the_corpus_violates_no_check_and_every_check_is_tried(store: ox.Store) -> None:
    from schachzug.checks import checks, violations

    assert violations(store) == ()
    assert {check.name for check in checks()} == set(CHECKS)
