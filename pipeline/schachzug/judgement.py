"""The learned judgement: which candidates fill which roles, and how likely a frame read so is right.

Two linear models, trained on annotated development articles by `pipeline/training/judgement.py`, work on top of the
rules: one moves fillers in and out of roles, one gives each claim its confidence. Their weights are plain numbers in
`models/judgement.json`; nothing but addition happens at run time.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from schachzug.errors import ResourceError

NONE = "none"  # the class of a candidate that fills no role


@dataclass(frozen=True)
class LinearModel:
    """Weights by feature and class; `classes` are in the order of the weights."""

    classes: tuple[str, ...]
    weights: Mapping[str, tuple[float, ...]]
    bias: tuple[float, ...]

    def probabilities(self, features: Iterable[str]) -> dict[str, float]:
        """The share of belief that each class gets; they add up to 1."""
        rows = [found for found in map(self.weights.get, features) if found is not None]
        sums = list(map(sum, zip(self.bias, *rows, strict=True)))
        top = max(sums)
        grown = [math.exp(s - top) for s in sums]
        total = sum(grown)
        return {name: value / total for name, value in zip(self.classes, grown, strict=True)}


@dataclass(frozen=True)
class Judgement:
    """The two models and where their belief becomes a decision."""

    roles: LinearModel
    frames: LinearModel
    add_at: Mapping[str, float]
    keep_at: Mapping[str, float]
    claim_at: Mapping[str, float]


def _model(data: Mapping[str, Any]) -> LinearModel:
    return LinearModel(tuple(data["classes"]), {k: tuple(v) for k, v in data["weights"].items()}, tuple(data["bias"]))


def read_judgement(path: Path) -> Judgement:
    """Read the models from a file.

    Raises:
        ResourceError: the file is missing or damaged.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Judgement(
            _model(data["roles"]), _model(data["frames"]), data["add_at"], data["keep_at"], data["claim_at"]
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResourceError(
            f"the judgement cannot be read: {error}", where=path, hint="Install schachzug again"
        ) from error


@cache
def bundled_judgement() -> Judgement | None:
    """The models that ship; None where there are none."""
    path = Path(__file__).parent / "models" / "judgement.json"
    return read_judgement(path) if path.exists() else None
