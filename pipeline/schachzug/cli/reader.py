"""The reader that commands share: the model that was asked for, the lexicon, the gazetteer."""

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
    from schachzug.gazetteer import Gazetteer
    from schachzug.lexicon import Lexicon
    from schachzug.model import BUNDLED, load_model
    from schachzug.reading import Reader

    return Reader(load_model(model or BUNDLED), Lexicon.load(), Gazetteer.load())
