"""Affiliations that no predicate tells: an office beside a name ("Malis Außenminister Abdoulaye Diop"), or an
institute behind it ("Florin Bartsch vom Institut für Friedensforschung").
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Span, Token

from schachzug.frames import Frame
from schachzug.lexicon import Entry
from schachzug.nouns import nouns
from schachzug.referents import ORGANISATION_TYPES, Referent, Referents
from schachzug.syntax import Syntax


def _affiliation(id: str) -> Entry:
    """What a frame found here names as its entry; no word of the lexicon stands behind it."""
    return Entry(id=id, lemma="", pos="noun", type="Affiliation", roles=(), topic="offices", where="offices.py")


OFFICE = _affiliation("office-beside-name")
INSTITUTE = _affiliation("institute-behind-name")
_WINDOW = 4  # tokens between the preposition and the noun of the institute


def offices_of(sentence: Span, syntax: Syntax, referents: Referents) -> list[Frame]:
    """A frame for each person whose office is told beside the name, with the state or body it is of."""
    frames = []
    for token in syntax.nouns_of(sentence):
        if not nouns().is_title(token.lemma_):
            continue
        person = _person(token, syntax, referents)
        if person is None:
            continue
        of = _body(token, syntax, referents)
        if of:
            frames.append(Frame(OFFICE, token, {"actor": (person,), "target": of[:1]}, 0.8))
    frames += _institutes_of(sentence, syntax, referents)
    return frames


def _institutes_of(sentence: Span, syntax: Syntax, referents: Referents) -> Iterator[Frame]:
    """A frame for each name that an institute follows, whatever the parse hung its phrase on."""
    doc = sentence.doc
    for naming in referents.namings.all:
        if naming.entity.type != "Person" or not sentence.start <= naming.start < sentence.end:
            continue
        if naming.end >= sentence.end or doc[naming.end].tag_ not in ("APPR", "APPRART"):
            continue
        if syntax.prepositions.of(doc[naming.end])[0] not in syntax.prepositions.at_work:
            continue
        body = _institute(doc[naming.end + 1 : min(naming.end + 1 + _WINDOW, sentence.end)], referents)
        if body is not None:
            person = Referent(naming.entity, naming.kind, naming.sure)
            yield Frame(INSTITUTE, doc[naming.end - 1], {"actor": (person,), "target": (body,)}, 0.8)


def _institute(phrase: Span, referents: Referents) -> Referent | None:
    for token in phrase:
        naming = referents.namings.at(token.i)
        if naming is not None and naming.entity.type in ORGANISATION_TYPES:
            return Referent(naming.entity, naming.kind, naming.sure)
        if token.pos_ in ("NOUN", "PROPN"):
            found = referents.single(token) if nouns().is_institute(token.lemma_) else ()
            return found[0] if found else None
        if token.pos_ not in ("DET", "ADJ"):
            return None
    return None


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
