"""What follows from several articles together: namesakes, the same situation, contradictions, direct statements."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, Store

from schachzug import vocabulary as v
from schachzug.derivation import known_quads
from schachzug.errors import ResourceError
from schachzug.gazetteer import Gazetteer
from schachzug.graph import article_quads
from schachzug.iris import SZR
from schachzug.links import link_quads
from schachzug.namesakes import find_namesakes
from schachzug.rules import Rule, direct_quads, load_rules
from schachzug.types import Entity, Modality, Reading, TimeExpression
from schachzug.vocabulary import sz
from tests.graph.readings import CSTO, KAZAKHSTAN, RUN, RUSSIA, article, claim, local, reading, spans_of


def store_of(*readings: Reading) -> Store:
    store = Store()
    for read in readings:
        store.extend(article_quads(read, RUN))
    store.extend(known_quads({RUSSIA.iri, KAZAKHSTAN.iri, CSTO.iri}, Gazetteer.load()))
    return store


def naming(identifier: str, name: str, kind: str = "Person", body: Entity | None = None) -> Reading:
    """An article in which somebody does something, and belongs to a body."""
    made = article(identifier)
    [sentence] = spans_of(made)
    person = local(made, name, kind)
    claims = [claim(sentence, "Accusation", actor=(person,), target=(RUSSIA,))]
    if body is not None:
        claims.append(claim(sentence, "Affiliation", actor=(person,), target=(body,)))
    return Reading(made, (sentence,), claims=tuple(claims))


def stating(identifier: str, **how: object) -> Reading:
    """An article with one claim."""
    made = article(identifier)
    [sentence] = spans_of(made)
    return Reading(made, (sentence,), claims=(claim(sentence, **how),))  # type: ignore[arg-type]


def links(store: Store, name: str) -> list[tuple[str, str]]:
    found = (q for q in link_quads(store) if q.predicate == sz(name))
    return [(str(q.subject), str(getattr(q.object, "value", ""))) for q in found]


def test_full_names_across_articles_are_one_person() -> None:
    readings = [naming(i, name) for i, name in (("a", "Erika Muster"), ("b", "Erika  MUSTER"), ("c", "Erika Muster"))]
    store = store_of(*readings)
    matches = [q for q in link_quads(store) if q.predicate == v.CLOSE_MATCH]
    assert len(matches) == 2
    assert len({q.object for q in matches}) == 1
    assert len(links(store, "sameSituationAs")) == 2


@pytest.mark.parametrize("name", ["Muster", "Q"])
def test_a_single_name_is_nobody_in_particular(name: str) -> None:
    found = find_namesakes(store_of(naming("a", name), naming("b", name)))
    assert not found.same
    assert not found.refusals


def test_a_name_of_two_classes_is_not_merged_and_that_is_recorded() -> None:
    store = store_of(naming("a", "Haus Muster"), naming("b", "Haus Muster", "Organization"))
    found = find_namesakes(store)
    assert not found.same
    [refusal] = found.refusals
    assert "different classes (Organization, Person)" in refusal.reason
    [recorded] = [q for q in link_quads(store) if q.predicate == sz("mergeRefused")]
    assert refusal.one in str(recorded.subject)


def test_people_of_different_states_are_not_merged() -> None:
    found = find_namesakes(
        store_of(
            naming("a", "Erika Muster", body=RUSSIA),
            naming("b", "Erika Muster", body=KAZAKHSTAN),
            naming("c", "Erika Muster", body=KAZAKHSTAN),
        )
    )
    assert len(found.same) == 1
    assert [refusal.reason for refusal in found.refusals] == ["they belong to different bodies"]


def test_places_are_not_merged_by_name() -> None:
    found = find_namesakes(store_of(naming("a", "Bad Muster", "Place"), naming("b", "Bad Muster", "Place")))
    assert not found.same
    assert "class Place" in found.refusals[0].reason


def test_a_name_that_a_known_entity_bears_is_not_merged() -> None:
    store = store_of(naming("a", "Wladimir Putin"), naming("b", "Wladimir Putin"))
    store.extend(known_quads({f"{SZR}Vladimir_Putin"}, Gazetteer.load()))
    found = find_namesakes(store)
    assert not found.same
    assert "a known entity bears the name" in found.refusals[0].reason


def test_the_same_situation_in_several_articles_is_linked_as_a_star() -> None:
    store = store_of(*(stating(i) for i in "abcd"), stating("e", target=(CSTO,)))
    found = links(store, "sameSituationAs")
    assert len(found) == 3
    assert len({first for _, first in found}) == 1


def test_situations_at_different_times_are_different() -> None:
    early = TimeExpression("2020", "2020-01-01T00:00:00Z", "2020-12-31T23:59:59Z")
    late = TimeExpression("2022", "2022-01-01T00:00:00Z", "2022-12-31T23:59:59Z")
    spring = TimeExpression("März 2022", "2022-03-01T00:00:00Z", "2022-03-31T23:59:59Z")
    store = store_of(stating("a", time=early), stating("b", time=late), stating("c", time=spring))
    assert len(links(store, "sameSituationAs")) == 1


def test_a_denial_contradicts_what_it_denies() -> None:
    store = store_of(stating("a"), stating("b"), stating("c", negated=True))
    found = links(store, "contradicts")
    assert len({frozenset(pair) for pair in found}) == 2


@pytest.mark.parametrize("modality", [Modality.POSSIBLE, Modality.INTENDED])
def test_what_may_or_should_be_contradicts_nothing(modality: Modality) -> None:
    assert not links(store_of(stating("a", modality=modality), stating("b", negated=True)), "contradicts")


def test_a_direct_statement_is_one_axiom_with_all_its_claims() -> None:
    store = store_of(stating("a"), stating("b"))
    quads = direct_quads(store, load_rules())
    [statement] = [q for q in quads if q.predicate == sz("losesInfluenceIn")]
    assert (statement.subject, statement.object) == (NamedNode(RUSSIA.iri), NamedNode(KAZAKHSTAN.iri))
    axioms = {q.subject for q in quads if q.predicate == v.TYPE and q.object == v.AXIOM}
    assert len(axioms) == 1
    assert sum(1 for q in quads if q.predicate == v.DERIVED_FROM) == 2
    assert [q.object.value for q in quads if q.predicate == sz("byRule")] == ["loses-influence-in"]  # type: ignore[union-attr]


@pytest.mark.parametrize("how", [{"negated": True}, {"modality": Modality.PREDICTED}])
def test_nothing_is_drawn_from_what_is_denied_or_only_expected(how: dict[str, object]) -> None:
    assert not direct_quads(store_of(stating("a", **how)), load_rules())


def test_a_broken_rule_is_named() -> None:
    store = store_of(reading())
    with pytest.raises(ResourceError, match=r"bad\.rq: the rule is no valid query"):
        direct_quads(store, (Rule("bad", "CONSTRUCT {"),))
    with pytest.raises(ResourceError, match="no CONSTRUCT query"):
        direct_quads(store, (Rule("bad", "SELECT * { ?s ?p ?o }"),))


def test_known_entities_bring_their_states_and_memberships() -> None:
    quads = list(known_quads({f"{SZR}Bank_of_Japan", KAZAKHSTAN.iri, CSTO.iri}, Gazetteer.load()))
    subjects = {str(q.subject) for q in quads}
    assert f"<{SZR}Japan>" in subjects
    assert any(
        q.subject == NamedNode(KAZAKHSTAN.iri) and q.predicate == sz("memberOf") and q.object == NamedNode(CSTO.iri)
        for q in quads
    )
