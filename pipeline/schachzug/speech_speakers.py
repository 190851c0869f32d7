"""Who speaks: the subject of a verb of saying, the owner of a noun of saying.

The parse decides where it fits the order of words; where its subject cannot be one, the noun phrase before or right
after the finite verb is the speaker.
"""

from __future__ import annotations

from spacy.tokens import Token

from schachzug.clauses import finite_of
from schachzug.cues import AttributionCues
from schachzug.referents import Referent, Referents
from schachzug.speech_parts import Source, segment
from schachzug.syntax import Syntax
from schachzug.tokens import clause_of, is_finite_form, is_verb

_PRONOUNS = frozenset({"PPER", "PDS", "PRELS", "PIS"})
_FAR = 10  # tokens after an inverted verb in which its subject begins


class Speakers:
    """Finds the speakers of one document."""

    def __init__(self, syntax: Syntax, referents: Referents, cues: AttributionCues) -> None:
        self.syntax = syntax
        self.referents = referents
        self.cues = cues
        self._lemmas: dict[int, str] = {}

    def lemma(self, verb: Token) -> str:
        """The lemma of a verb with its separated particle; a reporting verb's where the form is one's."""
        found = self._lemmas.get(verb.i)
        if found is None:
            found = self._lemmas[verb.i] = self._lemma(verb)
        return found

    def _lemma(self, verb: Token) -> str:
        particle = self.syntax.particle(verb)
        for known in self.cues.lemmas_of(particle + verb.lower_):
            if known in self.cues.reporting:
                return known
        lemma = str(verb.lemma_)
        return particle + lemma if particle and not lemma.startswith(particle) else lemma

    def is_reporting(self, token: Token) -> bool:
        """Whether a token's form is one of a reporting verb, whatever the tagger made of it."""
        if token.tag_ not in ("VVFIN", "VVPP", "PPOSAT", "VVINF"):
            return False
        lemma = self.lemma(token)
        return lemma in self.cues.reporting or lemma in self.cues.as_verbs

    def is_passive(self, verb: Token) -> bool:
        """Whether a verb form is passive; a participle with "haben" never is."""
        return self.syntax.is_passive(verb) and finite_of(verb).lemma_ not in self.cues.active_auxiliaries

    def of_verb(self, verb: Token, lemma: str) -> Source:
        """The speaker by a verb of saying: its subject; of "es heißt", the paper or mouth it is in."""
        passive = self.is_passive(verb)
        wanted = "obj" if lemma in self.cues.citing else "subj"
        arguments = self.syntax.arguments(verb)
        for argument in arguments:
            if argument.slot != wanted or not self._can_speak(argument.token, verb):
                continue
            return Source(verb, self.named(argument.token), argument.token)
        if lemma in self.cues.reporting and not passive:
            subject = self.subject_by_order(verb)
            if subject is not None:
                return Source(verb, self.referents.of(subject), subject)
        if lemma in self.cues.impersonal or passive:
            for argument in arguments:
                if argument.slot in self.cues.impersonal_sources and argument.rank == 0:
                    return Source(verb, self.referents.of(argument.token), argument.token)
        return Source(verb, (), None)

    def _can_speak(self, token: Token, verb: Token) -> bool:
        """Whether an argument can name the speaker: no empty word, no phrase with a preposition, no part of a list."""
        if token.lower_ in self.cues.nobody or (token.pos_ in ("DET", "ADJ") and token.tag_ not in _PRONOUNS):
            return False
        if self.opened_by_preposition(token):
            return False  # the parse took a phrase for the subject
        finite = finite_of(verb)
        later = max(finite.i, verb.i)
        if token.i > later and token.sent.start == verb.sent.start:
            closing = (",", ":", *self.cues.quotation_pairs)
            closed = next((t for t in verb.doc[later + 1 : token.i] if t.text in closing), None)
            return closed is None
        return True

    def named(self, token: Token) -> tuple[Referent, ...]:
        """Whom a speaker's word stands for; a relative pronoun that the parse hung elsewhere, the noun before it."""
        found = self.referents.of(token)
        if found or not self.syntax.is_relative(token):
            return found
        for before in reversed(token.doc[token.sent.start : token.i]):
            if before.pos_ in ("NOUN", "PROPN"):
                return self.referents.of(before)
            if is_verb(before):
                continue
        return ()

    def opened_by_preposition(self, noun: Token) -> bool:
        """Whether a preposition opens a noun's phrase; one inside a name ("von der Leyen") does not."""
        marker = next((c for c in noun.children if c.dep_ in self.syntax.labels.case), None)
        if marker is None:
            return False
        naming = self.referents.namings.at(noun.i)
        return naming is None or naming.start > marker.i

    def subject_by_order(self, verb: Token) -> Token | None:
        """The noun phrase before a finite verb, or behind it, that no preposition opens."""
        finite = finite_of(verb)
        if not is_finite_form(finite):
            return None
        before = verb.doc[segment(finite).start : finite.i]
        if any(t.is_punct for t in before) and not any(is_finite_form(t) for t in before):
            first = next((t for t in before if t.pos_ in ("NOUN", "PROPN")), None)  # one phrase with appositions
            if first is not None and not self._in_phrase(first) and self.referents.is_actor(first):
                return first
        for token in reversed(before):
            if token.is_punct:
                break
            if token.pos_ in ("NOUN", "PROPN") and not self._in_phrase(token):
                if token.pos_ == "PROPN" or self.referents.is_actor(token):
                    return token
                break
        for token in verb.doc[finite.i + 1 : min(finite.i + _FAR, finite.sent.end)]:
            if token.is_punct:
                break
            if token.pos_ in ("NOUN", "PROPN") and not self._in_phrase(token):
                return token if self.referents.is_actor(token) else None
            if token.tag_ == "PPER":
                return token
        return None

    def _in_phrase(self, noun: Token) -> bool:
        """Whether a noun stands in a prepositional or genitive phrase."""
        labels = self.syntax.labels
        return self.opened_by_preposition(noun) or (noun.dep_ in labels.noun_modifier and noun.head.i < noun.i)

    def of_noun(self, noun: Token) -> Source:
        """Whom a noun of saying belongs to: its genitive or possessive, else the subject of its verb."""
        for argument in self.syntax.arguments(noun):
            if argument.slot == "of":
                return Source(noun, self.referents.of(argument.token), argument.token)
            if argument.slot == "poss":
                return Source(noun, self.referents.possessor(argument.token), argument.token)
        clause = clause_of(noun)
        subject = self.syntax.subject(clause) or self.syntax.subject(finite_of(clause))
        if subject is not None and subject.i != noun.i and self.referents.is_actor(subject):
            return Source(noun, self.referents.of(subject), subject)
        return Source(noun, (), None)
