"""An adjective of two nationalities names two states, each an actor."""

from __future__ import annotations

import pytest

from schachzug.line import load_reader
from schachzug.reading import Reader
from schachzug.types import Article


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("Die amerikanisch-chinesischen Beziehungen verschlechtern sich.", {"United States", "China"}),
        ("Die türkisch-griechischen Gespräche begannen am Montag in Ankara.", {"Turkey", "Greece"}),
        ("Die chinesischen Gespräche mit Vietnam begannen am Montag.", {"China", "Vietnam"}),
    ],
)
def test_both_states_act(reader: Reader, text: str, states: set[str]) -> None:
    claims = reader.read(Article("one", text)).claims
    actors = [{dict((language, name) for name, language in e.labels)["en"] for e in c.situation.actor} for c in claims]
    assert states in actors
