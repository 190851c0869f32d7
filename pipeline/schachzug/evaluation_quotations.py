"""How well quotations and their speakers are found, against articles annotated with both.

A line of the annotated file is a JSON object with `text` and `quotes`; each quotation has `type`, and `quote` and
`speaker` with `spans` (begin, end) in characters of the text. A quotation is found if one that was read overlaps it
by half of the longer of the two, or more. Direct and indirect quotations are scored; one that was read and
overlaps an annotated one of another type (reported, free indirect) is neither right nor wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schachzug.errors import InputError
from schachzug.types import Article, Quotation, QuotationKind

if TYPE_CHECKING:
    from schachzug.reading import Reader

SCORED = ("Direct", "Indirect")
_KINDS = frozenset({QuotationKind.DIRECT, QuotationKind.INDIRECT})
_HALF = 0.5


@dataclass(frozen=True)
class GoldQuotation:
    """An annotated quotation: its type, and the characters of what is quoted and of its speaker."""

    type: str
    characters: frozenset[int]
    speaker: frozenset[int]
    speaker_text: str


@dataclass(frozen=True)
class QuotedArticle:
    """An article with its annotated quotations."""

    article: Article
    quotations: tuple[GoldQuotation, ...]


@dataclass
class QuotationCounts:
    """Annotated, found, and found with the right speaker, by type; `wrong` were read where nothing is."""

    gold: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SCORED, 0))
    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SCORED, 0))
    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SCORED, 0))
    wrong: int = 0

    def score(self, *, speaker: bool) -> tuple[float, float, float]:
        """Precision, recall and F1 of both types together, each in 0..1.

        Args:
            speaker: whether the speaker must be right.
        """
        hits = sum((self.right if speaker else self.found).values())
        read = sum(self.found.values()) + self.wrong
        p = hits / read if read else 0.0
        r = hits / sum(self.gold.values()) if sum(self.gold.values()) else 0.0
        return p, r, 2 * p * r / (p + r) if p + r else 0.0


def load_quoted(path: Path) -> list[QuotedArticle]:
    """The annotated articles of a JSONL file.

    Raises:
        InputError: the file is missing or breaks the form.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the annotated quotations cannot be read: {error}", where=path) from error
    articles = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                articles.append(_quoted(json.loads(line), number))
            except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
                raise InputError(
                    f"the line is no annotated article: {error!r}",
                    where=path,
                    line=number,
                    hint="It needs a text, and quotes with type, quote and speaker",
                ) from error
    return articles


def _quoted(record: dict[str, Any], number: int) -> QuotedArticle:
    def characters(value: dict[str, Any] | None) -> frozenset[int]:
        return frozenset(i for begin, end in (value or {}).get("spans", ()) for i in range(begin, end))

    quotations = tuple(
        GoldQuotation(
            quote["type"], characters(quote["quote"]), characters(quote.get("speaker")),
            (quote.get("speaker") or {}).get("text", ""),
        )
        for quote in record["quotes"]
    )  # fmt: skip
    # Without its title, so that the offsets are those of the text.
    return QuotedArticle(Article(id=str(record.get("id", number)), text=record["text"]), quotations)


def evaluate_quotations(
    reader: Reader, articles: list[QuotedArticle], advance: Callable[[], None] = lambda: None
) -> QuotationCounts:
    """Read the articles and count.

    Args:
        reader: what reads.
        articles: what to read.
        advance: called after each article.
    """
    counts = QuotationCounts()
    for quoted, reading in zip(articles, reader.read_many(q.article for q in articles), strict=True):
        count_quotations(counts, quoted.quotations, reading.quotations)
        advance()
    return counts


def count_quotations(counts: QuotationCounts, golds: tuple[GoldQuotation, ...], read: tuple[Quotation, ...]) -> None:
    """Count one article in."""
    spans = [frozenset(range(q.span.begin, q.span.end)) for q in read]
    pairs = sorted(
        (
            (_overlap(gold.characters, span), _is_speaker(gold, read[i]), -g, -i)
            for g, gold in enumerate(golds)
            for i, span in enumerate(spans)
            if _overlap(gold.characters, span) >= _HALF
        ),
        reverse=True,
    )
    matched: dict[int, int] = {}
    near = {-i for _, _, _, i in pairs}
    for _, _, g, i in pairs:
        if -g not in matched and -i not in matched.values():
            matched[-g] = -i
    for g, gold in enumerate(golds):
        if gold.type in SCORED:
            counts.gold[gold.type] += 1
            if g in matched:
                counts.found[gold.type] += 1
                counts.right[gold.type] += _is_speaker(gold, read[matched[g]])
    for i, quotation in enumerate(read):
        counts.wrong += quotation.kind in _KINDS and i not in near


def _overlap(one: frozenset[int], other: frozenset[int]) -> float:
    longer = max(len(one), len(other))
    return len(one & other) / longer if longer else 0.0


def _is_speaker(gold: GoldQuotation, quotation: Quotation) -> bool:
    """Whether the speaker's words stand where the annotation has them, or are a name that it has.

    Where the annotation names nobody, nobody is right.
    """
    words = quotation.speaker_span
    if not gold.speaker and not gold.speaker_text:
        return words is None and quotation.speaker is None
    if words is not None and not gold.speaker.isdisjoint(range(words.begin, words.end)):
        return True
    if quotation.speaker is None:
        return False
    told = gold.speaker_text.lower()
    names = (text.lower() for text, _ in (*quotation.speaker.labels, *quotation.speaker.alt_labels))
    return any(name in told or told in name for name in names if name and told)


def quotation_rows(counts: QuotationCounts) -> list[tuple[str, ...]]:
    """The table of scores, its head first."""
    rows: list[tuple[str, ...]] = [("quotations", "annotated", "found", "right speaker", "P", "R", "F1")]
    for kind in SCORED:
        rows.append((kind.lower(), *(str(c[kind]) for c in (counts.gold, counts.found, counts.right)), "", "", ""))
    totals = [str(sum(c.values())) for c in (counts.gold, counts.found, counts.right)]
    for name, speaker in (("both, found", False), ("both, right speaker", True)):
        rows.append((name, *totals, *(f"{value:.3f}" for value in counts.score(speaker=speaker))))
    return rows
