"""Loading the spaCy pipeline that parses: the bundled one, or another that is installed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from schachzug.errors import ModelError

if TYPE_CHECKING:
    from spacy.language import Language

BUNDLED = "de_schachzug_news"
Scheme = Literal["ud", "tiger"]
# Labels that only one of the schemes has; subjects occur in every parser's inventory.
_SUBJECTS: dict[str, Scheme] = {"nsubj": "ud", "sb": "tiger"}


def load_model(name: str = BUNDLED) -> Language:
    """A spaCy pipeline that tags and parses, with the project's sentence splitter and check of verb forms.

    Args:
        name: the bundled pipeline, an installed pipeline's name, or a folder.

    Raises:
        ModelError: there is no such pipeline, it cannot be loaded here, or it does not parse.
    """
    import spacy

    # Their import registers the components' factories.
    import schachzug.agreement
    import schachzug.lemmas
    import schachzug.sentences
    import schachzug.tiger
    import schachzug.verb_forms
    import schachzug.weights
    import schachzug.word_clusters  # noqa: F401
    from schachzug.fast_ops import use_fast_ops

    path = Path(__file__).parent / "models" / name
    try:
        nlp = spacy.load(path if path.exists() else name)
    except (OSError, ImportError) as error:
        hint = "Install it, or leave --model out"
        raise ModelError(f"no spaCy pipeline '{name}' can be loaded: {error}", hint=hint) from error
    except ValueError as error:
        hint = "Take a pipeline made for this version of spaCy"
        raise ModelError(f"the spaCy pipeline '{name}' does not load: {error}", hint=hint) from error
    if not any("parser" in pipe for pipe in nlp.pipe_names) and _is_plain(nlp):
        raise ModelError(
            f"the spaCy pipeline '{name}' has no parser", hint="Take one that parses, or leave --model out"
        )
    if "schachzug_sentences" not in nlp.pipe_names and "parser" in nlp.pipe_names:
        nlp.add_pipe("schachzug_sentences", first=True)
    if label_scheme(nlp) == "tiger":
        nlp.add_pipe("schachzug_tiger", last=True)
    if "schachzug_verb_forms" not in nlp.pipe_names:
        nlp.add_pipe("schachzug_verb_forms", last=True)
    use_fast_ops(nlp)
    return nlp


def _is_plain(nlp: Language) -> bool:
    """Whether the pipeline parses in its components; Stanza and UDPipe do it in their tokenizer."""
    return hasattr(nlp.tokenizer, "infix_finditer")


def label_scheme(nlp: Language) -> Scheme:
    """Which labels a pipeline's documents bear: those of Universal Dependencies ("ud") or of TIGER ("tiger").

    Pipelines that name no labels (Stanza, UDPipe) use Universal Dependencies, and so does what `load_model` returns.
    """
    if "schachzug_tiger" in nlp.pipe_names:
        return "ud"
    labels = getattr(nlp.get_pipe("parser"), "labels", ()) if "parser" in nlp.pipe_names else ()
    for label, scheme in _SUBJECTS.items():
        if label in labels:
            return scheme
    return "ud"
