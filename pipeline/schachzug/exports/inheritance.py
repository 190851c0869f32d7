"""What a class of the ontology takes over from the nearest class above it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def inherited(known: Mapping[str, T], above: Mapping[str, str]) -> dict[str, T]:
    """What is known of classes, with that of every class below one of them.

    Args:
        known: what is known of some classes, by local name.
        above: for each class the class above it.

    >>> inherited({"Situation": 1}, {"Threat": "Situation"})
    {'Situation': 1, 'Threat': 1}
    """
    found = dict(known)
    for name in above:
        higher = name
        while higher not in found and higher in above:
            higher = above[higher]
        if higher in found:
            found[name] = found[higher]
    return found
