"""Answers as tables: for the eye (rich), as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from schachzug.iris import SZ, SZR
from schachzug.question_files import Column

if TYPE_CHECKING:
    from rich.table import Table as RichTable

Value = str | int | Decimal | bool | None


@dataclass(frozen=True)
class Table:
    """The answer to a question.

    `rows` hold plain values, resources as IRIs; `labels` gives names of resources in the language asked for.
    """

    question: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    labels: Mapping[str, str]
    language: str = "de"

    def records(self) -> list[dict[str, Value]]:
        """One mapping a row; a resource with a name has it beside it, as `…Label`."""
        return [dict(zip(self._fields(), self._plain(row), strict=True)) for row in self.rows]

    def to_json(self) -> str:
        """JSON: question, title, columns and rows; decimals are written as numbers."""
        data = {"question": self.question, "title": self.title, "columns": self._fields(), "rows": self.records()}
        return json.dumps(data, ensure_ascii=False, indent=2, default=float) + "\n"

    def to_csv(self) -> str:
        """CSV as in RFC 4180, with one line of column names."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(self._fields())
        for row in self.rows:
            writer.writerow(["" if v is None else _lower_boolean(v) for v in self._plain(row)])
        return text.getvalue()

    def to_rich(self) -> RichTable:
        """A table for the terminal: names instead of IRIs, headings in the language asked for."""
        from rich.table import Table as RichTable
        from rich.text import Text

        table = RichTable(title=Text(self.title), title_justify="left", show_lines=True)
        for column in self.columns:
            wide = column.type == "text"
            table.add_column(Text(column.heading(self.language)), overflow="fold", ratio=None, min_width=12 * wide)
        for row in self.rows:
            cells = [self._shown(c, v) for c, v in zip(self.columns, row, strict=True)]
            table.add_row(*(Text(cell) for cell in cells))
        return table

    def _fields(self) -> list[str]:
        return [name for c in self.columns for name in ([c.name, f"{c.name}Label"] if c.type == "entity" else [c.name])]

    def _plain(self, row: tuple[Value, ...]) -> list[Value]:
        plain: list[Value] = []
        for column, value in zip(self.columns, row, strict=True):
            plain.append(value)
            if column.type == "entity":
                plain.append(self.labels.get(str(value)) if value is not None else None)
        return plain

    def _shown(self, column: Column, value: Value) -> str:
        if value is None:
            return ""
        if isinstance(value, str) and column.type in ("entity", "iri", "term", "any"):
            return _printable(self.labels.get(value) or value.replace(SZR, "szr:").replace(SZ, "sz:"))
        return _printable(str(_lower_boolean(value)))


def _lower_boolean(value: Value) -> Value:
    return str(value).lower() if isinstance(value, bool) else value


def _printable(text: str) -> str:
    """Without control characters, which a terminal would obey."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
