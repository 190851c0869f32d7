"""Tags that tell who said what stands beside them: "wie X mitteilte", "…, sagte X", "…, hieß es", "Das sagte X".

What is said is the rest of the sentence, or the sentence before; the order of words alone decides.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Span, Token

from schachzug.clauses import has_main_clause, is_open
from schachzug.cues import AttributionCues
from schachzug.referents import Referents
from schachzug.speech_parts import FEW, Source, Speech, indirect
from schachzug.speech_speakers import Speakers
from schachzug.syntax import Syntax
from schachzug.tokens import is_finite_form
from schachzug.verb_forms import mood

_LONGEST_INVERSION = 16  # tokens from an inverted reporting verb to the end of its subject
_MOST_APPOSITIONS = 4  # commas inside "wie X, der Y von Z, mitteilte"


class Tags:
    """Finds tags of speech in one document."""

    def __init__(self, syntax: Syntax, referents: Referents, cues: AttributionCues, speakers: Speakers) -> None:
        self.syntax = syntax
        self.referents = referents
        self.cues = cues
        self.speakers = speakers
        self._as = syntax.positions.of("LOWER", frozenset({cues.as_}))
        self._commas = syntax.positions.of("ORTH", frozenset({","}))

    def find(self, sentence: Span) -> Iterator[Speech]:
        """The speech in a sentence that a tag beside it tells of."""
        yield from self._by_as_clause(sentence)
        yield from self._by_inversion(sentence)

    # --- "wie X mitteilte" -----------------------------------------------------------------------

    def _by_as_clause(self, sentence: Span) -> Iterator[Speech]:
        """ "Wie X mitteilte, …" and "…, wie X berichtet, …": the rest of the sentence is said."""
        doc = sentence.doc
        for token in self.syntax.positions.within(sentence, self._as):
            if token.i > sentence.start and doc[token.i - 1].text != ",":
                continue
            if any(t.lower_ == self.cues.so and doc[t.i + 1].tag_ == "ADJD" for t in doc[sentence.start : token.i]):
                continue  # "so eng, wie es heißt" compares
            found = self._as_clause(token)
            if found is None:
                continue
            verb, end = found
            clause = doc[token.i : end]
            subject = next((t for t in clause[1:] if t.pos_ in ("NOUN", "PROPN", "PRON") and t.tag_ != "PRF"), None)
            named = self.speakers.of_verb(verb, self.speakers.lemma(verb))
            if named.speaker is not None and token.i < named.speaker.i < end:
                subject = named.speaker
            if subject is None:
                continue
            source = Source(verb, self.referents.of(subject), subject)
            if self.cues.is_noun_of_saying(subject.lemma_):
                source = self.speakers.of_noun(subject)
            last = end if end < sentence.end and doc[end].text == "," else sentence.end
            content = {t.i for t in sentence if t.i < token.i or t.i > last}
            if len(content) > FEW:
                yield indirect(sentence, content, Source(verb, source.speakers, source.speaker))

    def _as_clause(self, opening: Token) -> tuple[Token, int] | None:
        """The reporting verb that closes a clause with "wie", and where the clause ends; appositions may interrupt."""
        ends = [t.i for t in opening.sent if t.i > opening.i and t.text in (",", ".", "!", ";", ":")]
        for end in (ends or [opening.sent.end])[: _MOST_APPOSITIONS + 1]:
            clause = opening.doc[opening.i : end]
            verb = next((t for t in reversed(clause) if self.speakers.is_reporting(t)), None)
            if verb is not None:
                return verb, end
            if any(is_finite_form(t) for t in clause[-2:]):
                return None  # another verb closes it
        return None

    # --- "…, sagte X" ----------------------------------------------------------------------------

    def _by_inversion(self, sentence: Span) -> Iterator[Speech]:
        """ "…, sagte X" and "…, meinen Experten": what stands before is said, and what follows in the Konjunktiv."""
        doc = sentence.doc
        for comma in self.syntax.positions.within(sentence, self._commas):
            if not sentence.start + FEW <= comma.i < sentence.end - 1:
                continue
            token = doc[comma.i + 1]
            impersonal = (
                self.speakers.lemma(token) in self.cues.impersonal
                and doc[token.i + 1 : token.i + 2].text in self.cues.nobody
            )
            before = doc[sentence.start : token.i - 1]
            passive = self._passive_tag(token, before)
            if not impersonal and passive is None and not self.speakers.is_reporting(token):
                continue
            if not self._is_said(before):
                continue  # only a fronted phrase or subordinate clause stands before the verb
            if self.speakers.lemma(token) in self.cues.not_reflexive and self.syntax.is_reflexive(token):
                continue
            end = next((t.i for t in sentence if t.i > token.i and t.text in (",", ".", "!", "?", ":")), sentence.end)
            if end - token.i > _LONGEST_INVERSION:
                continue
            if passive is not None:
                source: Source | None = Source(passive, (), None)
            else:
                source = self._mouth(token, end) if impersonal else self._inverted(token, end)
            if source is None:
                continue
            yield indirect(sentence, {t.i for t in before}, source)
            rest = doc[end + 1 : sentence.end] if end < sentence.end else doc[0:0]
            if any(mood(t) in ("sub1", "sub2") for t in rest) or (rest and rest[0].lower_ in self.cues.content_markers):
                yield indirect(sentence, {t.i for t in rest}, source)

    def _passive_tag(self, token: Token, before: Span) -> Token | None:
        """The participle of "…, wird vermutet" after something in the Konjunktiv."""
        if token.tag_ != "VAFIN" or token.lemma_ not in self.cues.passive_auxiliaries:
            return None
        last = [t for t in token.sent if not t.is_punct and not t.is_space][-1]
        close = last.tag_ == "VVPP" and last.i - token.i <= FEW and self.speakers.is_reporting(last)
        return last if close and any(mood(t) in ("sub1", "sub2") for t in before) else None

    def _is_said(self, before: Span) -> bool:
        """Whether what stands before an inverted verb is a whole clause, or words between quotation marks."""
        if before[0].lower_ in self.cues.content_markers:
            return True
        if has_main_clause(list(before)) and not is_open(list(before)):
            return True
        return before[-1].text in self.cues.quotation_pairs

    def _mouth(self, verb: Token, end: int) -> Source:
        """Where "hieß es" comes from: "aus dem Ministerium", "vom Sprecher"; nobody where that is not told."""
        for token in verb.doc[verb.i + 1 : end]:
            if token.pos_ in ("NOUN", "PROPN") and self.syntax.preposition(token)[0] in self.cues.impersonal_sources:
                return Source(verb, self.referents.of(token), token)
        return Source(verb, (), None)

    def _inverted(self, verb: Token, end: int) -> Source | None:
        """The speaker after an inverted verb."""
        doc = verb.doc
        named = self.speakers.of_verb(verb, self.speakers.lemma(verb))
        if named.speaker is not None and verb.i < named.speaker.i < end:
            spoken = named.speaker.pos_ in ("PROPN", "PRON") or self.referents.is_actor(named.speaker)
            return named if spoken or self.cues.is_text(named.speaker.lemma_) else None
        for token in doc[verb.i + 1 : end]:
            if token.pos_ in ("NOUN", "PROPN", "PRON") and token.tag_ not in ("PRF", "PRELS"):
                if (
                    self.speakers.opened_by_preposition(token)
                    or token.lower_ in self.syntax.prepositions.no_nominatives.dative
                ):
                    continue
                if token.pos_ == "NOUN" and not self.referents.is_actor(token) and not self.cues.is_text(token.lemma_):
                    return None
                return Source(verb, self.speakers.named(token), token)
        return None

    # --- "Das sagte X" ---------------------------------------------------------------------------

    def points_back(self, sentence: Span) -> Source | None:
        """The source of a sentence that says who said the one before: "Dies teilte X mit", "So berichtet es X"."""
        if len(sentence) < 1 + FEW or sentence[0].lower_ not in self.cues.pointing_back:
            return None
        finite = sentence[1]
        if not is_finite_form(finite):
            return None
        words = [t for t in sentence if not t.is_punct and not t.is_space]
        verb = finite
        if finite.tag_ == "VAFIN":
            verb = words[-1]
        lemma = self.speakers.lemma(verb)
        if lemma not in self.cues.reporting or lemma in self.cues.quoting:
            return None
        if any(t.text == ":" or t.lower_ in self.cues.content_markers for t in sentence):
            return None
        speaker = self._after(finite, sentence)
        return Source(verb, self.referents.of(speaker), speaker) if speaker is not None else None

    def _after(self, finite: Token, sentence: Span) -> Token | None:
        """The first noun phrase without a preposition after a finite verb."""
        for token in sentence.doc[finite.i + 1 : sentence.end]:
            if token.is_punct:
                return None
            if token.pos_ in ("NOUN", "PROPN") or token.tag_ == "PPER":
                if self.syntax.preposition(token)[0]:
                    continue
                return token
        return None
