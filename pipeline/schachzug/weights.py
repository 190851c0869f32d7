"""The spaCy component `schachzug_weights`: a pipeline kept in half precision works in single precision once loaded.

Half the digits tell the same (the scores do not change), in half the space.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike
from spacy.language import Language
from spacy.tokens import Doc


def set_precision(nlp: Language, precision: DTypeLike) -> None:
    """Turns all weights and vectors of a pipeline into numbers of a precision."""
    for _, pipe in nlp.pipeline:
        model: Any = getattr(pipe, "model", None)
        for node in model.walk() if hasattr(model, "walk") else ():
            for name in node.param_names:
                if node.has_param(name) and np.issubdtype(node.get_param(name).dtype, np.floating):
                    node.set_param(name, node.get_param(name).astype(precision))
    vectors: Any = nlp.vocab.vectors
    vectors.data = vectors.data.astype(precision)


class Weights:
    """Does nothing to documents; when the pipeline has been read from disk, it gets its precision back."""

    def __init__(self, nlp: Language, name: str = "schachzug_weights") -> None:
        self.name = name
        self._nlp = nlp

    def __call__(self, doc: Doc) -> Doc:
        return doc

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:
        """Nothing is written."""

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> Weights:
        """The components before this one have been read: their weights are widened."""
        set_precision(self._nlp, np.float32)
        return self


@Language.factory("schachzug_weights")
def make_weights(nlp: Language, name: str) -> Weights:
    return Weights(nlp, name)
