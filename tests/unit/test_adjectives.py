"""Adjectives: one of two nationalities names two states, and others can be what a sense requires."""

from __future__ import annotations

from dataclasses import replace

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


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Die Sahelstaaten stellten eine gemeinsame Truppe auf.", "aufstellen.truppe-gemeinsam"),
        ("Mali und Niger stellten eine gemeinsame Brigade auf.", "aufstellen.truppe-gemeinsam"),
        ("Die Emirate fahren einen neutralen Kurs.", "fahren.neutral-kurs"),
        ("Die Partei ist stärkste Kraft im Parlament.", "kraft.staerkste"),
    ],
)
def test_an_adjective_can_be_required(reader: Reader, text: str, rule: str) -> None:
    without_judgement = replace(reader, judgement=None)
    assert rule in {claim.rule for claim in without_judgement.read(Article("one", text)).claims}


def test_without_the_adjective_it_is_not_met(reader: Reader) -> None:
    claims = replace(reader, judgement=None).read(Article("one", "Die Emirate fahren einen neuen Kurs.")).claims
    assert not any(claim.rule == "fahren.neutral-kurs" for claim in claims)
