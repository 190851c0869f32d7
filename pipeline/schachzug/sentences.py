"""Step two of the line: German text to sentences, by rules whose words are in abbreviations.yaml.

`sentence_bounds` works on text alone. The spaCy component `schachzug_sentences`, which must come before
the parser, sets `is_sent_start` of every token by it.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from spacy.language import Language
from spacy.tokens import Doc

from schachzug.article_text import ends_as_sentence
from schachzug.errors import LexiconError
from schachzug.resources import resource
from schachzug.types import Span

_OPENING = "„“\"'‚‘»«›‹([–—-"
_CLOSING = "“”\"'‘’«»›‹)\\]"
_BLANK_LINE = re.compile(r"(?<!\s)\s*\n\s*\n\s*")
_STOP = re.compile(
    rf"(?<![.!?…])(?P<stop>[.!?…]++)(?P<closing>[{_CLOSING}]*+)(?P<notes>(?:\[\d+\])*+)"
    r"(?P<space>\s+|(?=[A-ZÄÖÜ][a-zäöüß]))"
)
_WORD_BEFORE = re.compile(r"[^\s(\[„“\"'‚‘»«›‹/]+$")
_NEXT_WORD = re.compile(rf"[{re.escape(_OPENING)}\s]*([^\W_]+)")
_INITIALS = re.compile(r"(?:\w\.)+\w|\w")
_NUMBER = re.compile(r"\d{1,3}|[IVX]+")
_GLUED = re.compile(r"[a-zäöüß]{3}$")
_PAIRS = {"(": ")", "[": "]", "„": "“", "»": "«", "‚": "‘"}
_GOES_ON = re.compile(r"\s*(?:[,;:–—-]|[a-zäöüß])")
_LONGEST_ASIDE = 600
# A few words on either side of a full stop decide; searching all of a paragraph would take the square of its length.
_NEAR = 200
# What is longer is no sentence but a list or a mistake, and rules that look at pairs of words would take minutes.
_MOST_TOKENS = 200


@dataclass(frozen=True)
class Abbreviations:
    """The words of abbreviations.yaml."""

    never_final: frozenset[str]
    maybe_final: frozenset[str]
    before_ordinal: frozenset[str]
    after_ordinal: frozenset[str]
    starters: frozenset[str]


@cache
def load_abbreviations(path: Path | None = None) -> Abbreviations:
    """The abbreviations of a file, or of the installation.

    Raises:
        LexiconError: the file breaks the form.
    """
    path = path or resource("ontology", "lexicon", "de", "abbreviations.yaml")
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Abbreviations(**{key: frozenset(map(_word, words)) for key, words in loaded.items()})
    except (yaml.YAMLError, TypeError, AttributeError) as error:
        raise LexiconError(f"the abbreviations cannot be read: {error}", where=path) from error


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text: put it into quotation marks")
    return value


def sentence_bounds(text: str, *, title_end: int = 0) -> list[Span]:
    """The sentences of a text, without the white space between them.

    Args:
        text: the text, its paragraphs parted by blank lines.
        title_end: where the title ends, which is one sentence whatever stands in it.

    >>> [s.text for s in sentence_bounds("Dr. Ay kam am 5. Januar. „Wer geht?“, fragte er. Niemand.")]
    ['Dr. Ay kam am 5. Januar.', '„Wer geht?“, fragte er.', 'Niemand.']
    """
    words = load_abbreviations()
    found: list[Span] = []
    for begin, end in _paragraph_bounds(text):
        paragraph = text[begin:end]
        is_heading = end <= title_end or (
            begin == _first(text) and end < len(text.rstrip()) and not ends_as_sentence(paragraph)
        )
        cuts = [] if is_heading else list(_cuts(paragraph, words))
        for start, stop in zip([0, *cuts], [*cuts, len(paragraph)], strict=True):
            piece = paragraph[start:stop]
            left = start + len(piece) - len(piece.lstrip())
            right = start + len(piece.rstrip())
            if left < right:
                found.append(Span(begin + left, begin + right, paragraph[left:right]))
    return found


def _first(text: str) -> int:
    return len(text) - len(text.lstrip())


def _paragraph_bounds(text: str) -> Iterator[tuple[int, int]]:
    begin = _first(text)
    for match in _BLANK_LINE.finditer(text, begin):
        yield begin, match.start()
        begin = match.end()
    if begin < len(text):
        yield begin, len(text)


def _cuts(paragraph: str, words: Abbreviations) -> Iterator[int]:
    """The offsets at which a new sentence begins."""
    asides = _asides(paragraph)
    begins = [begin for begin, _ in asides]
    # The end of the aside that reaches furthest, of each and those before it.
    reach = [0, *itertools.accumulate((end for _, end in asides), max)]
    for match in _STOP.finditer(paragraph):
        cut = match.end()
        if cut >= len(paragraph) or cut < reach[bisect.bisect_left(begins, match.start())]:
            continue
        before, after = paragraph[max(0, match.start() - _NEAR) : match.start()], paragraph[cut : cut + _NEAR]
        if _ends_sentence(before, match, after, words):
            yield cut


def _asides(paragraph: str) -> list[tuple[int, int]]:
    """Brackets, and quotations that the sentence around them goes on after: no sentence ends in them."""
    found = []
    for begin, mark in enumerate(paragraph):
        if mark not in _PAIRS:
            continue
        end = paragraph.find(_PAIRS[mark], begin + 1, begin + _LONGEST_ASIDE)
        if end < 0:
            continue
        if mark in "([" or _GOES_ON.match(paragraph, end + 1):
            found.append((begin, end + 1))
    return found


def _ends_sentence(before: str, stop: re.Match[str], after: str, words: Abbreviations) -> bool:
    match = _NEXT_WORD.match(after)
    following = match[1] if match else ""
    if not following or following[0].islower() or after[0] in "–—-":
        return False
    if not stop["space"]:
        return (
            stop["stop"] == "." and not stop["closing"] and bool(_GLUED.search(before)) and following in words.starters
        )
    starts = following in words.starters
    if before.endswith(("[", "(")):
        return False
    if stop["stop"] != "." or stop["closing"]:
        return True
    return _full_stop_ends(before, following, starts, words)


def _full_stop_ends(before: str, following: str, starts: bool, words: Abbreviations) -> bool:
    match = _WORD_BEFORE.search(before)
    word = match[0] if match else ""
    rest = before[: match.start()].split() if match else []
    joined = "".join(part for part in rest[-2:] if part.endswith(".")) + word
    for name in (word, joined, word.rsplit("-", 1)[-1]):
        if name in words.never_final:
            return False
    if _NUMBER.fullmatch(word):
        previous = rest[-1].strip("(„") if rest else ""
        if following in words.after_ordinal or following[0].isdigit():
            return False
        is_ordinal = (
            not previous
            or previous in words.before_ordinal
            or previous.lower() in words.before_ordinal
            or previous.endswith((",", "–", "/", "."))
            or not word.isdigit()
        )
        return starts or not is_ordinal
    if word in words.maybe_final or joined in words.maybe_final or _INITIALS.fullmatch(word):
        return starts
    return True


class SentenceSplitter:
    """The spaCy component `schachzug_sentences`: sets where sentences start, before the parser comes.

    A title is one sentence: its end is given as `doc._.title_end`.
    """

    def __init__(self, nlp: Language, name: str = "schachzug_sentences") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        starts = [span.begin for span in sentence_bounds(doc.text, title_end=doc._.title_end)]
        position = last = 0
        offsets, spaces = [int(i) for i in doc.to_array("IDX")], [bool(i) for i in doc.to_array("IS_SPACE")]
        marks = np.full(len(doc), -1, dtype=np.int64)
        for i, (offset, is_space) in enumerate(zip(offsets, spaces, strict=True)):
            is_start = i == 0 or i - last >= _MOST_TOKENS
            while position < len(starts) and starts[position] <= offset and not is_space:
                is_start, position = True, position + 1
            if is_space and position < len(starts) and i + 1 < len(doc):
                # White space between sentences stands alone, so that the parser does not take it for a word of one.
                is_start = is_start or starts[position] == offsets[i + 1]
            if is_start:
                last, marks[i] = i, 1
        # All at once: setting one looks each time whether the document is parsed already.
        column: Any = marks.astype(np.uint64).reshape(-1, 1)
        return doc.from_array(["SENT_START"], column) if len(doc) else doc


if not Doc.has_extension("title_end"):
    Doc.set_extension("title_end", default=0)


@Language.factory("schachzug_sentences", assigns=["token.is_sent_start"])
def make_sentence_splitter(nlp: Language, name: str) -> SentenceSplitter:
    return SentenceSplitter(nlp, name)


def sentences_of(doc: Doc) -> list[Span]:
    """The sentences of a doc as spans of its text, without the white space at their ends."""
    found = []
    for sentence in doc.sents:
        text: Any = sentence.text.strip()
        if text:
            begin = sentence.start_char + sentence.text.index(text)
            found.append(Span(begin, begin + len(text), text))
    return found
