"""Affiliations that no predicate tells: an office beside a name ("Malis Außenminister Abdoulaye Diop")."""

from __future__ import annotations

from spacy.tokens import Span, Token

from schachzug.frames import Frame
from schachzug.lexicon import Entry
from schachzug.nouns import nouns
from schachzug.referents import ORGANISATION_TYPES, Referent, Referents
from schachzug.syntax import Syntax

OFFICE = Entry(
    id="office-beside-name",
    lemma="",
    pos="noun",
    type="Affiliation",
    roles=(),
    topic="offices",
    where="offices.py",
)


def offices_of(sentence: Span, syntax: Syntax, referents: Referents) -> list[Frame]:
    """A frame for each person whose office is told beside the name, with the state or body it is of."""
    frames = []
    for token in sentence:
        if token.pos_ != "NOUN" or not nouns().is_title(token.lemma_):
            continue
        person = _person(token, syntax, referents)
        if person is None:
            continue
        of = _body(token, syntax, referents)
        if of:
            frames.append(Frame(OFFICE, token, {"actor": (person,), "target": of[:1]}, 0.8))
    return frames


def _person(title: Token, syntax: Syntax, referents: Referents) -> Referent | None:
    for referent in referents.single(title):
        if referent.how == "title" and referent.entity.type == "Person":
            return referent
    return None


def _body(title: Token, syntax: Syntax, referents: Referents) -> tuple[Referent, ...]:
    naming = referents.namings.at(title.i)
    if naming is not None and naming.kind == "compound":
        entity = referents.gazetteer.stands_for(naming.entity) or naming.entity
        return (Referent(entity, "compound", 0.85),)
    for argument in syntax.arguments(title):
        if argument.slot not in ("adj", "of"):
            continue
        naming = referents.namings.at(argument.token.i)
        if naming is None:
            continue
        entity = referents.gazetteer.stands_for(naming.entity) or naming.entity
        if entity.type in ORGANISATION_TYPES | {"State", "Territory"}:
            return (Referent(entity, "office", 0.85),)
    return ()
