"""Loading the spaCy pipeline that parses: the bundled one, or another that is installed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from schachzug.errors import ModelError

if TYPE_CHECKING:
    from spacy.language import Language

BUNDLED = "de_schachzug_news"


def load_model(name: str = BUNDLED) -> Language:
    """A spaCy pipeline with tagger, parser and entities.

    Args:
        name: the bundled pipeline, an installed pipeline's name, or a folder.

    Raises:
        ModelError: there is no such pipeline.
    """
    import spacy

    import schachzug.sentences  # noqa: F401  (its factory)

    path = Path(__file__).parent / "models" / name
    try:
        nlp = spacy.load(path if path.exists() else name)
    except OSError as error:
        raise ModelError(f"no spaCy pipeline '{name}' is installed", hint="Install it, or leave --model out") from error
    if "schachzug_sentences" not in nlp.pipe_names:
        nlp.add_pipe("schachzug_sentences", first=True)
    return nlp
