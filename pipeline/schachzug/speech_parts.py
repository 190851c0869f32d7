"""What the readers of reported speech share: a stretch of speech, and who is named as its source."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from schachzug.referents import Referent
from schachzug.types import Modality, QuotationKind

FEW = 2  # tokens that are no content of speech


@dataclass(frozen=True)
class Speech:
    """Tokens that somebody says. `cue` is the word that introduces them (None where speech just goes on).

    `start` and `end` (exclusive) are of the whole stretch, which may go over several sentences; `tokens` are those of
    one sentence. `speaker` is the token that names the speaker.
    """

    start: int
    end: int
    tokens: frozenset[int]
    kind: QuotationKind
    speakers: tuple[Referent, ...]
    cue: Token | None
    modality: Modality | None = None
    negated: bool = False
    speaker: Token | None = None

    def holds(self, token: Token) -> bool:
        """Whether a token is part of what is said."""
        return token.i in self.tokens


@dataclass(frozen=True)
class Source:
    """Who is named as the source of words, and by which cue."""

    cue: Token | None
    speakers: tuple[Referent, ...]
    speaker: Token | None


def segment(token: Token) -> range:
    """The part of a token's sentence between semicolons: what one half says, the other need not."""
    start, end = token.sent.start, token.sent.end
    for other in token.sent:
        if other.text == ";":
            if other.i < token.i:
                start = other.i + 1
            elif other.i > token.i:
                end = min(end, other.i)
    return range(start, end)


def _is_paired(doc: Doc, content: list[int], i: int) -> bool:
    """Whether a token is one of a pair of quotation marks or brackets that both belong to some content."""
    marks = [k for k in range(content[0], content[-1] + 1) if doc[k].is_quote]
    if doc[i].is_quote:
        return len(marks) % 2 == 0
    return doc[i].is_bracket and sum(doc[k].is_bracket for k in content) % 2 == 0


def indirect(
    sentence: Span,
    content: set[int],
    source: Source,
    modality: Modality | None = None,
    negated: bool = False,
    kind: QuotationKind = QuotationKind.INDIRECT,
) -> Speech:
    """Speech without quotation marks; punctuation at its ends does not belong to the stretch."""
    if source.cue is not None and sentence.start <= source.cue.i < sentence.end:
        content = content & set(segment(source.cue))
    doc, trimmed = sentence.doc, sorted(content)
    while trimmed and doc[trimmed[0]].is_punct and not _is_paired(doc, trimmed, trimmed[0]):
        trimmed.pop(0)
    while trimmed and (doc[trimmed[-1]].is_space or doc[trimmed[-1]].is_punct):
        if _is_paired(doc, trimmed, trimmed[-1]):
            break
        trimmed.pop()
    start, end = (trimmed[0], trimmed[-1] + 1) if trimmed else (sentence.start, sentence.end)
    return Speech(
        start,
        end,
        frozenset(content),
        kind,
        source.speakers,
        source.cue,
        modality,
        negated,
        source.speaker,
    )
