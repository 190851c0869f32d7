"""Reported speech is found, with its words and its speaker, in hand-checked parses: no model is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import spacy
import yaml
from spacy.tokens import Doc, Token

from schachzug.clauses import has_main_clause, is_open, said_after
from schachzug.cues import attribution_cues
from schachzug.evaluation_quotations import GoldQuotation, QuotationCounts, count_quotations
from schachzug.gazetteer import Gazetteer
from schachzug.lexicon import Lexicon
from schachzug.reading import Analysis, Reader
from schachzug.sentences import sentence_bounds
from schachzug.types import Article, Quotation, QuotationKind, Span

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "speech.yaml").read_text(encoding="utf-8"))


NLP = spacy.blank("de")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(NLP, Lexicon([], {}), Gazetteer.load(), judgement=None)


def parsed(case: dict[str, Any]) -> Doc:
    """The document of a case, made of its tokens."""
    rows = [line.split() for line in case["tokens"].splitlines()]
    text, end, spaces = case["text"], 0, []
    for row in rows:
        end = text.index(row[0], end) + len(row[0])
        spaces.append(text[end : end + 1] == " ")
    starts = {span.begin for span in sentence_bounds(text)}
    doc = Doc(
        NLP.vocab,
        words=[row[0] for row in rows],
        spaces=spaces,
        lemmas=[row[1] for row in rows],
        tags=[row[2] for row in rows],
        pos=[row[3] for row in rows],
        deps=[row[4] for row in rows],
        heads=[int(row[5]) - 1 if row[5] != "0" else i for i, row in enumerate(rows)],
        morphs=[row[6] if row[6] != "_" else "" for row in rows],
        ents=[row[7] if len(row) > 7 else "O" for row in rows],
    )
    assert doc.text == text
    assert {sentence.start_char for sentence in doc.sents} == starts
    return doc


def by_name(shows: str) -> Doc:
    return parsed(next(case for case in CASES if case["shows"] == shows))


@pytest.mark.parametrize("case", CASES, ids=[case["shows"] for case in CASES])
def test_speech_is_found_with_its_words_and_its_speaker(reader: Reader, case: dict[str, Any]) -> None:
    doc = parsed(case)
    speeches = Analysis(reader, Article("case", doc.text), doc).speech
    found = []
    for number, sentence in enumerate(doc.sents):
        for speech in speeches.find(sentence, number):
            speaker = speech.speaker.text if speech.speaker is not None else "-"
            row = [str(speech.kind), doc[speech.start : speech.end].text, speaker]
            if row not in found:
                found.append(row)
    assert sorted(found) == sorted(case["speech"])


def nobody_resumes(token: Token) -> bool:
    return False


def test_a_fronted_clause_is_no_main_clause() -> None:
    doc = by_name("a fronted clause is not what is said")
    comma = next(token for token in doc if token.text == ",")
    assert not has_main_clause(list(doc[: comma.i]))
    assert has_main_clause(list(doc))


def test_a_phrase_with_a_relative_clause_waits_for_its_verb() -> None:
    doc = by_name("a clause in the Konjunktiv without conjunction")
    commas = [token.i for token in doc if token.text == ","]
    assert is_open(list(doc[: commas[1]]))
    assert not is_open(list(doc[: commas[0]]))


def test_an_infinitive_counts_only_where_it_may() -> None:
    doc = by_name("a passive names nobody")
    comma = next(token for token in doc if token.text == ",")
    markers = attribution_cues().content_markers
    words = [doc[i].text for i in said_after(comma, markers, True, False, nobody_resumes)]
    assert words[:2] == ["Steuern", "hinterzogen"]
    assert not said_after(comma, markers, False, False, nobody_resumes)


@pytest.mark.parametrize("word", ["Abschluss", "Herausforderung", "Lebenserwartung", "Bedeutung"])
def test_words_that_only_end_like_nouns_of_saying_are_none(word: str) -> None:
    assert not attribution_cues().is_noun_of_saying(word)
    assert attribution_cues().is_noun_of_saying("Presseerklärung")


def quoted(speaker: Span | None) -> tuple[QuotationCounts, Quotation]:
    words = Span(0, 10, "zehn Worte")
    return QuotationCounts(), Quotation(words, QuotationKind.INDIRECT, None, "", words, speaker)


def test_where_nobody_is_annotated_nobody_is_right() -> None:
    gold = GoldQuotation("Indirect", frozenset(range(10)), frozenset(), "")
    counts, quotation = quoted(None)
    count_quotations(counts, (gold,), (quotation,))
    assert counts.right["Indirect"] == 1
    counts, quotation = quoted(Span(12, 15, "wer"))
    count_quotations(counts, (gold,), (quotation,))
    assert (counts.found["Indirect"], counts.right["Indirect"]) == (1, 0)
