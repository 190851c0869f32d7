"""The reader that commands share, and the option that names its model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from schachzug.reading import Reader

Model = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help="A spaCy pipeline that parses German. Default: the bundled one."),
]


def make_reader(model: str | None = None) -> Reader:
    """A reader with the bundled model, or another.

    Raises:
        ModelError: there is no such model.
    """
    from schachzug.line import load_reader

    return load_reader(model)
