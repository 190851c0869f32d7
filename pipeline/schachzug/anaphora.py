"""Pronouns and descriptions: which entity named before (or just ahead) they take up.

The method is explainable: names of the last sentences, the nearest sentence first and subjects first, filtered by
gender and number; a pronoun in a clause before the main clause looks ahead to the main clause's subject.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Span, Token

from schachzug.gazetteer import Gazetteer
from schachzug.lexicon import load_yaml, plain
from schachzug.mentions import Naming, Namings
from schachzug.nouns import nouns
from schachzug.resources import resource
from schachzug.syntax import Syntax
from schachzug.tokens import NOMINAL, clause_of, feature, is_verb
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
        self.indefinite = frozenset(data["indefinite"])
        self.counts: dict[str, int] = data["counts"]
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
        self._known_sexes: dict[str, str] | None = None
        self._sentence_of = [0] * len(syntax.doc)
        for number, sentence in enumerate(syntax.sentences):
            for i in range(sentence.start, sentence.end):
                self._sentence_of[i] = number

    def before(self, token: Token) -> list[Naming]:
        """Names before a token, nearest sentence first; within a sentence subjects first."""
        number = self._sentence_of[token.i]
        found = []
        for naming in reversed(self.namings.all):
            if naming.end > token.i or naming.kind in ("demonym",) or naming.start in self.syntax.datelines:
                continue
            distance = number - self._sentence_of[naming.start]
            if distance > _LOOK_BACK:
                break
            head = self.syntax.doc[naming.end - 1]
            weight = self._weight(token, head, self.syntax.doc[naming.start])
            weight += 4 if naming.kind in ("adjective", "compound") else 0
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

    def _gender_here(self, naming: Naming) -> str:
        """The gender of a name in the text: by its article ("der Kreml"), else as known, else by a title."""
        head = self.syntax.doc[naming.end - 1]
        if any(c.pos_ == "DET" and c.i < naming.start for c in head.children):
            return self._gender_of_word(head) or self.gender(naming.entity)
        return self.gender(naming.entity) or self._sexes().get(naming.entity.iri, "")

    def _sexes(self) -> dict[str, str]:
        """m or f for the persons of the document that a title stands beside ("Präsidentin Claudia Sheinbaum")."""
        if self._known_sexes is None:
            self._known_sexes = {}
            for naming in self.namings.all:
                title = self.title_before(naming) if naming.entity.type == "Person" else None
                if title is not None and title.pos_ == "NOUN":
                    sex = self._gender_of_word(title)
                    if sex in ("m", "f"):
                        self._known_sexes.setdefault(naming.entity.iri, sex)
        return self._known_sexes

    def recall(self, token: Token, genders: list[str]) -> tuple[Referent, ...]:
        """The best earlier entity that a pronoun can refer to; a fronted clause looks ahead (cataphora)."""
        ahead = self._cataphora(token, genders)
        if ahead:
            return ahead
        if token.tag_ == "PPOSAT" and "p" in genders:
            owners = self._plural_subject(token)
            if owners:
                return owners
        plural = "p" in genders and self._is_plural(token)
        wanted = ["p"] if plural else [g for g in genders if g != "p"] or genders
        if plural:
            group = self._last_group(token)
            if group:
                return group
        own_subject = self.syntax.subject(clause_of(token)) if token.dep_ not in self.syntax.labels.subject else None
        subjects = [(self._weight(token, noun), noun) for noun in self._subjects_before(token)]
        for naming in self.before(token):
            if own_subject is not None and naming.start <= own_subject.i < naming.end:
                continue
            gender = self._gender_here(naming)
            fits = gender in wanted or (gender == "" and any(g in ("m", "f") for g in wanted))
            if not fits:
                continue
            weight = self._weight(token, self.syntax.doc[naming.end - 1])
            for other, noun in subjects:
                is_own = own_subject is not None and noun.i == own_subject.i
                if other < weight and not is_own and self._gender_of_word(noun) in wanted:
                    return tuple(Referent(r.entity, "pronoun", 0.55) for r in self._of(noun)[:1])
            return (Referent(naming.entity, "pronoun", 0.65),)
        return ()

    def _weight(self, token: Token, *noun: Token) -> int:
        """How far a noun, or the words of a name, is from a pronoun, less what being a subject is worth."""
        distance = self._sentence_of[token.i] - self._sentence_of[noun[0].i]
        return distance * 10 - (6 if any(word.dep_ in self.syntax.labels.subject for word in noun) else 0)

    def _sentences_before(self, token: Token) -> list[Span]:
        """The sentence of a token and the ones shortly before, the nearest first."""
        number = self._sentence_of[token.i]
        return self.syntax.sentences[max(0, number - _LOOK_BACK + 1) : number + 1][::-1]

    def title_before(self, naming: Naming) -> Token | None:
        """The title right before a name ("Präsidentin Claudia Sheinbaum")."""
        title = self.syntax.doc[naming.start - 1] if naming.start > 0 else None
        return title if title is not None and nouns().is_title(title.lemma_) else None

    def _subjects_before(self, token: Token) -> list[Token]:
        """Common nouns that are subjects before a pronoun, in its sentence and the one before, the nearest first."""
        first = max(self._sentence_of[token.i] - 1, 0)
        found = []
        for i in range(token.i - 1, -1, -1):
            if self._sentence_of[i] < first:
                break
            noun = self.syntax.doc[i]
            if noun.pos_ != "NOUN" or noun.dep_ not in self.syntax.labels.subject or self.namings.at(i) is not None:
                continue
            if nouns().is_actor(noun.lemma_) or nouns().description(noun.lemma_):
                found.append(noun)
        return found

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

    def _plural_subject(self, token: Token) -> tuple[Referent, ...]:
        """The nearest subject before a possessive in its sentence, if it names several ("die USA und die EU … ihr")."""
        for i in range(token.i - 1, token.sent.start - 1, -1):
            noun = self.syntax.doc[i]
            if noun.dep_ in self.syntax.labels.subject and noun.pos_ in ("NOUN", "PROPN") and noun != token.head:
                if clause_of(noun) == clause_of(token):
                    continue
                referents = self._of(noun)
                several = len(referents) > 1 and all(r.entity.type in ACTOR_TYPES for r in referents)
                return tuple(Referent(r.entity, "pronoun", 0.6) for r in referents) if several else ()
        return ()

    def _last_group(self, token: Token) -> tuple[Referent, ...]:
        """The last coordinated or plural subject before a plural pronoun."""
        for sentence in self._sentences_before(token):
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

    def counted(self, token: Token) -> tuple[Referent, ...]:
        """The actors that a counted description takes up ("die drei Länder"): the last that were named together."""
        count = next((n for c in token.children if (n := pronouns().counts.get(c.lower_))), 0)
        if not count:
            return ()
        for sentence in self._sentences_before(token):
            for naming in reversed(self.namings.all):
                if not (sentence.start <= naming.start < sentence.end and naming.end <= token.i):
                    continue
                if naming.kind in ("adjective", "compound", "demonym"):
                    continue
                group = self._of(self.syntax.doc[naming.end - 1])
                if len(group) == count and all(r.entity.type in ACTOR_TYPES | PLACE_TYPES for r in group):
                    return tuple(Referent(r.entity, "counted", 0.6) for r in group)
        return ()

    def neighbour(self, token: Token) -> tuple[Referent, ...]:
        """The state named last that is not the one of the clause's subject ("drohte dem Nachbarland")."""
        subject = self.syntax.subject(clause_of(token))
        own: set[str] = set()
        if subject is not None and subject.i != token.i:
            for referent in self._of(subject):
                own |= {
                    entity.iri for entity in (referent.entity, self.homeland(referent.entity)) if entity is not None
                }
        for naming in self.before(token):
            if naming.entity.type in STATE_LIKE and naming.entity.iri not in own and naming.kind != "compound":
                return (Referent(naming.entity, "neighbour", 0.55),)
        return ()

    def homeland(self, entity: Entity) -> Entity | None:
        """The state of a person or body: by its office or seat, else by the adjective or genitive of its title here."""
        if entity.type != "Person":
            return self.gazetteer.state_of(entity)
        for office in reversed(self.gazetteer.offices(entity)):
            if office.state is not None:
                body = self.gazetteer.entity(office.state)
                return self.gazetteer.state_of(body) or body
        for naming in self.namings.all:
            title = self.title_before(naming) if naming.entity.iri == entity.iri else None
            for child in title.children if title is not None else ():
                of = self.namings.at(child.i)
                if of is not None and child.i < naming.start:
                    return self.gazetteer.state_of(of.entity)
        return None

    def _cataphora(self, token: Token, genders: list[str]) -> tuple[Referent, ...]:
        """In a clause before the main clause a pronoun looks ahead to a subject that is named there."""
        verb = clause_of(token)
        main = verb.head.head if verb.head.dep_ in self.syntax.labels.auxiliary else verb.head
        if verb.dep_ not in self.syntax.labels.adverbial_clause or not is_verb(main):
            return ()
        subject = self.syntax.subject(main)
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
