"""Scores: the figures of an independent scorer, the causes of errors, and silence about what is held back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from schachzug.errors import InputError
from schachzug.evaluation import Evaluation, Score, figures, findings_of_graph, score, superclasses
from schachzug.evaluation_gold import GoldArticle, held_back_ids, load_gold
from schachzug.evaluation_matching import Findings, norm
from schachzug.evaluation_report import article_rows, as_data, as_markdown, miss_lines, report, score_rows
from schachzug.figures import write_section
from schachzug.types import Article, Claim, Entity, Modality, Reading, Situation, Span

HERE = Path(__file__).resolve().parents[1]
PROBE = HERE / "evaluation"


@pytest.fixture(scope="module")
def gold() -> GoldArticle:
    return load_gold([PROBE / "gold.yaml"])[0]


@pytest.fixture(scope="module")
def findings() -> Findings:
    return findings_of_graph(PROBE / "graph.ttl")


def test_figures_are_those_of_the_independent_scorer(gold: GoldArticle, findings: Findings) -> None:
    expected = json.loads((PROBE / "expected.json").read_text(encoding="utf-8"))
    found = figures(score(findings, gold).counts)
    for name, own in (("strict", found.strict), ("loose", found.loose), ("entity", found.entity)):
        told = expected[name]
        assert (own.p, own.r, own.f1) == pytest.approx((told["p"], told["r"], told["f1"]), abs=5e-4), name
    slots = {"modality": found.modality, "negated": found.negated, "claimant": found.claimant}
    assert slots == pytest.approx(expected["slots"], abs=5e-4)
    assert found.required == expected["required"]


def test_a_claim_without_situation_is_left_out_and_counted(findings: Findings) -> None:
    assert findings.bare == 1


def test_every_error_has_its_cause(gold: GoldArticle, findings: Findings) -> None:
    outcome = score(findings, gold)
    assert dict(outcome.causes) == {
        "modality": 1,
        "wrong link": 1,
        "role missed": 1,
        "negation": 1,
        "claimant": 1,
        "spurious": 1,
        "wrong type": 1,
        "no predicate": 2,
    }
    wrong_type = next(note for note in outcome.notes if note.cause == "wrong type")
    assert wrong_type.wanted.startswith("Sanction") and wrong_type.found.startswith("Coercion")


def test_missed_and_wrong_add_up(gold: GoldArticle, findings: Findings) -> None:
    outcome = score(findings, gold)
    counts, causes = outcome.counts, outcome.causes
    missed = counts["required"] - counts["strict_tp"]
    paired = causes["wrong type"] + causes["role missed"] + causes["wrong link"]
    assert missed == causes["no predicate"] + paired
    assert counts["strict_fp"] == causes["spurious"] + paired


def test_claims_are_counted_by_confidence(gold: GoldArticle, findings: Findings) -> None:
    sureness = score(findings, gold).sureness
    assert (sureness[8, "claims"], sureness[8, "right"], sureness[8, "thousandths"]) == (1, 1, 850)
    assert (sureness[0, "claims"], sureness[0, "right"]) == (7, 3)


def test_superclasses_come_from_the_ontology() -> None:
    assert "Intervention" in superclasses()["PeacekeepingMission"]


def test_held_back_articles_show_totals_only(gold: GoldArticle, findings: Findings) -> None:
    evaluation = Evaluation.of(findings, [gold], frozenset({gold.id}))
    printed = report(evaluation, articles=True, misses=True)
    assert evaluation.outcome("written", True).counts["required"] == 9
    assert not evaluation.outcome("written", True).notes
    assert list(miss_lines(evaluation)) == [] and len(article_rows(evaluation)) == 1
    assert gold.id not in printed
    assert not any(sentence.text in printed for sentence in gold.sentences)


def test_development_and_held_back_stand_side_by_side(gold: GoldArticle, findings: Findings) -> None:
    other = GoldArticle("wikinews-1", gold.sentences, gold.creator)
    evaluation = Evaluation.of(findings, [gold, other], frozenset({"wikinews-1"}))
    assert [row[:3] for row in score_rows(evaluation)[1:]] == [
        ("written", "development", "1"),
        ("wikinews", "held back", "1"),
        ("real", "held back", "1"),
        ("all", "development", "1"),
        ("all", "held back", "1"),
    ]
    data = as_data(evaluation)
    assert data["written"]["development"]["strict"] == data["real"]["held back"]["strict"]


def test_readings_score_as_the_graph_that_is_made_of_them(gold: GoldArticle) -> None:
    def entity(iri: str, *names: str) -> Entity:
        return Entity(iri, "State", tuple((name, "en") for name in names))

    def claim(sentence: str, situation: Situation) -> Claim:
        span = Span(0, len(sentence), sentence)
        author = entity("x:author", "Eva Muster")
        return Claim(situation, (author,), Modality.ASSERTED, False, span, span, "r", 0.5)

    russia, asia = entity("x:Russia", "Russia"), entity("x:Asia", "Central Asia")
    claims = (
        claim(gold.sentences[0].text, Situation("InfluenceLoss", (russia,), (asia,))),
        claim(gold.sentences[4].text, Situation("Crisis", location=(asia,))),
    )
    reading = Reading(Article("probe", "x"), (), claims=claims)
    outcome = score(Findings.of_readings([reading], {}), gold)
    assert figures(outcome.counts).strict == Score(0.5, 1 / 9)
    assert outcome.counts["claimant_ok"] == outcome.counts["modality_ok"] == 1


def test_an_article_of_a_gold_file_is_its_title_and_its_sentences(gold: GoldArticle) -> None:
    article = gold.to_article()
    assert article.title == gold.sentences[0].text
    assert article.text.startswith(gold.sentences[1].text + " " + gold.sentences[2].text)
    assert (article.creator, article.issued) == ("Eva Muster", "2024-03-05")


def test_the_projects_own_gold_files_are_whole() -> None:
    golds = load_gold([HERE / "gold"])
    assert len(golds) == 12
    assert sum(len(article.sentences) for article in golds) == 327
    held = held_back_ids(near=[HERE / "gold"])
    assert sum(article.id in held for article in golds) == 3
    assert all(article.kind == "written" for article in golds)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no gold file"),
        ("article: a\nsentences: [{text: x, statements: [{type: Aid, actr: [b]}]}]", "unknown key 'actr'"),
        ("article: a\nsentences: [{text: x, statements: [{type: Aid, actor: b}]}]", "no list"),
        ("article: a\nsentences: [{text: x, statements: [{type: Aid, modality: sure}]}]", "modality 'sure'"),
        ("article: a\nsentences: [{statements: []}]", "no text"),
        ("a: [", "not YAML"),
    ],
)
def test_a_broken_gold_file_is_refused_by_name(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message) as raised:
        load_gold([path])
    assert "broken.yaml" in str(raised.value)


@pytest.mark.parametrize("inputs", [[], ["nowhere.yaml"]])
def test_no_gold_file_is_an_error(inputs: Sequence[str]) -> None:
    with pytest.raises(InputError):
        load_gold(inputs)


def test_sentences_are_compared_without_punctuation() -> None:
    assert norm("„Nein“, sagte er – und  ging.") == "nein sagte er und ging"


def test_a_section_of_figures_is_replaced_and_the_rest_kept(tmp_path: Path) -> None:
    path = tmp_path / "figures.md"
    path.write_text("# Figures\n\n<!-- speed -->\nfast\n<!-- /speed -->\n", encoding="utf-8")
    write_section(path, "evaluate", as_markdown([("kind", "F1"), ("written", "0.5")]))
    write_section(path, "evaluate", r"new \1")
    text = path.read_text(encoding="utf-8")
    assert text.count("<!-- evaluate -->") == 1 and "fast" in text and r"new \1" in text and "0.5" not in text
