"""What validation offers to the build and to the command line."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from schachzug.errors import ConformanceError, InputError
from schachzug.iris import SZR
from schachzug.rejection import split_rejected
from schachzug.validation import Validator, validate

_SHAPES = Path(__file__).parents[1] / "shapes"
_EXAMPLE = _SHAPES / "valid" / "example.ttl"
_NO_RULE = _SHAPES / "invalid" / "claim-without-rule.ttl"


def _quads(*paths: Path) -> list[ox.Quad]:
    graph = ox.NamedNode(f"{SZR}graph-test")
    return [
        ox.Quad(q.subject, q.predicate, q.object, graph)
        for path in paths
        for q in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
    ]


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator(sample=1000)


def test_every_form_of_a_graph_is_taken(validator: Validator) -> None:
    quads = _quads(_EXAMPLE, _NO_RULE)
    store = ox.Store()
    store.extend(quads)
    graph = rdflib.Graph().parse(_EXAMPLE).parse(_NO_RULE)
    reports = [validator.check(form) for form in (quads, [q.triple for q in quads], store, graph)]
    assert all(report.findings == reports[0].findings for report in reports)
    assert len(reports[0].findings) == 1


def test_a_finding_names_node_shape_and_reason(validator: Validator) -> None:
    (finding,) = validator.check(_quads(_EXAMPLE, _NO_RULE)).findings
    assert finding.focus == f"{SZR}claim-x"
    assert finding.shape.endswith("#Claim-rule")
    assert finding.component == "MinCountConstraintComponent"
    assert finding.message() == "A claim names the entry or rule that found it."
    assert "Regel" in finding.message("de")


def test_a_shape_that_saw_nothing_is_not_checked(validator: Validator) -> None:
    report = validator.check(_quads(_EXAMPLE))
    checked = dict(report.checked)
    assert report.conforms
    assert checked["https://w3id.org/schachzug/shapes#Claim"] == 2
    assert checked["https://w3id.org/schachzug/shapes#Situation"] == 2
    assert checked["https://w3id.org/schachzug/shapes#QuotesItsText"] > 10
    assert "https://w3id.org/schachzug/shapes#Protest" in report.not_checked
    assert "https://w3id.org/schachzug/shapes#Claim" not in report.not_checked


def test_an_empty_graph_conforms_but_nothing_was_checked(validator: Validator) -> None:
    report = validator.check([])
    assert report.conforms
    assert len(report.not_checked) == len(report.checked)


def test_pyshacl_checks_the_first_graph_and_a_sample(validator: Validator) -> None:
    fresh = Validator(sample=3)
    quads = _quads(_EXAMPLE)
    assert [fresh.check(quads).engine for _ in range(4)] == ["pyshacl, shacl", "shacl", "shacl", "pyshacl, shacl"]
    assert not fresh.disagreements


def test_without_the_fast_engine_pyshacl_does_all() -> None:
    slow = Validator(fast=False)
    quads = _quads(_EXAMPLE, _NO_RULE)
    assert [slow.check(quads).engine for _ in range(2)] == ["pyshacl", "pyshacl"]
    assert slow.check(quads).findings == validate(quads).findings


def test_the_violating_claim_and_no_other_is_kept_apart(validator: Validator) -> None:
    quads = _quads(_EXAMPLE, _NO_RULE)
    kept, rejected, reasons = split_rejected(quads, validator.violations(quads), "test")
    assert list(reasons) == [f"{SZR}claim-x"]
    assert "A claim names the entry or rule" in reasons[f"{SZR}claim-x"]
    assert not [q for q in kept if q.subject == ox.NamedNode(f"{SZR}claim-x")]
    assert [q for q in rejected if q.predicate.value.endswith("#rejectedBecause")]
    assert validator.check(kept).conforms


def test_require_raises_with_the_first_violation(validator: Validator) -> None:
    validator.check(_quads(_EXAMPLE)).require()
    with pytest.raises(ConformanceError, match="A claim names the entry or rule") as caught:
        validator.check(_quads(_EXAMPLE, _NO_RULE)).require()
    assert caught.value.exit_code == 1


def test_a_triple_about_a_triple_is_refused(validator: Validator) -> None:
    node = ox.NamedNode(f"{SZR}x")
    with pytest.raises(InputError, match="triple about a triple"):
        validator.check([ox.Triple(node, node, ox.Triple(node, node, node))])


def test_text_with_quotes_newlines_and_odd_characters_is_compared_as_it_is(validator: Validator) -> None:
    text = 'Er sagte: "Nein\\n", \n𝔚örtlich – ja.'
    quads = []
    for q in _quads(_EXAMPLE):
        if isinstance(q.object, ox.Literal) and q.predicate.value.endswith("#isString"):
            quads.append(ox.Quad(q.subject, q.predicate, ox.Literal(q.object.value + text), q.graph_name))
            begin = len(q.object.value)
        else:
            quads.append(q)
    article = next(q.subject for q in quads if q.predicate.value.endswith("#isString"))
    nif = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
    phrase, integer = ox.NamedNode(f"{SZR}phrase-odd"), ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    facts = {
        "anchorOf": ox.Literal(text),
        "beginIndex": ox.Literal(str(begin), datatype=integer),
        "endIndex": ox.Literal(str(begin + len(text)), datatype=integer),
        "referenceContext": article,
    }
    rdf_type = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    odd = [ox.Triple(phrase, rdf_type, ox.NamedNode(f"{nif}Phrase"))]
    odd += [ox.Triple(phrase, ox.NamedNode(nif + name), value) for name, value in facts.items()]
    report = validator.check([q.triple for q in quads] + odd)
    assert report.conforms, [str(f) for f in report.findings]
