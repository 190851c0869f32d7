"""Matrix products by NumPy instead of BLIS: the BLIS that comes with thinc is a third as fast as NumPy's OpenBLAS."""

from __future__ import annotations

from typing import Any

import numpy as np
from spacy.language import Language
from thinc.api import NumpyOps


class FastOps(NumpyOps):  # type: ignore[misc]
    """NumpyOps but for `gemm`."""

    def gemm(self, x: Any, y: Any, out: Any = None, trans1: bool = False, trans2: bool = False) -> Any:
        """The product of two matrices, either of them transposed first if asked."""
        return np.matmul(x.T if trans1 else x, y.T if trans2 else y, out=out)


def use_fast_ops(nlp: Language) -> None:
    """Gives every model of a pipeline that runs on the processor the faster product."""
    ops = FastOps()
    for _, pipe in nlp.pipeline:
        model: Any = getattr(pipe, "model", None)
        for node in model.walk() if hasattr(model, "walk") else ():
            if type(node.ops) is NumpyOps:
                node.ops = ops
