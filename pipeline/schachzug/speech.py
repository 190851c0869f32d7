"""Who says so: the reported speech of a document, sentence by sentence.

Five ways are known: a reporting verb with a clause or a noun of saying (`speech_verbs`), a source named in passing
(`speech_sources`), quotation marks with a speaker nearby, and a sentence in Konjunktiv I that goes on with the last
speaker's words (free indirect speech).
"""

from __future__ import annotations

from spacy.tokens import Span, Token

from schachzug.cues import attribution_cues
from schachzug.modality import StanceReader
from schachzug.quotation_marks import Stretch, find_stretches
from schachzug.referents import Referents
from schachzug.speech_parts import Source, Speech
from schachzug.speech_sources import NamedSources
from schachzug.speech_verbs import VerbsOfSaying
from schachzug.syntax import Syntax, is_verb
from schachzug.types import QuotationKind
from schachzug.verb_forms import mood

__all__ = ["Speech", "SpeechReader"]

_SHORT_QUOTE = (
    4  # tokens: below that, quotation marks name a thing or distance the author from a word, unless a cue is near
)
_NEAR = 2  # sentences over which a speaker goes on speaking
_NOBODY = Source(None, (), None)


class SpeechReader:
    """Finds the reported speech of one document."""

    def __init__(self, syntax: Syntax, referents: Referents, stances: StanceReader) -> None:
        self.syntax = syntax
        self.referents = referents
        self.cues = attribution_cues()
        self.stretches = find_stretches(syntax.doc, self.cues.quotation_pairs)
        self.verbs = VerbsOfSaying(syntax, referents, stances, self.cues)
        self.sources = NamedSources(syntax, referents, self.cues, self.stretches)
        self._quoted_by: dict[Stretch, Source | None] = {}
        self._last = _NOBODY
        self._last_sentence = -_NEAR - 1

    def find(self, sentence: Span, number: int) -> list[Speech]:
        """The speech of a sentence; call with the sentences in order, since speech runs on."""
        found = list(self.verbs.find(sentence))
        for speech in self.sources.find(sentence, self._last):
            if not any(self._same(speech, other) for other in found):
                found.append(speech)
        quoted = self._by_marks(sentence, number)
        found = [s for s in found if not any(self._same(s, q) for q in quoted)] + quoted
        if not found and self._goes_on(sentence, number):
            tokens = frozenset(t.i for t in sentence)
            speakers, speaker = self._last.speakers, self._last.speaker
            kind = QuotationKind.FREE_INDIRECT
            found.append(Speech(sentence.start, sentence.end, tokens, kind, speakers, None, speaker=speaker))
        for speech in found:
            if speech.speakers:
                self._last = Source(speech.cue, speech.speakers, speech.speaker)
                self._last_sentence = number
        return found

    @staticmethod
    def _same(one: Speech, other: Speech) -> bool:
        return len(one.tokens & other.tokens) > 0.6 * max(len(one.tokens), 1)

    def _recent(self, number: int) -> bool:
        return bool(self._last.speakers) and number - self._last_sentence <= _NEAR

    def _goes_on(self, sentence: Span, number: int) -> bool:
        if not self._recent(number):
            return False
        root = sentence.root
        finite = [t for t in (root, *root.children) if t.tag_ in ("VVFIN", "VAFIN", "VMFIN")]
        return any(mood(t) == "sub1" for t in finite)

    # --- quotation marks -------------------------------------------------------------------------

    def _by_marks(self, sentence: Span, number: int) -> list[Speech]:
        found = []
        for stretch in self.stretches:
            if stretch.end <= sentence.start or stretch.start >= sentence.end:
                continue
            if stretch not in self._quoted_by:
                self._quoted_by[stretch] = self._attribute(stretch, number)
            source = self._quoted_by[stretch]
            if source is None:
                continue
            tokens = frozenset(range(max(stretch.start, sentence.start), min(stretch.end, sentence.end)))
            kind, speakers = QuotationKind.DIRECT, source.speakers
            found.append(Speech(stretch.start, stretch.end, tokens, kind, speakers, source.cue, speaker=source.speaker))
        return found

    def _attribute(self, stretch: Stretch, number: int) -> Source | None:
        """The source of quoted words; None where the marks do not quote anybody."""
        doc = self.syntax.doc
        length = stretch.end - stretch.start
        quoted = doc[stretch.start : stretch.end]
        clausal = length >= _SHORT_QUOTE and any(is_verb(t) or t.pos_ == "AUX" for t in quoted)
        first, last = quoted[0].sent, quoted[-1].sent
        near = [t for t in doc[first.start : last.end] if not stretch.holds(t.i)]
        before = doc[max(0, first.start - 2) : first.start]
        if clausal and any(t.text == ":" for t in before):
            near = [*before[-1].sent, *near]
        near.sort(key=lambda t: min(abs(t.i - stretch.start), abs(t.i - stretch.end)))
        for token in near:
            source = self._named_beside(token, stretch)
            if source is not None:
                return source
        if not clausal:
            return None
        if self._recent(number):
            return Source(None, self._last.speakers, self._last.speaker)
        return self._subject_beside(first, stretch) if length >= 2 * _SHORT_QUOTE else None

    def _named_beside(self, token: Token, stretch: Stretch) -> Source | None:
        """The speaker that a token outside the marks tells of, if it is a cue."""
        if is_verb(token):
            lemma = self.verbs.lemma(token)
            if lemma in self.cues.reporting or lemma in self.cues.impersonal or lemma in self.cues.quoting:
                source = self.verbs.source_of_verb(token, lemma)
                if source.speakers and source.speaker is not None and not stretch.holds(source.speaker.i):
                    return source
        noun = self.sources.noun_of(token)
        if noun is not None and not stretch.holds(noun.i):
            return Source(token, self.sources.speakers(noun), noun)
        return None

    def _subject_beside(self, first: Span, stretch: Stretch) -> Source | None:
        """The subject of the sentence that the quotation interrupts or follows."""
        doc = self.syntax.doc
        sentences = [first] if first.start < stretch.start - 1 else []
        if first.start > 0:
            sentences.append(doc[first.start - 1].sent)
        for sentence in sentences:
            subject = self.syntax.subject(sentence.root)
            if subject is not None and not stretch.holds(subject.i) and self.referents.is_actor(subject):
                return Source(None, self.referents.of(subject), subject)
        return None
