"""The graph of one article, made of readings written by hand."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Quad

from schachzug import vocabulary as v
from schachzug.graph import article_quads, known_entities
from schachzug.iris import article_iri, graph_iri, local_iri, resource_iri
from schachzug.serialise import sorted_lines
from schachzug.types import Mention, Quotation, QuotationKind, Reading, Span, TimeExpression
from schachzug.vocabulary import dcterms, sz
from tests.graph.readings import AUTHOR, CSTO, KAZAKHSTAN, RUN, RUSSIA, article, claim, local, reading, spans_of


def values(quads: list[Quad], subject: object, predicate: NamedNode) -> set[str]:
    return {str(getattr(q.object, "value", "")) for q in quads if q.subject == subject and q.predicate == predicate}


def of_class(quads: list[Quad], kind: NamedNode) -> list[NamedNode]:
    return [q.subject for q in quads if q.predicate == v.TYPE and q.object == kind and isinstance(q.subject, NamedNode)]


def test_everything_stands_in_the_graph_of_the_article() -> None:
    read = reading()
    graph = NamedNode(graph_iri(read.article.digest))
    assert {q.graph_name for q in article_quads(read, RUN)} == {graph}


def test_the_article_carries_its_metadata() -> None:
    made = article("id 1", title="Titel", publisher="Blatt", issued="2022-01", source="https://example.org/a")
    quads = article_quads(Reading(made, ()), RUN)
    node = NamedNode(article_iri(made.digest))
    assert values(quads, node, v.TYPE) == {v.CONTEXT.value, sz("Article").value}
    assert values(quads, node, v.IS_STRING) == {made.content}
    assert values(quads, node, dcterms("identifier")) == {"id 1"}
    assert values(quads, node, dcterms("publisher")) == {"Blatt"}
    assert values(quads, node, dcterms("issued")) == {"2022-01"}
    assert values(quads, node, dcterms("creator")) == {AUTHOR.iri}
    assert Quad(node, dcterms("source"), NamedNode("https://example.org/a"), quads[0].graph_name) in quads
    assert Quad(node, dcterms("title"), Literal("Titel", language="de"), quads[0].graph_name) in quads


def test_a_source_that_is_no_address_stays_text() -> None:
    made = article(source="https://example.org/> <x")
    quads = article_quads(Reading(made, ()), RUN)
    [source] = [q.object for q in quads if q.predicate == dcterms("source")]
    assert source == Literal("https://example.org/> <x")


def test_a_claim_has_all_that_the_contract_asks_for() -> None:
    quads = article_quads(reading(), RUN)
    [node] = of_class(quads, sz("Claim"))
    assert values(quads, node, sz("claimant")) == {AUTHOR.iri}
    assert values(quads, node, sz("modality")) == {sz("asserted").value}
    assert values(quads, node, sz("negated")) == {"false"}
    assert values(quads, node, sz("confidence")) == {"0.9"}
    assert values(quads, node, sz("rule")) == {"rule.id"}
    assert values(quads, node, v.GENERATED_BY) == {RUN.iri}
    assert values(quads, node, v.DERIVED_FROM) == {s.value for s in of_class(quads, v.SENTENCE)}
    [situation] = [q.object for q in quads if q.subject == node and q.predicate == sz("asserts")]
    assert values(quads, situation, v.TYPE) == {sz("InfluenceLoss").value}
    assert values(quads, situation, sz("actor")) == {RUSSIA.iri}
    assert values(quads, situation, sz("target")) == {KAZAKHSTAN.iri}


def test_a_claim_with_many_fillers_and_a_time() -> None:
    made = article()
    [sentence] = spans_of(made)
    time = TimeExpression("2022", "2022-01-01T00:00:00Z", "2022-12-31T23:59:59Z")
    told = claim(sentence, "Consultation", (RUSSIA, KAZAKHSTAN, RUSSIA), (), time=time, topic="Gas")
    quads = article_quads(Reading(made, (sentence,), claims=(told,)), RUN)
    [situation] = of_class(quads, sz("Consultation"))
    assert sum(1 for q in quads if q.predicate == sz("actor")) == 2
    assert values(quads, situation, sz("startTime")) == {"2022-01-01T00:00:00Z"}
    assert values(quads, situation, sz("timeText")) == {"2022"}
    assert values(quads, situation, sz("topic")) == {"Gas"}


def test_two_sentences_that_claim_the_same_share_the_situation() -> None:
    quads = article_quads(reading("one", "Satz eins.", "Satz zwei."), RUN)
    assert len(of_class(quads, sz("Claim"))) == 2
    assert len(of_class(quads, sz("InfluenceLoss"))) == 1


def test_quotations_are_kept_without_a_claim_and_without_a_speaker() -> None:
    made = article("one", "Alles wird gut, hieß es.")
    [sentence] = spans_of(made)
    quotation = Quotation(Span(0, 15, "Alles wird gut,"), QuotationKind.INDIRECT, None, "hieß", sentence)
    quads = article_quads(Reading(made, (sentence,), quotations=(quotation,)), RUN)
    [node] = of_class(quads, sz("Quotation"))
    assert values(quads, node, v.ANCHOR) == {"Alles wird gut,"}
    assert values(quads, node, sz("quotationKind")) == {sz("indirect").value}
    assert not values(quads, node, sz("speaker"))
    assert not of_class(quads, sz("Claim"))


def test_a_claim_in_a_quotation_points_to_it() -> None:
    made = article("one", "Sie sagte, Russland verliere Einfluss.")
    [sentence] = spans_of(made)
    quotation = Quotation(Span(11, 37, sentence.text[11:37]), QuotationKind.INDIRECT, CSTO, "sagte", sentence)
    told = claim(sentence, claimant=CSTO, quotation=quotation)
    quads = article_quads(Reading(made, (sentence,), quotations=(quotation,), claims=(told,)), RUN)
    [node] = of_class(quads, sz("Quotation"))
    [said] = of_class(quads, sz("Claim"))
    assert values(quads, said, sz("inQuotation")) == {node.value}
    assert values(quads, node, sz("speaker")) == {CSTO.iri}


def test_known_entities_are_not_described_and_local_ones_are() -> None:
    made = article("one", "Tokajew traf Erika Mustermann.")
    [sentence] = spans_of(made)
    person = local(made, "Erika Mustermann")
    read = Reading(made, (sentence,), claims=(claim(sentence, target=(person,)),))
    quads = article_quads(read, RUN)
    assert values(quads, NamedNode(person.iri), v.LABEL) == {"Erika Mustermann"}
    assert values(quads, NamedNode(person.iri), v.TYPE) == {sz("Person").value}
    assert not values(quads, NamedNode(RUSSIA.iri), v.LABEL)
    assert set(known_entities(read)) == {RUSSIA.iri}


def test_one_phrase_may_name_two_entities() -> None:
    made = article("one", "Der Russland-Kasachstan-Gipfel begann.")
    [sentence] = spans_of(made)
    span = Span(4, 30, sentence.text[4:30])
    mentions = tuple(Mention(span, entity, "compound") for entity in (RUSSIA, KAZAKHSTAN, RUSSIA))
    quads = article_quads(Reading(made, (sentence,), mentions), RUN)
    assert sum(1 for q in quads if q.predicate == v.IDENTIFIES) == 2
    assert len(of_class(quads, v.PHRASE)) == 1


def test_silent_sentences_are_marked() -> None:
    made = article("one", "Satz eins.", "Satz zwei.")
    sentences = spans_of(made)
    quads = article_quads(Reading(made, sentences, silent=sentences[1:]), RUN)
    [marked] = [q.subject for q in quads if q.predicate == sz("unread")]
    assert values(quads, marked, v.ANCHOR) == {"Satz zwei."}


def test_every_iri_depends_on_what_it_stands_for_only() -> None:
    first, again = sorted_lines(article_quads(reading(), RUN)), sorted_lines(article_quads(reading(), RUN))
    other = sorted_lines(article_quads(reading("two"), RUN))
    assert first == again
    named = {line.split()[0] for line in first.splitlines()} & {line.split()[0] for line in other.splitlines()}
    assert named == {f"<{RUN.iri}>".encode(), f"<{AUTHOR.iri}>".encode()}


def test_names_differ_by_more_than_case_and_blanks() -> None:
    assert local_iri("d", "Erika  Muster") == local_iri("d", "erika muster")
    assert local_iri("d", "Erika Muster") != local_iri("e", "Erika Muster")
    assert resource_iri("claim", "a b") != resource_iri("claim", "a", "b")
