"""Pronouns and descriptions: which entity named before (or just ahead) they take up.

The method is explainable: names of the last sentences, the nearest sentence first and subjects first, filtered by
gender and number; a pronoun in a clause before the main clause looks ahead to the main clause's subject.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Token

from schachzug.gazetteer import Gazetteer
from schachzug.lexicon import load_yaml, plain
from schachzug.mentions import Naming, Namings
from schachzug.resources import resource
from schachzug.syntax import NOMINAL, Syntax, clause_of, feature, is_verb
from schachzug.types import Entity

PLACE_TYPES = frozenset({"Place", "Region", "Territory", "City", "State"})
STATE_LIKE = frozenset({"State"})
ORGANISATION_TYPES = frozenset(
    {"Organization", "Alliance", "MilitaryAlliance", "EconomicUnion", "PoliticalUnion", "Bloc", "StateOrgan"}
)
ACTOR_TYPES = ORGANISATION_TYPES | {"State", "Person", "Group", "Actor"}
_LOOK_BACK = 3


@dataclass(frozen=True)
class Referent:
    """An entity that a token stands for, the step that found it and how sure that step is."""

    entity: Entity
    how: str
    sure: float


class Pronouns:
    """What `pronouns.yaml` says."""

    def __init__(self) -> None:
        data = plain(load_yaml(resource("ontology", "lexicon", "de", "pronouns.yaml")))
        self.personal: dict[str, list[str]] = data["personal"]
        self.possessive: dict[str, list[str]] = data["possessive"]
        self.definite = frozenset(data["definite"])
        self.plural = frozenset(data["plural"])
        self.gender = {name: gender for gender, names in data["gender"].items() for name in names}

    def possessor(self, form: str) -> list[str]:
        """What genders a possessive can refer to ([] when it is none)."""
        for stem, genders in self.possessive.items():
            if form.startswith(stem) and len(form) - len(stem) <= 2:
                return genders
        return []


@cache
def pronouns() -> Pronouns:
    """The German pronouns."""
    return Pronouns()


class Anaphora:
    """Takes up entities in one document. `of` resolves a token to whom it stands for."""

    def __init__(
        self, syntax: Syntax, namings: Namings, gazetteer: Gazetteer, of: Callable[[Token], tuple[Referent, ...]]
    ) -> None:
        self.syntax = syntax
        self.namings = namings
        self.gazetteer = gazetteer
        self._of = of
        self._sentence_of = [0] * len(syntax.doc)
        for number, sentence in enumerate(syntax.doc.sents):
            for i in range(sentence.start, sentence.end):
                self._sentence_of[i] = number

    def before(self, token: Token) -> list[Naming]:
        """Names before a token, nearest sentence first; within a sentence subjects first."""
        number = self._sentence_of[token.i]
        found = []
        for naming in reversed(self.namings.all):
            if naming.end > token.i or naming.kind in ("demonym",):
                continue
            distance = number - self._sentence_of[naming.start]
            if distance > _LOOK_BACK:
                break
            head = self.syntax.doc[naming.end - 1]
            subject = (
                head.dep_ in self.syntax.labels.subject
                or self.syntax.doc[naming.start].dep_ in self.syntax.labels.subject
            )
            weight = distance * 10 - (6 if subject else 0) + (4 if naming.kind in ("adjective", "compound") else 0)
            found.append((weight, -naming.start, naming))
        names = [n for _, _, n in sorted(found, key=lambda x: x[:2])]
        return [self._as_whole(n) for n in names]

    def _as_whole(self, naming: Naming) -> Naming:
        entity = self.gazetteer.stands_for(naming.entity)
        return naming if entity is None else Naming(naming.start, naming.end, entity, naming.kind, naming.sure)

    def last_place(self, token: Token) -> tuple[Referent, ...]:
        """The place named last before a "dort"."""
        for naming in reversed(self.namings.all):
            if naming.end > token.i or self._sentence_of[token.i] - self._sentence_of[naming.start] > 1:
                continue
            if naming.entity.type in PLACE_TYPES and naming.kind not in ("adjective", "demonym", "compound"):
                return (Referent(naming.entity, "there", 0.6),)
        return ()

    def gender(self, entity: Entity) -> str:
        """m, f, n or p; "" when unknown (a person of unknown sex)."""
        english = next((text for text, tag in entity.labels if tag == "en"), entity.labels[0][0])
        known: str | None = pronouns().gender.get(english)
        if known:
            return known
        if entity.type in PLACE_TYPES:
            return "n"
        if entity.type in ORGANISATION_TYPES:
            return "f"
        return "p" if entity.type == "Group" else ""

    def recall(self, token: Token, genders: list[str]) -> tuple[Referent, ...]:
        """The best earlier entity that a pronoun can refer to; a fronted clause looks ahead (cataphora)."""
        ahead = self._cataphora(token, genders)
        if ahead:
            return ahead
        plural = "p" in genders and self._is_plural(token)
        wanted = ["p"] if plural else [g for g in genders if g != "p"] or genders
        if plural:
            group = self._last_group(token)
            if group:
                return group
        own_subject = self.syntax.subject(clause_of(token)) if token.dep_ not in self.syntax.labels.subject else None
        for naming in self.before(token):
            gender = self.gender(naming.entity)
            if own_subject is not None and naming.start <= own_subject.i < naming.end:
                continue
            if gender in wanted or (gender == "" and any(g in ("m", "f") for g in wanted)):
                return (Referent(naming.entity, "pronoun", 0.65),)
        return ()

    def _is_plural(self, token: Token) -> bool:
        if token.lower_ in pronouns().plural:
            return True
        if feature(token, "Number") and token.pos_ == "PRON" and token.dep_ not in self.syntax.labels.subject:
            return feature(token, "Number") == "Plur"
        if token.dep_ in self.syntax.labels.subject:
            verb = token.head
            finite = next((c for c in (*verb.children, verb) if feature(c, "VerbForm") == "Fin"), None)
            return finite is not None and feature(finite, "Number") == "Plur"
        return False

    def _last_group(self, token: Token) -> tuple[Referent, ...]:
        """The last coordinated or plural subject before a plural pronoun."""
        number = self._sentence_of[token.i]
        for sentence in reversed([s for k, s in enumerate(self.syntax.doc.sents) if number - _LOOK_BACK < k <= number]):
            for candidate in sentence:
                if (
                    candidate.i >= token.i
                    or candidate.dep_ not in self.syntax.labels.subject
                    or candidate.pos_ not in NOMINAL
                ):
                    continue
                if candidate.pos_ == "PRON":
                    continue
                referents = self._of(candidate)
                plural = len(referents) > 1 or feature(candidate, "Number") == "Plur"
                if referents and plural:
                    return tuple(Referent(r.entity, "pronoun", 0.6) for r in referents)
        return ()

    def _cataphora(self, token: Token, genders: list[str]) -> tuple[Referent, ...]:
        """In a clause before the main clause a pronoun looks ahead to a subject that is named there."""
        verb = clause_of(token)
        if verb.dep_ not in self.syntax.labels.adverbial_clause or not is_verb(verb.head):
            return ()
        subject = self.syntax.subject(verb.head)
        if subject is None or subject.i < token.i or subject.pos_ == "PRON":
            return ()
        referents = self._of(subject)
        if not referents or not self.agrees(subject, referents, genders):
            return ()
        return tuple(Referent(r.entity, "cataphora", 0.7) for r in referents)

    def agrees(self, subject: Token, referents: tuple[Referent, ...], genders: list[str]) -> bool:
        if len(referents) > 1:
            return "p" in genders
        gender = self.gender(referents[0].entity) if not referents[0].entity.local else self._gender_of_word(subject)
        return gender == "" or gender in genders

    @staticmethod
    def _gender_of_word(token: Token) -> str:
        if feature(token, "Number") == "Plur":
            return "p"
        return {"Masc": "m", "Fem": "f", "Neut": "n"}.get(feature(token, "Gender"), "")
