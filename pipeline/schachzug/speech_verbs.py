"""Reported speech that a verb introduces ("X sagte, …"); tags behind or within what is said stand in `speech_tags`.

The order of words decides where it can: a reporting verb, a comma, and a clause with "dass", an infinitive or the
Konjunktiv. The parse decides where what is said stands before the verb or has no comma of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Span, Token

from schachzug.clauses import finite_of, said_after
from schachzug.cues import AttributionCues
from schachzug.modality import StanceReader
from schachzug.referents import Referents
from schachzug.speech_parts import FEW, Speech, indirect
from schachzug.speech_speakers import Speakers
from schachzug.speech_tags import Tags
from schachzug.syntax import Syntax
from schachzug.tokens import is_finite_form, is_verb
from schachzug.types import Modality, QuotationKind
from schachzug.verb_forms import mood


class VerbsOfSaying:
    """Finds speech by verbs of saying in one document."""

    def __init__(
        self, syntax: Syntax, referents: Referents, stances: StanceReader, cues: AttributionCues, speakers: Speakers
    ) -> None:
        self.syntax = syntax
        self.referents = referents
        self.stances = stances
        self.cues = cues
        self.speakers = speakers
        self.tags = Tags(syntax, referents, cues, speakers)

    def find(self, sentence: Span) -> Iterator[Speech]:
        """The speech in a sentence."""
        told_by: set[Token | None] = set()
        for speech in self.tags.find(sentence):
            told_by.add(speech.cue)
            yield speech
        for verb in self.syntax.positions.within(sentence, self.syntax.positions.verbs()):
            if verb not in told_by:
                yield from self._by_verb(verb)

    # --- what follows the verb -------------------------------------------------------------------

    def _by_verb(self, verb: Token) -> Iterator[Speech]:
        lemma = self.speakers.lemma(verb)
        if lemma not in self.cues.reporting and lemma not in self.cues.impersonal and lemma not in self.cues.telling:
            return
        if self._in_brackets(verb):
            return  # "(X berichtete)" points to another text
        if lemma in self.cues.not_reflexive and self.syntax.is_reflexive(verb):
            return  # "sieht sich bedroht", "befindet sich"
        content = self._content(verb, lemma) if lemma not in self.cues.quoting else set()
        told = self._told(verb, lemma) if not content else set()
        if len(content or told) <= FEW:
            return
        source = self.speakers.of_verb(verb, lemma)
        impersonal = lemma in self.cues.impersonal or self.speakers.is_passive(verb)
        if source.speaker is None and not impersonal:
            return  # nobody is named who says it
        if told and source.speaker is not None and not self.referents.is_actor(source.speaker):
            return  # "die Gefahr geht von X aus"
        denied = lemma in self.cues.denying
        if not denied and self._is_negated(verb, content):
            return  # "sagte nicht, dass …": nobody says it
        modality = Modality.INTENDED if lemma in self.cues.demanding else None
        kind = QuotationKind.REPORTED if told else QuotationKind.INDIRECT
        yield indirect(verb.sent, content or told, source, modality, denied, kind)

    def _content(self, verb: Token, lemma: str) -> set[int]:
        """What is said, by the order of words and by the parse."""
        parsed = self._by_parse(verb, lemma)
        ordered = self._by_order(verb, lemma)
        if not parsed or max(parsed) < verb.i:
            return parsed or ordered
        if not ordered:
            between = verb.doc[verb.i + 1 : max(verb.i + 1, min(parsed))]
            nearer = any(is_verb(t) and t.head != verb and self.speakers.is_reporting(t) for t in between)
            return set() if nearer else parsed
        return parsed | ordered if verb.i < min(parsed) < min(ordered) else ordered

    def _is_negated(self, verb: Token, content: set[int]) -> bool:
        """Whether a negation outside of what is said denies that it is said."""
        negation = self.stances.cues
        words = (t.lower_ for t in verb.sent if t.i not in content)
        if not any(w in negation.negators or w.startswith(negation.negative_determiners) for w in words):
            return False
        return self.stances.of(verb).negated

    def _by_parse(self, verb: Token, lemma: str) -> set[int]:
        labels = self.syntax.labels
        found: set[int] = set()
        for child in verb.children:
            if child.dep_ not in labels.complement_clause | labels.open_clause | labels.parataxis:
                continue
            clausal = labels.copula | labels.auxiliary | labels.subject
            if not is_verb(child) and not any(c.dep_ in clausal for c in child.children):
                continue
            if child.dep_ in labels.open_clause and lemma not in self.cues.with_infinitive:
                continue
            if self._is_circumstance(child) or self._is_beside(child, verb):
                continue
            found |= {
                t.i for t in child.subtree if not t.is_punct or t.i not in (child.left_edge.i, child.right_edge.i)
            }
        inserted = is_finite_form(verb) and verb.i > verb.sent.start and verb.doc[verb.i - 1].is_punct
        if not found and inserted and verb.dep_ in labels.parataxis and is_verb(verb.head):
            found = {t.i for t in verb.head.subtree} - {t.i for t in verb.subtree}
        return found

    def _is_beside(self, clause: Token, verb: Token) -> bool:
        """Whether a verb has its object already, and a clause in the indicative beside it is another main clause."""
        if clause.dep_ in self.syntax.labels.open_clause or clause.i < verb.i:
            return False
        if mood(finite_of(clause)) in ("sub1", "sub2") or clause.left_edge.lower_ in self.cues.content_markers:
            return False
        if any(t.lower_ in self.cues.content_markers for t in clause.children):
            return False
        return self._object_in(verb.doc[verb.sent.start : clause.left_edge.i], verb)

    def _is_circumstance(self, clause: Token) -> bool:
        """A clause with another conjunction than "dass" or "ob" tells when or why, not what is said."""
        markers = [c.lower_ for c in clause.children if c.dep_ in self.syntax.labels.marker and c.tag_ != "PTKZU"]
        return bool(markers) and not any(marker in self.cues.content_markers for marker in markers)

    def _by_order(self, verb: Token, lemma: str) -> set[int]:
        """What follows a comma after a reporting verb."""
        if lemma in self.cues.quoting:
            return set()
        finite = finite_of(verb)
        start = min(verb.i, finite.i)
        infinitive = lemma in self.cues.with_infinitive
        for comma in verb.sent:
            if comma.i < verb.i:
                continue
            if comma.text not in (",", ":"):
                following = verb.doc[comma.i + 1].text if comma.i + 1 < len(verb.doc) else ""
                if following not in self.cues.complementizers:
                    continue
            between = verb.doc[start + 1 : comma.i]
            if any(is_finite_form(t) and t not in (verb, finite) for t in between):
                break  # another clause has begun
            bare = not any(t.text == "," for t in between) and not self._object_in(between, verb)
            said = said_after(comma, self.cues.content_markers, infinitive, bare, self.speakers.is_reporting)
            if said:
                return set(said)
        return set()

    def _object_in(self, between: Span, verb: Token) -> bool:
        """Whether a verb has a noun for its object among some tokens: then it needs no clause."""
        objects = {a.token.i for a in self.syntax.arguments(verb) if a.slot == "obj" and a.rank == 0}
        return any(t.i in objects and t.pos_ in ("NOUN", "PROPN") for t in between)

    def _told(self, verb: Token, lemma: str) -> set[int]:
        """What is told by a noun alone: "berichteten von Toten", "dementierte die Festnahme"."""
        for argument in self.syntax.arguments(verb):
            told = argument.slot == "obj" and lemma in self.cues.with_object
            told = told or (argument.slot in self.cues.tellers and lemma in self.cues.telling)
            if told and argument.rank == 0:
                return {t.i for t in argument.token.subtree}
        return set()

    @staticmethod
    def _in_brackets(token: Token) -> bool:
        """Whether a bracket opened before a token in its sentence is still open."""
        before = token.doc[token.sent.start : token.i]
        return sum(t.text == "(" for t in before) > sum(t.text == ")" for t in before)
