"""The mood of German verb forms, from the form where it decides, from the tagger's features where it does not."""

from __future__ import annotations

from functools import cache
from typing import Literal

from spacy.tokens import Token

from schachzug.lexicon import load_yaml, plain
from schachzug.resources import resource

Mood = Literal["ind", "sub1", "sub2", ""]


@cache
def _table() -> dict[str, Mood]:
    data = plain(load_yaml(resource("ontology", "lexicon", "de", "verb-forms.yaml")))
    return {form: mood for mood in ("sub1", "sub2", "ind") for form in data[mood]}


def mood(verb: Token) -> Mood:
    """Konjunktiv I ("sub1"), Konjunktiv II ("sub2"), indicative, or "" for what is not finite.

    The forms of frequent verbs stand in a table; for others the morphologizer's Mood and Tense decide.
    """
    known = _table().get(verb.lower_)
    if known is not None:
        return known
    form = verb.morph.get("Mood")
    if form == ["Sub"]:
        return "sub2" if verb.morph.get("Tense") == ["Past"] else "sub1"
    return "ind" if form else ""
