"""Frames: which lexicon entries fire in a sentence, and which tokens fill their roles.

Every content word is looked up; of the entries of one lemma the most specific that fits wins.
The result is neutral of who claims it and how surely: `attribution` and `modality` tell that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Span, Token

from schachzug.lexicon import Entry, Lexicon, Slot, bare_forms, is_compound, load_yaml, plain
from schachzug.nouns import nouns
from schachzug.positions import merged
from schachzug.referents import ACTOR_TYPES, PLACE_TYPES, Referent, Referents
from schachzug.resources import resource
from schachzug.senses import Senses
from schachzug.slots import Slots
from schachzug.subjects import Argument
from schachzug.syntax import Syntax
from schachzug.tokens import clause_of, feature, is_verb

# In these classes every party is an actor and no target is told apart.
ALL_ACTORS = frozenset({"Consultation", "Cooperation", "RelationImprovement", "RelationDeterioration"})
# Classes whose roles name actors only: a thing there ("die Entscheidung") fills no actor role.
_THINGS_MAY_ACT = frozenset({"Destabilization"})
_OPEN_CLASSES = frozenset({"NOUN", "PROPN", "ADJ", "ADV"})
_DESCRIBING = frozenset({"ADJA", "ADJD", "VVPP"})


@cache
def support_verbs() -> dict[str, frozenset[str]]:
    """The verbs whose subject does what a noun beside them names, by the noun's slot."""
    data = plain(load_yaml(resource("ontology", "lexicon", "de", "support-verbs.yaml")))
    return {slot: frozenset(verbs) for slot, verbs in data.items()}


@dataclass(frozen=True)
class Frame:
    """An entry that fired: its trigger, its fillers by role, and how sure the reading is (0..1).

    `arguments` are the trigger's, by slot; `rank` tells how far from the trigger the farthest filler was found.
    """

    entry: Entry
    trigger: Token
    roles: dict[str, tuple[Referent, ...]]
    confidence: float
    arguments: tuple[Argument, ...] = ()
    rank: int = 0

    def role(self, name: str) -> tuple[Referent, ...]:
        """The fillers of one role."""
        return self.roles.get(name, ())


class FrameFinder:
    """Finds the frames of one document."""

    def __init__(self, lexicon: Lexicon, syntax: Syntax, referents: Referents) -> None:
        self.lexicon = lexicon
        self.syntax = syntax
        self.referents = referents
        where = syntax.positions
        others = where.of("POS", _OPEN_CLASSES), where.of("TAG", _DESCRIBING)
        self._places = merged(where.verbs(), *others)  # where a word of the lexicon can stand
        self._evoked: dict[int, list[Senses]] = {}

    def find(self, sentence: Span) -> list[Frame]:
        """The frames of a sentence, in order of their triggers."""
        frames: list[Frame] = []
        for token in self.syntax.positions.within(sentence, self._places):
            for group in self._entries(token):
                frames += self._best(group, token)
        return self._distinct(frames)

    def evoked(self, sentence: Span) -> bool:
        """Whether any word of a sentence is a predicate of the lexicon, fired or not."""
        return any(self._entries(token) for token in self.syntax.positions.within(sentence, self._places))

    # --- lookup ----------------------------------------------------------------------------------

    def lemmas(self, token: Token) -> list[str]:
        """The verb lemmas that a token may have, with its separated particle."""
        particle = self.syntax.particle(token)
        if not particle:
            return list(dict.fromkeys((*self.lexicon.lemmas_of(token.lower_), token.lemma_)))
        joined = self.lexicon.lemmas_of(particle + token.lower_)
        bare = (*self.lexicon.lemmas_of(token.lower_), token.lemma_)
        return list(dict.fromkeys((*joined, *(x if x.startswith(particle) else particle + x for x in bare))))

    def _entries(self, token: Token) -> list[Senses]:
        """What the lexicon has for a token, by what it may be."""
        found = self._evoked.get(token.i)
        if found is None:
            found = self._evoked[token.i] = list(self._candidates(token))
        return found

    def _candidates(self, token: Token) -> Iterator[Senses]:
        if is_verb(token):
            for lemma in self.lemmas(token):
                entries = self.lexicon.verbs(lemma)
                if entries:
                    yield entries
                    break
        elif token.pos_ in ("NOUN", "PROPN"):
            for form in dict.fromkeys((token.lemma_, token.text)):
                nominal = self.lexicon.nouns(form)
                if nominal:
                    yield nominal
                    break
        if token.tag_ in _DESCRIBING or (token.pos_ in ("ADJ", "ADV") and not is_verb(token)):
            entries = self.lexicon.adjectives(token.lemma_, token.lower_)
            if entries:
                yield entries
            if not is_verb(token):
                for lemma in self._participle_of(token):
                    entries = self.lexicon.verbs(lemma)
                    if entries:
                        yield entries
                        break

    def _participle_of(self, token: Token) -> Iterable[str]:
        if feature(token, "Degree") == "Sup":
            return
        for stem in bare_forms(token.lower_):
            if len(stem) > 4:
                for lemma in self.lexicon.lemmas_of(stem):
                    if stem != lemma and (stem.endswith(("t", "en", "d"))):
                        yield lemma

    # --- choice ----------------------------------------------------------------------------------

    def _best(self, entries: Senses, token: Token) -> list[Frame]:
        slots = Slots(self.syntax, self.referents, token, self._arguments(entries[0], token))
        chosen: list[Frame] = []
        best = -1
        for entry in entries.possible(slots.words_at, is_compound):  # most requires first
            if chosen and not (entry.also or entry.only_negated) and len(entry.requires) <= best:
                continue
            frame = self._try(entry, token, slots)
            if frame is not None:
                chosen.append(frame)
                if not (entry.also or entry.only_negated):
                    best = max(best, len(entry.requires))
        return chosen

    def _arguments(self, entry: Entry, token: Token) -> tuple[Argument, ...]:
        if entry.pos == "verb" and not is_verb(token):
            return self._participle_arguments(token)
        return self.syntax.arguments(token)

    def _participle_arguments(self, token: Token) -> tuple[Argument, ...]:
        """A participle used as an adjective: its noun is the object (past) or the subject (present)."""
        present = _is_present_participle(token)
        found = []
        for argument in self.syntax.arguments(token):
            if argument.slot == "head":
                found.append(Argument("subj" if present else "obj", argument.token, argument.case, argument.rank))
            elif argument.slot != "subj":
                found.append(argument)
                if not present and argument.slot in self.syntax.prepositions.agents:
                    found.append(Argument("subj", argument.token, rank=argument.rank))
        return tuple(found)

    def _try(self, entry: Entry, token: Token, slots: Slots) -> Frame | None:
        if entry.reflexive and (is_verb(token) or _is_present_participle(token)) and not self._has_reflexive(token):
            return None
        for slot, words in entry.requires:
            if not slots.hold(slot, words):
                return None
        for slot, words in entry.excludes:
            if slots.hold(slot, words):
                return None
        roles: dict[str, tuple[Referent, ...]] = {}
        used: set[int] = set()
        rank = 0
        for role, places in entry.roles:
            found: dict[str, Referent] = {}
            for slot in places:
                if slot.fallback and found:
                    continue
                for argument in slots.at(slot):
                    if argument.token.i in used and role == "location":
                        continue
                    for referent in self._referents(argument, slot, role, entry):
                        found.setdefault(referent.entity.iri, referent)
                        rank = max(rank, argument.rank)
                    used.add(argument.token.i)
            if found:
                roles[role] = tuple(found.values())
        if entry.pos == "noun":
            self._borrow_actor(entry, token, roles)
        self._locate(entry, token, slots.arguments, roles)
        if not roles:
            return None
        sure = min((r.sure for referents in roles.values() for r in referents), default=0.5)
        base = 0.9 if entry.requires else 0.8
        return Frame(
            entry, token, roles, round(base * (0.6 + 0.4 * sure) * (1 - 0.08 * rank), 3), slots.arguments, rank
        )

    def _has_reflexive(self, verb: Token) -> bool:
        if self.syntax.is_reflexive(verb):
            return True
        clause = clause_of(verb)
        return any(t.tag_ == "PRF" and clause_of(t.head) == clause for t in verb.sent if abs(t.i - verb.i) < 25)

    def _borrow_actor(self, entry: Entry, noun: Token, roles: dict[str, tuple[Referent, ...]]) -> None:
        """The subject of a support verb does what its noun names ("Russland plant einen Angriff")."""
        symmetric = entry.type in ALL_ACTORS
        if roles.get("actor") and not symmetric:
            return
        governor = noun.head
        if governor == noun or not any(role == "actor" for role, _ in entry.roles):
            return
        slot = self.syntax.preposition(noun)[0] or "obj"
        if self._is_shared_event(entry, noun, slot):
            self._borrow(noun, governor, roles)
            return
        if noun.dep_ in self.syntax.labels.subject and not self.syntax.is_passive(governor):
            return
        if not any(lemma in support_verbs().get(slot, ()) for lemma in self.lemmas(governor)):
            return
        self._borrow(noun, governor, roles)

    def _is_shared_event(self, entry: Entry, noun: Token, slot: str) -> bool:
        """Whether the clause tells what somebody did at or after a meeting ("sagte nach einem Gespräch mit X")."""
        if entry.type not in ALL_ACTORS or slot not in support_verbs()["beside"] or not is_verb(noun.head):
            return False
        if self.syntax.is_passive(noun.head):
            return False
        return any(a.slot == "mit" for a in self.syntax.arguments(noun))

    def _borrow(self, noun: Token, governor: Token, roles: dict[str, tuple[Referent, ...]]) -> None:
        for argument in self.syntax.arguments(governor):
            if argument.slot == "subj" and argument.token.i != noun.i:
                found = [r for r in self.referents.of(argument.token) if self._may_act(r, argument.token)]
                known = {r.entity.iri: r for r in (*roles.get("actor", ()), *found)}
                targets = {r.entity.iri for r in roles.get("target", ())}
                actors = tuple(r for iri, r in known.items() if iri not in targets)
                if actors:
                    roles["actor"] = actors
                return

    # --- fillers ---------------------------------------------------------------------------------

    def _referents(self, argument: Argument, slot: Slot, role: str, entry: Entry) -> tuple[Referent, ...]:
        name = slot.steps[-1][0]
        if name == "comp":
            naming = self.referents.namings.at(argument.token.i)
            return () if naming is None else (self.referents.compounded(naming),)
        if name == "poss":
            return self.referents.possessor(argument.token)
        if name in ("dass", "inf"):
            subject = self.syntax.subject(argument.token)
            return self.referents.of(subject) if subject is not None else ()
        if role == "location":
            return self.referents.place(argument.token) or self.referents.of(argument.token)
        referents = self.referents.of(argument.token)
        if role == "actor" and entry.type not in _THINGS_MAY_ACT:
            standing = (self._as_state(r) for r in referents)
            is_subject = name == "subj" and entry.pos == "verb"
            if is_subject and referents and all(r.entity.type == "Thing" for r in referents):
                owners = self.referents.owners(argument.token)  # "Putins Vorstoß verstärkt seinen Einfluss"
                if owners:
                    return owners
            return tuple(r for r in standing if self._may_act(r, argument.token, is_subject))
        return referents

    def _as_state(self, referent: Referent) -> Referent:
        """A capital that acts is its state, whatever preposition it stands with ("Kritik aus Moskau")."""
        state = self.referents.gazetteer.stands_for(referent.entity)
        return referent if state is None else Referent(state, "metonymy", referent.sure * 0.9)

    def _may_act(self, referent: Referent, token: Token, is_subject: bool = False) -> bool:
        """Whether a referent can be an actor; the subject of a verb may be whatever is no event or quality."""
        entity = referent.entity
        if entity.type in ACTOR_TYPES or nouns().is_actor(token.lemma_):
            return True
        if is_subject and entity.local and token.pos_ == "NOUN":
            return not nouns().is_abstract(token.lemma_) and not self.lexicon.nouns(token.lemma_)
        # "von der Krim abgezogen": a place after a preposition is where, not who
        return not entity.local and not self.syntax.preposition(token)[0]

    def _locate(
        self, entry: Entry, token: Token, arguments: tuple[Argument, ...], roles: dict[str, tuple[Referent, ...]]
    ) -> None:
        """A place phrase of the clause is where it happens, unless it fills another role."""
        taken = {r.entity.iri for referents in roles.values() for r in referents}
        places = [a for a in arguments if a.slot in self.syntax.prepositions.places]
        if not is_verb(token) and is_verb(token.head) and entry.pos == "noun":
            places += [a for a in self.syntax.arguments(token.head) if a.slot == "in" and a.token.i != token.i]
        found = {r.entity.iri: r for r in roles.get("location", ())}
        for argument in places:
            if argument.slot == "aus" and entry.type != "Withdrawal":
                continue
            for referent in self.referents.place(argument.token):
                if referent.entity.iri not in taken and referent.entity.type in PLACE_TYPES:
                    found.setdefault(referent.entity.iri, referent)
        if found:
            roles["location"] = tuple(found.values())

    # --- clean-up --------------------------------------------------------------------------------

    @staticmethod
    def _distinct(frames: list[Frame]) -> list[Frame]:
        """One frame for one reading: a poorer frame of the same class in the same clause gives way."""
        kept: list[Frame] = []
        for frame in frames:
            mine = {role: {r.entity.iri for r in referents} for role, referents in frame.roles.items()}
            duplicate = False
            for other in list(kept):
                if other.entry.type != frame.entry.type:
                    continue
                theirs = {role: {r.entity.iri for r in referents} for role, referents in other.roles.items()}
                if mine == theirs and frame.entry.pos == "verb" and other.entry.pos != "verb":
                    kept.remove(other)  # "Sanktionen verhängen": the verb tells mood and negation
                    continue
                if all(mine[role] <= theirs.get(role, set()) for role in mine):
                    duplicate = True
                    break
                if all(theirs[role] <= mine.get(role, set()) for role in theirs):
                    kept.remove(other)
            if not duplicate:
                kept.append(frame)
        return kept


def _is_present_participle(token: Token) -> bool:
    return token.lower_.rstrip("enrsm").endswith("d")
