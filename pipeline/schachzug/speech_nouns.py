"""Reported speech that a noun of saying introduces ("die Ansicht, dass …", "mit der Begründung, er habe …")."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Span, Token

from schachzug.clauses import closes_clause, said_after
from schachzug.cues import AttributionCues
from schachzug.modality import StanceReader
from schachzug.speech_parts import FEW, Speech, indirect
from schachzug.speech_speakers import Speakers
from schachzug.syntax import Syntax
from schachzug.tokens import is_finite_form, is_verb


class NounsOfSaying:
    """Finds speech by nouns of saying in one document."""

    def __init__(self, syntax: Syntax, stances: StanceReader, cues: AttributionCues, speakers: Speakers) -> None:
        self.syntax = syntax
        self.stances = stances
        self.cues = cues
        self.speakers = speakers

    def find(self, sentence: Span) -> Iterator[Speech]:
        """The speech in a sentence."""
        for noun in self.syntax.nouns_of(sentence):
            if not self.cues.takes_clause(noun.lemma_):
                continue
            preposition = self.syntax.preposition(noun)[0]
            if preposition in self.cues.source_prepositions or preposition in self.cues.not_owning:
                continue  # "nach Angaben von X" names a source of its own sentence; "unter Verdacht" is another's
            content = self._by_order(noun) or self._by_parse(noun)
            source = self.speakers.of_noun(noun)
            if source.speaker is not None and len(content) > FEW:
                yield indirect(sentence, content, source, self.stances.cues.clause_heads.get(noun.lemma_))

    def _by_order(self, noun: Token) -> set[int]:
        """The clause after the comma behind the noun's phrase, or behind the verb that follows it."""
        comma = next((t for t in noun.doc[noun.i + 1 : noun.sent.end] if t.text in (",", ":")), None)
        if comma is None:
            return set()
        edge = max(
            (c.right_edge for c in noun.children if noun.i < c.right_edge.i < comma.i),
            key=lambda t: t.i,
            default=noun,
        )
        if not closes_clause(edge, comma):
            return set()
        if any(is_finite_form(t) for t in noun.doc[noun.i + 1 : edge.i]):
            return set()
        fronted = not any(is_finite_form(t) for t in noun.doc[noun.sent.start : noun.i])
        resumes = is_finite_form if fronted else self.speakers.is_reporting
        return set(said_after(comma, self.cues.content_markers, True, False, resumes))

    def _by_parse(self, noun: Token) -> set[int]:
        labels = self.syntax.labels
        for child in noun.children:
            clause = child.dep_ in labels.complement_clause | labels.relative_clause and is_verb(child)
            if clause and child.i > noun.i and not any(t.tag_ in ("PRELS", "PRELAT") for t in child.subtree):
                return {t.i for t in child.subtree}
        return set()
