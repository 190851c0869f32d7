"""Indefinite pronouns: they take up who was named, or stand for a group of nobody named."""

from __future__ import annotations

import pytest

from schachzug.line import load_reader
from schachzug.reading import Reader
from schachzug.types import Article


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


@pytest.mark.parametrize(
    ("text", "kind", "role", "names"),
    [
        ("Russland und China sprachen sich ab. Beide lehnten die Resolution ab.", "Rejection", "actor", "Russia China"),
        ("Mali und Niger sprachen sich ab. Beide lehnten das Abkommen ab.", "Rejection", "actor", "Mali Niger"),
        ("Viele demonstrierten in Tiflis gegen die Regierung.", "Protest", "actor", "Viele"),
        ("Einige lehnten das Abkommen mit Russland ab.", "Rejection", "actor", "Einige"),
        ("Die Polizei in Minsk nahm viele fest.", "Coercion", "target", "viele"),
    ],
)
def test_whom_they_stand_for(reader: Reader, text: str, kind: str, role: str, names: str) -> None:
    claims = reader.read(Article("one", text)).claims
    found = [
        {
            dict((language, name) for name, language in e.labels).get("en", e.labels[0][0])
            for e in getattr(c.situation, role)
        }
        for c in claims
        if c.situation.type == kind
    ]
    assert set(names.split()) in found
