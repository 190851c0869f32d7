"""Stretches of text between quotation marks, over the sentences of a whole document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from schachzug.positions import Positions

_LONGEST = 500  # tokens: a mark that nothing closes within these opens nothing


@dataclass(frozen=True)
class Stretch:
    """Tokens `start`..`end` (exclusive) between quotation marks; the marks themselves are outside."""

    start: int
    end: int

    def holds(self, i: int) -> bool:
        """Whether a token's index lies inside."""
        return self.start <= i < self.end


def find_stretches(doc: Doc, pairs: Mapping[str, str]) -> list[Stretch]:
    """The quoted stretches of a document, in order; none lies in another.

    Args:
        doc: the document.
        pairs: for each opening mark all marks that may close it.
    """
    joined: list[Stretch] = []
    for stretch in _stretches(doc, pairs):
        last = joined[-1] if joined else None
        if last is not None and stretch.start - last.end == 2 and doc[last.end - 1].is_punct:
            joined[-1] = Stretch(last.start, stretch.end)  # one quotation over two paragraphs or sentences
        else:
            joined.append(stretch)
    return joined


def _stretches(doc: Doc, pairs: Mapping[str, str]) -> Iterator[Stretch]:
    closed = 0
    for i in Positions(doc).of("ORTH", frozenset(pairs)):
        closers = pairs[doc[i].text]
        if i >= closed and _may_open(doc[i]):
            end = next((j for j in range(i + 1, min(i + _LONGEST, len(doc))) if doc[j].text in closers), None)
            if end is not None:
                if end > i + 1:
                    yield Stretch(i + 1, end)
                closed = end + 1


def _may_open(mark: Token) -> bool:
    """An opening mark touches the word after it; one that ends a word and is followed by a space closes."""
    if mark.whitespace_:
        return False
    before = mark.doc[mark.i - 1] if mark.i else None
    return before is None or bool(before.whitespace_) or not before.text[-1].isalnum()
