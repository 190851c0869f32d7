"""Answers for the eye: short columns side by side, the sentence that proves each answer below it."""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

from schachzug.cli.talk import put
from schachzug.iris import SZ, SZR

if TYPE_CHECKING:
    from schachzug.tables import Table, Value

_WIDTH = 120
"""Columns of what goes into a file or a pipe, where it must not depend on the machine."""
_WIDEST = 38
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def answer_text(table: Table, *, width: int = _WIDTH, colour: bool = False) -> str:
    """An answer as text.

    Rows that differ only in who fills a role of one claim are put together; the texts and the claim of a row stand
    below it.

    Args:
        table: the answer.
        width: characters in a line.
        colour: whether to use bold and dim type.
    """
    bold, dim, plain = (_BOLD, _DIM, _PLAIN) if colour else ("", "", "")
    title = f"{bold}{table.title}{plain}"
    if not table.rows:
        return f"{title}\n  no answer in this graph"
    rows = [[_joined(table, i, cell) for i, cell in enumerate(row)] for row in _merged(table)]
    below = [i for i, column in enumerate(table.columns) if column.name == "claim" or _is_prose(column.type, rows, i)]
    beside = [i for i in range(len(table.columns)) if i not in below]
    heads = [table.columns[i].heading(table.language) for i in beside]
    cells = [[cell for i in beside for cell in (_cut(row[i]),)] for row in rows]
    widths = [max(len(line[n]) for line in (heads, *cells)) for n in range(len(beside))]
    lines = [title, f"  {dim}{_line(heads, widths)}{plain}"]
    for row, short in zip(rows, cells, strict=True):
        lines.append(f"  {_line(short, widths)}")
        notes = "  ".join(row[i] for i in below if row[i])
        lines += (f"{dim}{line}{plain}" for line in textwrap.wrap(notes, width - 6, initial_indent="      ",
                  subsequent_indent="      ", break_long_words=False, break_on_hyphens=False))  # fmt: skip
    return "\n".join(lines)


def print_answer(table: Table) -> None:
    """Print an answer to standard output."""
    tty = sys.stdout.isatty()
    width = shutil.get_terminal_size((_WIDTH, 40)).columns if tty else _WIDTH
    put(answer_text(table, width=max(width, 60), colour=tty), end="\n\n")


def _is_prose(kind: str, rows: list[list[str]], column: int) -> bool:
    return kind == "text" and any(len(row[column]) > _WIDEST for row in rows)


def _line(cells: list[str], widths: list[int]) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _merged(table: Table) -> list[list[list[Value]]]:
    """The rows, each cell a list of values: rows of one claim that differ only in entities are one row."""
    entity = [column.type == "entity" for column in table.columns]
    claim = next((i for i, column in enumerate(table.columns) if column.name == "claim"), None)
    merged: dict[object, list[list[Value]]] = {}
    for number, row in enumerate(table.rows):
        key = number if claim is None else tuple(v for v, joins in zip(row, entity, strict=True) if not joins)
        cells = merged.setdefault(key, [[] for _ in row])
        for cell, value in zip(cells, row, strict=True):
            if value is not None and value not in cell:
                cell.append(value)
    return list(merged.values())


def _joined(table: Table, column: int, values: list[Value]) -> str:
    kind = table.columns[column].type
    return ", ".join(_shown(table, kind, value) for value in values)


def _shown(table: Table, kind: str, value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    if kind in ("entity", "iri", "term", "any"):
        text = table.labels.get(text) or text.replace(SZR, "szr:").replace(SZ, "sz:")
    # Control characters would be obeyed by a terminal.
    return "".join(c if c.isprintable() else " " for c in text)
