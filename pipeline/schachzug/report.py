"""What a build did: for each article what was found and what was kept apart, and what could not be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from schachzug.errors import InputError
from schachzug.extraction import ArticleFigures, Extraction
from schachzug.serialise import atomically


@dataclass(frozen=True)
class ArticleReport:
    """One article of a build."""

    id: str
    digest: str
    title: str
    figures: ArticleFigures
    reasons: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, extraction: Extraction) -> ArticleReport:
        """The report on an extraction."""
        return cls(extraction.id, extraction.digest, extraction.title, extraction.figures, extraction.reasons)


@dataclass
class Report:
    """A build.

    `articles` are those read now; `unchanged` counts those that the store had already; `errors` are the
    inputs that could not be read; `shapes` are the IRIs of all shapes, and `checked` of those that found
    something to look at. What follows from all articles of the store together is counted in `direct` (statements),
    `same` (links between descriptions of one situation), `contradictions`, `merged` (names across articles that
    are one person or organisation) and `refused` (names that are the same, and were not merged).
    """

    articles: list[ArticleReport] = field(default_factory=list)
    unchanged: int = 0
    errors: list[InputError] = field(default_factory=list)
    checked: set[str] = field(default_factory=set)
    shapes: set[str] = field(default_factory=set)
    direct: int = 0
    same: int = 0
    contradictions: int = 0
    merged: int = 0
    refused: int = 0
    files: list[Path] = field(default_factory=list)

    def add(self, extraction: Extraction) -> None:
        """Take in what came of an article."""
        self.articles.append(ArticleReport.of(extraction))
        self.checked.update(extraction.checked)
        self.shapes.update(extraction.checked, extraction.unchecked)

    @property
    def not_checked(self) -> tuple[str, ...]:
        """The shapes that found nothing to look at in any article read now; they have not been passed."""
        return tuple(sorted(self.shapes - self.checked))

    @property
    def total(self) -> ArticleFigures:
        """The sums of what was found in all articles."""
        names = [f.name for f in fields(ArticleFigures)]
        return ArticleFigures(**{name: sum(getattr(a.figures, name) for a in self.articles) for name in names})

    @property
    def exit_code(self) -> int:
        """What the command line ends with: 3 where an input could not be read, 0 otherwise."""
        return InputError.exit_code if self.errors else 0

    def lines(self) -> Iterator[str]:
        """The report for people, in English."""
        total = self.total
        read = f"{len(self.articles)} articles read"
        yield read + (f", {self.unchanged} unchanged" if self.unchanged else "")
        yield (
            f"{total.sentences} sentences, {total.claims} claims, {total.quotations} quotations, "
            f"{self.direct} direct statements"
        )
        yield f"{total.silent} sentences with a political predicate gave no claim"
        yield f"{total.rejected} claims were rejected"
        if self.same or self.contradictions:
            yield f"{self.same} links between descriptions of the same situation, {self.contradictions} contradictions"
        if self.merged or self.refused:
            yield f"{self.merged} unlinked names were merged across articles, {self.refused} merges were refused"
        if self.not_checked:
            names = ", ".join(shape.rpartition("#")[2] for shape in self.not_checked)
            yield f"shapes not checked, because nothing read is of their kind: {names}"
        if self.errors:
            yield f"{len(self.errors)} inputs could not be read"

    def as_data(self) -> dict[str, Any]:
        """The report for programs: what JSON can hold, the same for the same input."""
        return {
            "articles": [
                {
                    "id": a.id,
                    "digest": a.digest,
                    "title": a.title,
                    **asdict(a.figures),
                    "rejectedBecause": dict(a.reasons),
                }
                for a in sorted(self.articles, key=lambda a: a.id)
            ],
            "total": asdict(self.total),
            "unchanged": self.unchanged,
            "direct": self.direct,
            "sameSituations": self.same,
            "contradictions": self.contradictions,
            "mergedNames": self.merged,
            "refusedMerges": self.refused,
            "notChecked": list(self.not_checked),
            "errors": [str(error) for error in self.errors],
        }

    def write(self, path: Path) -> None:
        """Write the report as JSON.

        Raises:
            StoreError: the file cannot be written.
        """
        with atomically(path) as stream:
            stream.write(json.dumps(self.as_data(), ensure_ascii=False, indent=1).encode() + b"\n")
