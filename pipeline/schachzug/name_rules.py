"""How names behave in German: what `ontology/lexicon/de/names.yaml` says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from schachzug.errors import EntityError
from schachzug.lexicon import load_yaml, plain
from schachzug.resources import resource


@dataclass(frozen=True)
class NameRules:
    """How names behave in German: `ontology/lexicon/de/names.yaml`."""

    adjective_endings: tuple[str, ...]
    invariable_adjective: str
    genitive: tuple[str, ...]
    dative_plural: str
    directions: tuple[str, ...]
    former: tuple[str, ...]
    compound_heads: tuple[str, ...]
    no_compound_with: frozenset[str]
    never_alone: frozenset[str]
    not_after: dict[str, tuple[str, ...]]
    not_before: dict[str, tuple[str, ...]]
    preferred: dict[str, tuple[str, ...]]
    surname_first: frozenset[str]


@lru_cache(maxsize=1)
def name_rules() -> NameRules:
    """The rules that travel with the package.

    Raises:
        EntityError: a key is missing.
    """
    path = resource("ontology", "lexicon", "de", "names.yaml")
    raw: dict[str, Any] = plain(load_yaml(path))
    try:
        return NameRules(
            adjective_endings=tuple(raw["adjective_endings"]),
            invariable_adjective=raw["invariable_adjective"],
            genitive=tuple(raw["genitive"]),
            dative_plural=raw["dative_plural"],
            directions=tuple(sorted(raw["directions"], key=len, reverse=True)),
            former=tuple(raw["former"]),
            compound_heads=tuple(sorted(raw["compound_heads"], key=len, reverse=True)),
            no_compound_with=frozenset(raw["no_compound_with"]),
            never_alone=frozenset(raw["never_alone"]),
            not_after={name: tuple(words) for name, words in raw["not_after"].items()},
            not_before={name: tuple(words) for name, words in raw["not_before"].items()},
            preferred={name: tuple(iris) for name, iris in raw["preferred"].items()},
            surname_first=frozenset(raw["surname_first"]),
        )
    except KeyError as error:
        raise EntityError(f"key '{error.args[0]}' is missing", where=path, hint="Mend the file") from error


def surnames(name: str, rules: NameRules) -> Iterator[str]:
    """The forms in which a person is named again: "Leyen" and "von der Leyen", "Xi", "Ban"."""
    words = name.split()
    if len(words) < 2:
        return
    if words[0] in rules.surname_first or (len(words) == 2 and re.search(r"-[a-zß-ÿ]", words[1])):
        yield words[0]
        return
    if words[-1].endswith(".") or (words[-1].isupper() and len(words[-1]) < 4) or not words[-1][0].isalpha():
        return
    yield words[-1]
    if "-" in words[-1] and words[-1][0].islower():
        yield words[-1].partition("-")[2]
    start = len(words) - 1
    while start > 1 and words[start - 1].islower():
        start -= 1
    if start < len(words) - 1:
        yield " ".join(words[start:])
