"""Who says so: the reported speech of a document, sentence by sentence.

Six ways are known: a reporting verb with a clause (`speech_verbs`) or as a tag (`speech_tags`), a noun of saying with a
clause (`speech_nouns`), a source named in passing (`speech_sources`), quotation marks (`speech_marks`), a
sentence whose speaker the next one names ("Das sagte X"), and a sentence in Konjunktiv I that goes on with the last
speaker's words (free indirect speech).
"""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Span

from schachzug.cues import attribution_cues
from schachzug.modality import StanceReader
from schachzug.quotation_marks import find_stretches
from schachzug.referents import Referents
from schachzug.speech_marks import QuotedSpeech
from schachzug.speech_nouns import NounsOfSaying
from schachzug.speech_parts import FEW, Source, Speech, indirect
from schachzug.speech_sources import NamedSources
from schachzug.speech_speakers import Speakers
from schachzug.speech_verbs import VerbsOfSaying
from schachzug.syntax import Syntax
from schachzug.tokens import is_finite_form
from schachzug.types import QuotationKind
from schachzug.verb_forms import mood

__all__ = ["Speech", "SpeechReader"]

_NEAR = 2  # sentences over which a speaker goes on speaking
_NOBODY = Source(None, (), None)


class SpeechReader:
    """Finds the reported speech of one document."""

    def __init__(self, syntax: Syntax, referents: Referents, stances: StanceReader) -> None:
        self.syntax = syntax
        cues = attribution_cues()
        self.stretches = stretches = find_stretches(syntax.doc, cues.quotation_pairs)
        speakers = Speakers(syntax, referents, cues)
        self.verbs = VerbsOfSaying(syntax, referents, stances, cues, speakers)
        self.nouns = NounsOfSaying(syntax, stances, cues, speakers)
        self.sources = NamedSources(syntax, referents, cues, stretches)
        self.marks = QuotedSpeech(syntax, referents, cues, stretches, speakers, self.sources)
        self._last = _NOBODY
        self._last_sentence = -_NEAR - 1

    def find(self, sentence: Span, number: int) -> list[Speech]:
        """The speech of a sentence; call with the sentences in order, since speech runs on."""
        found = [self._within_marks(s) for s in self.verbs.find(sentence)]
        for speech in self.nouns.find(sentence):
            same = [other for other in found if self._same(speech, other)]
            if all(other.speaker is None for other in same):
                found = [*(s for s in found if s not in same), speech]
        for speech in self.sources.find(sentence, self._last):
            if not any(self._same(speech, other) and speech.speaker == other.speaker for other in found):
                found.append(speech)
        recent = self._last if self._recent(number) else None
        runs_on = not found and self._goes_on(sentence, number)
        quoted = list(self.marks.find(sentence, found, recent, self._last if runs_on else None))
        found = [s for s in found if not any(self._is_quoted(s, q) for q in quoted)] + quoted
        if not found:
            found += self._from_next(sentence)
        if runs_on and not any(q.start <= sentence.root.i < q.end for q in quoted):
            tokens = frozenset(t.i for t in sentence)
            speakers, speaker = self._last.speakers, self._last.speaker
            kind = QuotationKind.FREE_INDIRECT
            found.append(Speech(sentence.start, sentence.end, tokens, kind, speakers, None, speaker=speaker))
        self._remember(found, number)
        return found

    def _within_marks(self, speech: Speech) -> Speech:
        """Speech whose cue stands between quotation marks ends where they end."""
        around = next((s for s in self.stretches if speech.cue is not None and s.holds(speech.cue.i)), None)
        if around is None:
            return speech
        tokens = frozenset(i for i in speech.tokens if around.holds(i))
        start, end = max(speech.start, around.start), min(speech.end, around.end)
        # All that is said may stand outside the marks, where a mark was never closed.
        return replace(speech, tokens=tokens, start=start, end=end) if tokens and start < end else speech

    def _remember(self, found: list[Speech], number: int) -> None:
        """Who speaks on: the last speaker who is not quoted by another."""
        outer = [s for s in found if not any(s.cue is not None and o.holds(s.cue) for o in found if o is not s)]
        for speech in outer or found:
            if speech.speakers:
                self._last = Source(speech.cue, speech.speakers, speech.speaker)
                self._last_sentence = number

    @staticmethod
    def _same(one: Speech, other: Speech) -> bool:
        return len(one.tokens & other.tokens) > 0.6 * max(len(one.tokens), 1)

    def _is_quoted(self, speech: Speech, quoted: Speech) -> bool:
        """Whether all that is reported stands between the marks, but for a word or two."""
        rest = [self.syntax.doc[i] for i in speech.tokens - quoted.tokens]
        words = [t for t in rest if not t.is_punct and not t.is_space]
        return self._same(speech, quoted) and len(words) <= FEW and not any(t.tag_.endswith("FIN") for t in words)

    def _recent(self, number: int) -> bool:
        return bool(self._last.speakers) and number - self._last_sentence <= _NEAR

    def _goes_on(self, sentence: Span, number: int) -> bool:
        if not self._recent(number):
            return False
        root = sentence.root
        finite = [t for t in (root, *root.children) if is_finite_form(t)]
        return any(mood(t) == "sub1" for t in finite)

    def _from_next(self, sentence: Span) -> list[Speech]:
        """A sentence whose speaker the next one names: "Das sagte X", "Dies teilte X mit"."""
        doc = sentence.doc
        if sentence.end >= len(doc):
            return []
        source = self.verbs.tags.points_back(doc[sentence.end].sent)
        if source is None or "\n" in doc[sentence.end - 1].text:
            return []
        return [indirect(sentence, {t.i for t in sentence}, source)]
