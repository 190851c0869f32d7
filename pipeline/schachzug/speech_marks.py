"""Direct speech: which words between quotation marks quote somebody, and whom.

Marks also name things ("der Film „…“") and distance the author from a word. Words that are no clause quote somebody
only where a verb of calling or something that is reported anyway has them, and they are no name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Span, Token

from schachzug.cues import AttributionCues
from schachzug.quotation_marks import Stretch
from schachzug.referents import Referents
from schachzug.speech_parts import Source, Speech
from schachzug.speech_sources import NamedSources
from schachzug.speech_speakers import Speakers
from schachzug.syntax import Syntax
from schachzug.tokens import is_verb
from schachzug.types import QuotationKind

_SHORT_QUOTE = 4  # tokens: below that, quotation marks name a thing or distance the author from a word without a cue
_NAME_TAGS = frozenset({"NN", "NE", "FM", "CARD", "XY", "TRUNC", "ART", "APPR", "APPRART"})


class QuotedSpeech:
    """Finds direct speech in one document; each quotation is attributed once, where it begins."""

    def __init__(
        self,
        syntax: Syntax,
        referents: Referents,
        cues: AttributionCues,
        stretches: Sequence[Stretch],
        speakers: Speakers,
        sources: NamedSources,
    ) -> None:
        self.syntax = syntax
        self.referents = referents
        self.cues = cues
        self.stretches = stretches
        self.speakers = speakers
        self.sources = sources
        self._quoted_by: dict[Stretch, Source | None] = {}

    def find(
        self, sentence: Span, reported: Sequence[Speech], recent: Source | None, running: Source | None
    ) -> Iterator[Speech]:
        """The direct speech in a sentence.

        Args:
            sentence: the sentence.
            reported: the speech without marks that was found in it.
            recent: who spoke last, if that is not too long ago.
            running: who goes on speaking in this sentence in the Konjunktiv.
        """
        for stretch in self.stretches:
            if stretch.end <= sentence.start or stretch.start >= sentence.end:
                continue
            if stretch not in self._quoted_by:
                self._quoted_by[stretch] = self._attribute(stretch, reported, recent, running)
            source = self._quoted_by[stretch]
            if source is None:
                continue
            tokens = frozenset(range(max(stretch.start, sentence.start), min(stretch.end, sentence.end)))
            kind, speakers = QuotationKind.DIRECT, source.speakers
            yield Speech(stretch.start, stretch.end, tokens, kind, speakers, source.cue, speaker=source.speaker)

    def _attribute(
        self, stretch: Stretch, reported: Sequence[Speech], recent: Source | None, running: Source | None
    ) -> Source | None:
        """The source of quoted words; None where the marks do not quote anybody."""
        doc = self.syntax.doc
        quoted = doc[stretch.start : stretch.end]
        clausal = len(quoted) >= _SHORT_QUOTE and any(is_verb(t) or t.pos_ == "AUX" for t in quoted)
        around = [s for s in reported if s.holds(quoted[0]) and s.cue is not None]
        if not clausal:
            if self._is_name(quoted):
                return None
            calling = self._caller(quoted)
            if calling is not None:
                return calling
            if around:
                inner = min(around, key=lambda s: len(s.tokens))
                return Source(inner.cue, inner.speakers, inner.speaker)
            if running is not None:
                return running
            if len(quoted) < _SHORT_QUOTE:
                return None
        source = self._nearest(stretch, clausal)
        if source is not None or not clausal:
            return source
        if recent is not None:
            return Source(None, recent.speakers, recent.speaker)
        return self._subject_beside(quoted[0].sent, stretch) if len(quoted) >= 2 * _SHORT_QUOTE else None

    def _is_name(self, quoted: Span) -> bool:
        """Whether quoted words name something: nouns and names alone, right after a noun or a preposition."""
        if not all(t.tag_ in _NAME_TAGS or t.text[:1].isupper() for t in quoted if not t.is_punct):
            return False
        before = quoted.doc[quoted.start - 2] if quoted.start >= 2 else None
        return before is None or before.tag_ in ("NN", "NE", "$(", "$,") or quoted[0].tag_ in ("NE", "FM", "XY")

    def _caller(self, quoted: Span) -> Source | None:
        """The subject of a verb of calling or judging that governs quoted words ("nannte sie „…“")."""
        for token in (quoted.root, *quoted.root.ancestors):
            if token.sent.start != quoted.root.sent.start or (token.i in range(quoted.start, quoted.end)):
                continue
            if is_verb(token):
                lemma = self.speakers.lemma(token)
                if lemma not in self.cues.quoting and lemma not in self.cues.reporting:
                    return None
                source = self.speakers.of_verb(token, lemma)
                return source if source.speaker is not None else None
        return None

    def _nearest(self, stretch: Stretch, clausal: bool) -> Source | None:
        """The source that the nearest cue in the sentences of a quotation names."""
        doc = self.syntax.doc
        first, last = doc[stretch.start].sent, doc[stretch.end - 1].sent
        near = [t for t in doc[first.start : last.end] if not any(s.holds(t.i) for s in self.stretches)]
        before = [t for t in doc[max(0, first.start - 3) : first.start] if not t.is_space]
        if clausal and any(t.text == ":" for t in before):
            near = [*(t for t in before[-1].sent if not any(s.holds(t.i) for s in self.stretches)), *near]
        near.sort(key=lambda t: min(abs(t.i - stretch.start), abs(t.i - stretch.end)))
        for token in near:
            source = self._named_beside(token, stretch)
            if source is not None:
                return source
        return None

    def _named_beside(self, token: Token, stretch: Stretch) -> Source | None:
        """The speaker that a token outside the marks tells of, if it is a cue."""
        if is_verb(token):
            lemma = self.speakers.lemma(token)
            if lemma in self.cues.reporting or lemma in self.cues.impersonal or lemma in self.cues.quoting:
                source = self.speakers.of_verb(token, lemma)
                if source.speaker is not None and not stretch.holds(source.speaker.i):
                    return source
        noun = self.sources.noun_of(token)
        if noun is not None and not stretch.holds(noun.i):
            return Source(token, self.sources.speakers(noun), noun)
        return None

    def _subject_beside(self, first: Span, stretch: Stretch) -> Source | None:
        """The subject of the sentence that the quotation interrupts or follows."""
        doc = self.syntax.doc
        sentences = [first] if first.start < stretch.start - 1 else []
        previous = next((t for t in reversed(doc[: first.start]) if not t.is_space), None)
        if previous is not None:
            sentences.append(previous.sent)
        for sentence in sentences:
            subjects = [
                self.syntax.subject(sentence.root),
                *(t for t in sentence if t.dep_ in self.syntax.labels.subject),
            ]
            for subject in subjects:
                if subject is not None and not stretch.holds(subject.i) and self.referents.is_actor(subject):
                    return Source(None, self.referents.of(subject), subject)
        return None
