"""What the command line says to people: messages and progress, on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

import typer

Item = TypeVar("Item")


def put(text: str, end: str = "\n") -> None:
    """Data to standard output.

    Raises:
        typer.Exit: nobody reads it any more (head, less): that is no fault, and there is nothing left to do.
    """
    try:
        print(text, end=end, flush=True)
    except BrokenPipeError:
        # What is still in the buffer must not be flushed into the broken pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


def say(message: str) -> None:
    """One line to standard error."""
    print(message, file=sys.stderr, flush=True)


def plural(number: int, noun: str, many: str = "") -> str:
    """A number with its noun.

    >>> plural(1, "claim"), plural(2, "claim"), plural(2, "query", "queries")
    ('1 claim', '2 claims', '2 queries')
    """
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


class Advance(Protocol):
    """Tells a progress bar that some steps are done."""

    def __call__(self, steps: int = 1) -> None: ...


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Advance]:
    """A progress bar on standard error, if that is a terminal.

    Args:
        what: what is going on, such as "reading".
        total: how many steps there are; None if nobody knows.
    """
    if not sys.stderr.isatty():
        yield lambda steps=1: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda steps=1: bar.advance(task, steps)


def counted(items: Iterable[Item], advance: Advance) -> Iterator[Item]:
    """The same items; the bar moves with each."""
    for item in items:
        yield item
        advance()
