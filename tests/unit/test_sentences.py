"""German sentences are split where they end, and nowhere else."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

import schachzug.sentences
from schachzug.errors import LexiconError
from schachzug.sentences import load_abbreviations, sentence_bounds, sentences_of

# `|` stands where a sentence ends; nothing is split anywhere else.
CASES = [
    "Die Lage ist ernst.|Niemand weiß weiter.",
    "Präs. Putin sprach mit Dr. Weber.|Danach flog er ab.",
    "Er kam am 5. Januar an.|Am 6. fuhr er ab.",
    "Das geschah im 19. Jahrhundert.|Heute ist es anders.",
    "Elisabeth II. besuchte Friedrich III. in Wien.|Sie blieb nicht lange.",
    "Es kamen u. a. die USA, z. B. mit Geld.|Auch d. h. nichts.",
    "Es kamen u.a. Soldaten, ca. 300 Mann.|Sie gingen bald.",
    "Moskau (dpa) - Russland zieht ab.|Das sagte ein Sprecher.",
    "„Nein.“|„Doch!“|Er ging.",
    "„Wer geht?“, fragte er.|Niemand.",
    "„Wir bleiben. Wir gehen nicht“, sagte Tokajew.|Er lächelte.",
    "Er sagte: „Wir bleiben.|Wir gehen nicht.“|Dann ging er.",
    "Warum?|Weil es so ist!|Wirklich …|Ja.",
    "Die Firma (gegr. 1998. Sitz: Bonn) schloss.|Das war es.",
    "Rund 3.500 Soldaten und 2,5 Mio. Euro kamen.|Das reichte nicht.",
    "J. R. R. Tolkien schrieb viel.|Er starb 1973.",
    "Der Abg. Müller und Prof. Dr. h. c. Schmidt stritten.|Es half nichts.",
    "Das gilt seit 2022.|Seither schweigt man.",
    "Laut Art. 5 Abs. 2 gilt das.|Nr. 7 nicht.",
    "Das Treffen endete um 15.30 Uhr.|Dann war Ruhe.",
    "Sie trafen sich bzw. telefonierten.|Es blieb dabei.",
    "Der Satz endet hier.[1]|Der nächste auch.",
    "St. Petersburg liegt an der Newa.|Moskau nicht.",
]


@pytest.mark.parametrize("case", CASES)
def test_sentences_end_where_they_end(case: str) -> None:
    text = case.replace("|", " ")
    assert "|".join(span.text for span in sentence_bounds(text)) == case


def test_a_heading_is_one_sentence_and_paragraphs_are_apart() -> None:
    text = "Wer? Was? Krise am See\n\nDie Lage ist ernst. Niemand geht\n\nUnd dann kam er."
    found = [span.text for span in sentence_bounds(text, title_end=len("Wer? Was? Krise am See"))]
    assert found == ["Wer? Was? Krise am See", "Die Lage ist ernst.", "Niemand geht", "Und dann kam er."]


def test_the_component_splits_before_a_parser_comes() -> None:
    assert schachzug.sentences.SentenceSplitter.__name__ == "SentenceSplitter"
    nlp = spacy.blank("de")
    nlp.add_pipe("schachzug_sentences")
    text = "Präs. Putin kam am 5. Januar.  „Wer geht?“, fragte er. Niemand."
    assert [span.text for span in sentences_of(nlp(text))] == [span.text for span in sentence_bounds(text)]


@given(st.text(alphabet=st.sampled_from("Aa äß1.!?…„“»«()[]\n,;–-:5. Dr"), max_size=200))
def test_sentences_quote_the_text_in_order_and_lose_nothing(text: str) -> None:
    spans = sentence_bounds(text)
    assert all(text[span.begin : span.end] == span.text != "" for span in spans)
    assert all(one.end <= other.begin for one, other in itertools.pairwise(spans))
    assert "".join("".join(span.text for span in spans).split()) == "".join(text.split())


@given(st.text(max_size=120))
def test_any_text_is_split(text: str) -> None:
    spans = sentence_bounds(text)
    assert "".join("".join(span.text for span in spans).split()) == "".join(text.split())


def test_broken_abbreviations_are_named(tmp_path: Path) -> None:
    path = tmp_path / "abbreviations.yaml"
    path.write_text("never_final: [1]\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"abbreviations\.yaml"):
        load_abbreviations(path)


def test_splitting_takes_a_time_that_grows_with_the_length() -> None:
    """A hundred thousand characters of what once took the square of it: brackets, quotations, full stops, spaces."""
    started = time.process_time()
    for piece in ("(a). ", "„a“ ", "(", "." * 500 + " ", "a.b. ", "„", ".)"):
        spans = sentence_bounds(piece * (100_000 // len(piece)))
        assert spans
    assert sentence_bounds("a" + " " * 100_000 + "b")
    assert time.process_time() - started < 10


def test_a_sentence_without_an_end_is_cut() -> None:
    nlp = spacy.blank("de")
    nlp.add_pipe("schachzug_sentences")
    doc = nlp("Wort " * 1000 + ". Und noch einer.")
    assert [len(sentence) for sentence in doc.sents] == [200, 200, 200, 200, 200, 1, 4]
