"""Keeps measured figures in the documentation: each measurement owns one section of docs/figures.md.

A section lies between two HTML comments that name it, so that measuring again replaces the old figures and touches
nothing else:

    <!-- evaluate -->
    …
    <!-- /evaluate -->
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from schachzug.errors import ResourceError


@dataclass(frozen=True)
class Figure:
    """Something measured, and what it must be; `limit` None where nothing is demanded."""

    name: str
    value: float
    unit: str = ""
    limit: float | None = None
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether it is as demanded."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def row(self) -> str:
        """A row of a Markdown table."""
        wanted = "" if self.limit is None else f"{'at least' if self.at_least else 'at most'} {_plain(self.limit)}"
        return f"| {self.name} | {_plain(self.value)} {self.unit} | {wanted} | {'' if self.holds else 'falls short'} |"


def figure_table(figures: Iterable[Figure]) -> str:
    """A Markdown table of figures: what, measured, demanded, and whether one falls short."""
    return "\n".join(["| what | measured | demanded | |", "|---|---|---|---|", *(figure.row() for figure in figures)])


def _plain(value: float) -> str:
    """A count in full, and what was measured with three digits.

    >>> _plain(10000), _plain(7971.5), _plain(0.08721), _plain(1.5)
    ('10,000', '7,972', '0.0872', '1.5')
    """
    return f"{value:,}" if isinstance(value, int) else f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def write_section(path: Path, name: str, text: str) -> None:
    """Replace a section of a Markdown file, or append it if the file has none of that name.

    Args:
        path: the file; it is made if it does not exist.
        name: the section's name.
        text: Markdown.

    Raises:
        ResourceError: the file cannot be written.
    """
    block = f"<!-- {name} -->\n{text.strip()}\n<!-- /{name} -->"
    try:
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        new, count = re.subn(
            rf"<!-- {re.escape(name)} -->.*?<!-- /{re.escape(name)} -->", lambda _: block, old, flags=re.S
        )
        if not count:
            new = f"{old.rstrip()}\n\n{block}\n" if old.strip() else f"{block}\n"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(new, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ResourceError(f"the figures cannot be written: {error}", where=path) from error
