"""The head of an agency report: "Abuja/Bissau (dpa) - ". Its places are no part of the sentence behind the dash."""

from __future__ import annotations

from spacy.tokens import Doc, Span, Token

_DASHES = frozenset("-–—")
_TAGS = frozenset({"NE", "$(", "$,", "$.", "CARD", "ADJA", "NN", "FM", "XY"})
_LONGEST = 12


def datelines(doc: Doc) -> frozenset[int]:
    """The tokens of all datelines of a document, the dash included."""
    found: set[int] = set()
    for sentence in doc.sents:
        end = _end(sentence)
        found.update(range(sentence.start, end))
    return frozenset(found)


def _end(sentence: Span) -> int:
    """The token behind the dash of a dateline; the sentence's start where it has none."""
    named = False
    for token in sentence[:_LONGEST]:
        if token.text in _DASHES and named and token.i + 1 < sentence.end:
            return token.i + 1 if sentence.doc[token.i + 1].text[:1].isupper() else sentence.start
        if token.tag_ not in _TAGS or (token.tag_ == "NN" and not _is_date(token)):
            return sentence.start
        named = named or token.tag_ == "NE"
    return sentence.start


def _is_date(token: Token) -> bool:
    """Whether a noun is the month behind the number of a day."""
    return token.i > 0 and token.nbor(-1).text[:1].isdigit()
