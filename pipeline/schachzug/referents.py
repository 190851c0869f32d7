"""Who a token stands for: from a noun phrase, pronoun or description to entities.

The steps, in order: relative pronoun to its noun; pronoun or definite description to an entity
named before (`_Discourse`); a name as such; a title with its name; an organ of a state ("die
russische Armee") to the state; anything else to an entity of the article's own words. Every
answer names the step that gave it (`Referent.how`).
"""

from __future__ import annotations

from spacy.tokens import Token

from schachzug.anaphora import (
    ACTOR_TYPES,
    ORGANISATION_TYPES,
    PLACE_TYPES,
    STATE_LIKE,
    Anaphora,
    Referent,
    pronouns,
)
from schachzug.gazetteer import Gazetteer
from schachzug.mentions import Naming, Namings, local_entity
from schachzug.nouns import nouns
from schachzug.syntax import Syntax
from schachzug.tokens import clause_of, feature
from schachzug.types import Entity

__all__ = ["ACTOR_TYPES", "ORGANISATION_TYPES", "PLACE_TYPES", "Referent", "Referents"]


class Referents:
    """Resolves the tokens of one parsed document to entities."""

    def __init__(self, syntax: Syntax, namings: Namings, gazetteer: Gazetteer, digest: str) -> None:
        self.syntax = syntax
        self.namings = namings
        self.gazetteer = gazetteer
        self.digest = digest
        self.anaphora = Anaphora(syntax, namings, gazetteer, self.of)
        self._cache: dict[int, tuple[Referent, ...]] = {}

    # --- public ----------------------------------------------------------------------------------

    def of(self, token: Token) -> tuple[Referent, ...]:
        """The entities that a token and what is coordinated with it stand for, in order of the text."""
        found: dict[str, Referent] = {}
        for item in self._coordinated(token):
            for referent in self.single(item):
                found.setdefault(referent.entity.iri, referent)
        return tuple(found.values())

    def single(self, token: Token) -> tuple[Referent, ...]:
        """The entities that one token stands for, without coordination."""
        if token.i not in self._cache:
            self._cache[token.i] = ()  # a circle of references ends here
            self._cache[token.i] = tuple(self._resolve(token))
        return self._cache[token.i]

    def possessor(self, token: Token) -> tuple[Referent, ...]:
        """Whom a possessive determiner ("sein", "ihre", "dessen") refers to."""
        if token.tag_ in ("PRELAT", "PRELS"):
            head = self.syntax.antecedent(token)
            return self.of(head) if head is not None else ()
        genders = pronouns().possessor(token.lower_)
        if not genders:
            return ()
        subject = self.syntax.subject(clause_of(token))
        if subject is not None and subject.i != token.i and token not in subject.subtree:
            referents = self.of(subject)
            if referents and all(r.entity.type == "Thing" for r in referents):
                referents = self.owners(subject) or referents  # "Putins Vorstoß stärkt seinen Einfluss"
            if referents and self.anaphora.agrees(subject, referents, genders):
                return tuple(Referent(r.entity, "possessive", r.sure * 0.9) for r in referents)
        return self.anaphora.recall(token, genders)

    def owners(self, thing: Token) -> tuple[Referent, ...]:
        """Whose a thing is, if it is an actor's."""
        for argument in self.syntax.arguments(thing):
            if argument.slot == "of":
                found = tuple(r for r in self.of(argument.token) if r.entity.type in ACTOR_TYPES)
                if found:
                    return found
        return ()

    def is_actor(self, token: Token) -> bool:
        """Whether a token stands for somebody who can act."""
        if any(r.entity.type in ACTOR_TYPES for r in self.single(token)):
            return True
        return token.pos_ in ("NOUN", "PRON") and nouns().is_actor(token.lemma_)

    def is_of_class(self, token: Token, name: str) -> bool:
        """Whether a token meets a class constraint of the lexicon ($actor, $place …)."""
        if name == "$any":
            return True
        if name == "$actor":
            return any(self.is_actor(t) for t in self._coordinated(token))
        referents = self.of(token)
        if name == "$known":
            return any(not r.entity.local for r in referents)
        wanted = {
            "$place": PLACE_TYPES,
            "$state": STATE_LIKE,
            "$org": ORGANISATION_TYPES,
            "$person": frozenset({"Person"}),
        }[name]
        if any(r.entity.type in wanted for r in referents):
            return True
        return name == "$person" and nouns().is_title(token.lemma_)

    def compounded(self, naming: Naming) -> Referent:
        """Whom the name in a compound stands for ("Russland-Sanktionen")."""
        return Referent(self.gazetteer.stands_for(naming.entity) or naming.entity, "compound", 0.85)

    def place(self, token: Token) -> tuple[Referent, ...]:
        """The places that a token names, as places: a capital stays a city here."""
        found = []
        for item in self._coordinated(token):
            naming = self._naming(item)
            if naming is not None and naming.entity.type in PLACE_TYPES and naming.kind not in ("adjective", "demonym"):
                found.append(Referent(naming.entity, "place", naming.sure))
            elif naming is None and nouns().description(item.lemma_) in ("State", "Region"):
                found += [r for r in self.single(item) if r.entity.type in PLACE_TYPES]
        return tuple(dict.fromkeys(found))

    # --- the steps -------------------------------------------------------------------------------

    def whole(self, token: Token) -> Token:
        """What a share or an amount is of ("ein Teil der Grünen"); any other word itself."""
        if token.pos_ in ("NOUN", "NUM") and token.lemma_ in nouns().shares and self.namings.at(token.i) is None:
            return next((a.token for a in self.syntax.arguments(token) if a.slot == "of"), token)
        return token

    def _coordinated(self, token: Token) -> list[Token]:
        token = self.whole(token)
        found = self.syntax.conjuncts(token)
        listed = self._listed(found)
        if len(found) == 1 or len(listed) <= 1:
            return listed
        return sorted({t.i: t for t in (*found, *listed)}.values(), key=lambda t: t.i)

    def _listed(self, found: list[Token]) -> list[Token]:
        """Names in one list ("A, B und C") that the parse left apart: nothing but commas and "und" between."""
        naming = self._naming(found[0])
        if naming is None or naming.kind in ("adjective", "compound"):
            return found
        before, joined = self._run(naming, -1)
        after, more = self._run(naming, 1) if not (joined and before) else ([], True)
        items = [*reversed(before), found[0], *after]
        return items if joined or more else found

    def _run(self, naming: Naming, step: int) -> tuple[list[Token], bool]:
        """The names of a list on one side of a name, nearest first, and whether "und" or "oder" stood among them."""
        doc, sentence = self.syntax.doc, self.syntax.doc[naming.start].sent
        items: list[Token] = []
        joined = False
        edge = naming.end if step > 0 else naming.start - 1
        while True:
            i = edge
            conjunction = separated = False
            while sentence.start <= i < sentence.end and (doc[i].text == "," or doc[i].tag_ in ("KON", "ART")):
                conjunction = conjunction or doc[i].tag_ == "KON"
                separated = separated or doc[i].tag_ != "ART"  # "werden Mali und Niger der ECOWAS beitreten"
                i += step
            following = self.namings.at(i) if sentence.start <= i < sentence.end and i != edge else None
            if following is None or not separated or following.kind in ("adjective", "compound"):
                return items, joined
            if i != (following.start if step > 0 else following.end - 1):
                return items, joined
            items.append(doc[following.end - 1])
            edge = following.end if step > 0 else following.start - 1
            joined = joined or conjunction
            if conjunction and step > 0:
                return items, True

    def _naming(self, token: Token) -> Naming | None:
        naming = self.namings.at(token.i)
        if naming is not None:
            return naming
        for child in token.children:
            if child.dep_ in self.syntax.labels.name_part:
                naming = self.namings.at(child.i)
                if naming is not None and naming.start <= token.i + 1:
                    return naming
        return None

    def _resolve(self, token: Token) -> list[Referent]:
        if self.syntax.is_relative(token):
            head = self.syntax.antecedent(token)
            return [Referent(r.entity, "relative", r.sure * 0.95) for r in self.of(head)] if head is not None else []
        naming = self.namings.at(token.i)
        if naming is not None and naming.kind == "adjective":
            return self._nationalities(token)
        if naming is not None and naming.kind != "compound":
            return self._named(token, naming)
        if token.lower_ in self.syntax.prepositions.here:
            return list(self.anaphora.last_place(token))
        if token.pos_ == "PRON" or token.tag_ in ("PPER", "PDS", "PIS"):
            genders = pronouns().personal.get(token.lower_)
            taken_up = list(self.anaphora.recall(token, genders)) if genders else []
            return taken_up or self._some(token)
        if token.pos_ not in ("NOUN", "PROPN", "ADJ", "X", "NUM"):
            return []
        named = self._title(token)
        if named:
            return named
        organ = self._organ(token, naming)
        if organ:
            return organ
        described = self._described(token)
        if described:
            return described
        return self._own_words(token, naming)

    def _some(self, token: Token) -> list[Referent]:
        """The group of an indefinite pronoun: "viele" and "andere" stand for themselves."""
        if token.lower_ not in pronouns().indefinite:
            return []
        return [Referent(local_entity(self.digest, token.text, "Group", token.text, token.lemma_), "words", 0.5)]

    def _nationalities(self, token: Token) -> list[Referent]:
        """Whom an adjective names: one state, or the two of "russisch-chinesisch"."""
        found = self.namings.all_at(token.i)
        return [r for naming in found if naming.kind == "adjective" for r in self._stand_for(naming)]

    def _stand_for(self, naming: Naming) -> list[Referent]:
        entity = self.gazetteer.stands_for(naming.entity) or naming.entity
        return [Referent(entity, naming.kind, naming.sure)]

    def _named(self, token: Token, naming: Naming) -> list[Referent]:
        if naming.kind == "demonym":
            span = self.syntax.phrase(token)
            if len(span) == 1 or span[0].pos_ in ("DET", "ADJ"):
                words = " ".join(t.text for t in span if t.pos_ != "DET")
                return [Referent(local_entity(self.digest, words, "Group", token.lemma_, token.text), "demonym", 0.8)]
        preposition, _ = self.syntax.preposition(token)
        stands_for = self.gazetteer.stands_for(naming.entity)
        if stands_for is not None and not (
            naming.entity.type in PLACE_TYPES and preposition in self.syntax.prepositions.whereabouts
        ):
            return [Referent(stands_for, "metonymy", 0.9 * naming.sure)]
        return [Referent(naming.entity, naming.kind, naming.sure)]

    def _title(self, token: Token) -> list[Referent]:
        """A title or description with a name beside it stands for whom the name names."""
        for child in token.children:
            if child.dep_ in self.syntax.labels.apposition and child.i > token.i:
                naming = self.namings.at(child.i)
                if naming is None or naming.kind == "adjective":
                    continue
                near = naming.start <= token.i + 1  # "die Stadt Goma", "Kolonialmacht Belgien"
                if feature(token, "Number") == "Plur":  # "die Küstenstaaten Benin, Togo und Ghana"
                    listed = [n for t in self._coordinated(child) if (n := self._naming(t)) is not None]
                    if len(listed) > 1:
                        return [Referent(n.entity, "title", n.sure) for n in listed]
                if naming.entity.type in ("Person", *ORGANISATION_TYPES) or near:
                    return [Referent(naming.entity, "title", naming.sure)]
        after = self.namings.at(token.i + 1) if token.i + 1 < len(self.syntax.doc) else None
        if (
            after is not None
            and after.start == token.i + 1
            and after.entity.type == "Person"
            and after.kind in ("name", "recognised")
            and nouns().is_title(token.lemma_)
        ):
            return [Referent(after.entity, "title", after.sure)]
        return []

    def _organ(self, token: Token, naming: Naming | None) -> list[Referent]:
        """An organ of a state stands for the state that its adjective, genitive or seat names."""
        if not nouns().is_organ(token.lemma_):
            return []
        if naming is not None and naming.kind == "compound":
            return self._stand_for(naming)
        for child in token.children:
            inner = self.namings.at(child.i)
            if inner is None:
                if child.tag_ == "PPOSAT":
                    owners = [r for r in self.possessor(child) if r.entity.type in ("State", "StateOrgan")]
                    if owners:
                        return [Referent(r.entity, "organ", r.sure * 0.9) for r in owners]
                continue
            preposition, _ = self.syntax.preposition(child)
            if preposition not in self.syntax.prepositions.belonging:
                continue
            entity = self.gazetteer.stands_for(inner.entity) or inner.entity
            if entity.type in ("State", "Territory", *ORGANISATION_TYPES):
                several = self._owning(child) if feature(token, "Number") == "Plur" else []
                return [Referent(e, "organ", 0.85 * inner.sure) for e in several or [entity]]
        return []

    def _owning(self, first: Token) -> list[Entity]:
        """The states of a list behind organs or offices ("die Staatschefs von Ägypten, Somalia und Eritrea")."""
        found = []
        for item in self._coordinated(first):
            naming = self._naming(item)
            if naming is not None:
                found.append(self.gazetteer.stands_for(naming.entity) or naming.entity)
        return found

    def _described(self, token: Token) -> list[Referent]:
        """A definite description without modifiers takes up the last entity of its class."""
        if token.lemma_ in nouns().counted:
            counted = self.anaphora.counted(token)
            if counted:
                return list(counted)
        kind = nouns().description(token.lemma_)
        is_neighbour = token.lemma_ in nouns().neighbours
        if (kind is None and not is_neighbour) or feature(token, "Number") == "Plur":
            return []
        children = [c for c in token.children if c.dep_ not in self.syntax.labels.case and not c.is_punct]
        definite = any(c.lower_ in pronouns().definite for c in children)
        contracted = any(c.tag_ == "APPRART" for c in token.children)
        possessive = next((c for c in children if c.tag_ == "PPOSAT"), None)
        if possessive is not None and kind == "State":
            homes = (self.anaphora.homeland(r.entity) for r in self.possessor(possessive))
            return [Referent(home, "description", 0.6) for home in homes if home is not None]
        if not (definite or contracted) or any(
            c.pos_ not in ("DET", "ADV", "PART") for c in children if c.i != token.i
        ):
            return []
        if is_neighbour:
            return list(self.anaphora.neighbour(token))
        classes = {"State": STATE_LIKE, "Organization": ORGANISATION_TYPES, "Person": frozenset({"Person"})}.get(
            kind or "", frozenset({"Region", "Territory"})
        )
        before = [n for n in self.anaphora.before(token) if n.entity.type in classes]
        if kind == "Person":
            before = [n for n in before if self._holds_office(n)]
        return [Referent(n.entity, "description", 0.7) for n in before[:1]]

    def _holds_office(self, naming: Naming) -> bool:
        """Whether a named person is known to hold or have held an office, or bears a title in the text."""
        if not naming.entity.local and self.gazetteer.offices(naming.entity):
            return True
        return self.anaphora.title_before(naming) is not None

    def _own_words(self, token: Token, naming: Naming | None) -> list[Referent]:
        if token.lemma_ in nouns().never or token.pos_ not in ("NOUN", "PROPN", "ADJ", "X", "NUM"):
            return []
        if token.pos_ in ("ADJ", "NUM") and not token.text[:1].isupper():
            return []
        span = self.syntax.phrase(token)
        words = " ".join(t.text for t in span if t.pos_ != "DET" and not t.is_punct) or token.text
        kind = (
            "Group" if nouns().is_people(token.lemma_) else "StateOrgan" if nouns().is_organ(token.lemma_) else "Thing"
        )
        if nouns().is_title(token.lemma_) and feature(token, "Number") != "Plur":
            kind = "Person"
        return [Referent(local_entity(self.digest, words, kind, token.text, token.lemma_), "words", 0.6)]
