"""Reading: an article in, its sentences, mentions, quotations and claims out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan

from schachzug.authors import author_of
from schachzug.claims import LOCATED, claim_of, span_of
from schachzug.frame_features import frame_features, name_density
from schachzug.frames import Frame, FrameFinder
from schachzug.gazetteer import Gazetteer
from schachzug.judgement import Judgement, bundled_judgement
from schachzug.lexicon import Lexicon
from schachzug.mentions import find_namings
from schachzug.modality import Stance, StanceReader
from schachzug.offices import offices_of
from schachzug.referents import Referents
from schachzug.roles import ROLES, Judged, RoleReviser
from schachzug.speech import Speech, SpeechReader
from schachzug.syntax import Syntax
from schachzug.types import Article, Claim, Mention, Quotation, QuotationKind, Reading, Span


@dataclass
class Reader:
    """All that reading needs, loaded once: a parser, the lexicon, the gazetteer, the learned judgement.

    Without a judgement the rules alone decide, and confidences are rough.
    """

    nlp: Language
    lexicon: Lexicon
    gazetteer: Gazetteer
    scheme: str = "ud"
    judgement: Judgement | None = field(default_factory=bundled_judgement)

    def read(self, article: Article) -> Reading:
        """Read one article."""
        return self.read_doc(article, self.nlp(article.content))

    def read_many(self, articles: Iterable[Article], batch_size: int = 16) -> Iterator[Reading]:
        """Read articles in batches, in order."""
        pairs = ((article.content, article) for article in articles)
        for doc, article in self.nlp.pipe(pairs, as_tuples=True, batch_size=batch_size):
            yield self.read_doc(article, doc)

    def read_doc(self, article: Article, doc: Doc) -> Reading:
        """Read an article that is parsed already.

        Args:
            article: the article.
            doc: its content, parsed.
        """
        analysis = Analysis(self, article, doc)
        author = author_of(article)
        sentences: list[Span] = []
        claims: list[Claim] = []
        quotations: list[Quotation] = []
        silent: list[Span] = []
        for found in analysis.sentences():
            words = span_of(found.span)
            sentences.append(words)
            made = {n: _quotation(s, doc, words) for n, s in enumerate(found.speeches)}
            quotations += made.values()
            before = len(claims)
            for weighed in found.frames:
                if not analysis.believes(weighed):
                    continue
                frame, stance = weighed.frame, weighed.stance
                claim = claim_of(frame, stance, found.speeches, made, author, words, article.issued)
                if claim is not None:
                    claims.append(replace(claim, confidence=weighed.confidence))
            if len(claims) == before and found.evoked:
                silent.append(words)
        mentions = tuple(
            Mention(_characters(doc, n.start, n.end), n.entity, n.kind, n.sure) for n in analysis.namings.all
        )
        return Reading(
            article,
            tuple(sentences),
            mentions,
            tuple(dict.fromkeys(quotations)),
            tuple(dict.fromkeys(claims)),
            tuple(silent),
        )


@dataclass(frozen=True)
class Weighed:
    """A frame with its stance, the features it is judged by, and the belief that it is right."""

    frame: Frame
    stance: Stance
    judged: tuple[Judged, ...]
    features: tuple[str, ...]
    confidence: float


@dataclass(frozen=True)
class ReadSentence:
    """What was found in one sentence. `evoked` tells whether any word of it is in the lexicon."""

    span: DocSpan
    speeches: list[Speech]
    frames: tuple[Weighed, ...]
    evoked: bool


class Analysis:
    """The steps from a parsed document to weighed frames."""

    def __init__(self, reader: Reader, article: Article, doc: Doc) -> None:
        self.doc = doc
        self.judgement = reader.judgement
        self.syntax = Syntax(doc, reader.scheme)
        self.namings = find_namings(doc, reader.gazetteer, article.digest)
        known = sum(not naming.entity.local for naming in self.namings.all)
        self.density = name_density(known, len(self.syntax.sentences))
        self.referents = Referents(self.syntax, self.namings, reader.gazetteer, article.digest)
        self.stances = StanceReader(self.syntax)
        self.speech = SpeechReader(self.syntax, self.referents, self.stances)
        self.finder = FrameFinder(reader.lexicon, self.syntax, self.referents)
        self.reviser = RoleReviser(self.syntax, self.referents, reader.judgement)

    def sentences(self) -> Iterator[ReadSentence]:
        """The sentences in order, since speech runs on from one to the next."""
        for number, sentence in enumerate(self.syntax.sentences):
            span = _trim(sentence)
            speeches = self.speech.find(sentence, number)
            frames = self.finder.find(sentence)
            frames += offices_of(sentence, self.syntax, self.referents)
            weighed = tuple(self._weigh(frames, speeches, span, number)) if frames else ()
            yield ReadSentence(span, speeches, weighed, bool(frames) or self.finder.evoked(sentence))

    def _weigh(self, frames: list[Frame], speeches: list[Speech], span: DocSpan, number: int) -> Iterator[Weighed]:
        found = self.reviser.candidates(span)
        judged = [self.reviser.judge(frame, found) for frame in frames]
        revised = [self.reviser.revise(frame, beliefs) for frame, beliefs in zip(frames, judged, strict=True)]
        for frame, beliefs in zip(revised, judged, strict=True):
            inside = [speech for speech in speeches if speech.holds(frame.trigger)]
            quoted = bool(inside)
            stance = self.stances.of(frame.trigger, any(s.kind is not QuotationKind.DIRECT for s in inside))
            if frame.entry.only_negated:
                if not stance.negated:
                    continue
                stance = replace(stance, negated=False)
            features = tuple(frame_features(frame, stance, span, number, beliefs, revised, quoted, self.density))
            confidence = frame.confidence
            if self.judgement is not None:
                confidence = self.judgement.frames.probabilities(features)["right"]
            yield Weighed(frame, stance, tuple(beliefs), features, round(confidence, 3))

    def believes(self, weighed: Weighed) -> bool:
        """Whether a frame is sure enough to become a claim."""
        frame = weighed.frame
        needed = ROLES if frame.entry.type in LOCATED else ("actor", "target")
        if not any(frame.role(role) for role in needed):
            return False
        if self.judgement is None:
            return True
        limits = self.judgement.claim_at
        return weighed.confidence >= limits.get(weighed.frame.entry.type, limits["*"])


def _trim(sentence: DocSpan) -> DocSpan:
    """A span without the white space at its ends."""
    start, end = sentence.start, sentence.end
    while start < end - 1 and sentence.doc[start].is_space:
        start += 1
    while end - 1 > start and sentence.doc[end - 1].is_space:
        end -= 1
    return sentence.doc[start:end]


def _characters(doc: Doc, start: int, end: int) -> Span:
    span = doc[start:end]
    return Span(span.start_char, span.end_char, span.text)


def _quotation(speech: Speech, doc: Doc, sentence: Span) -> Quotation:
    span = _trim(doc[speech.start : speech.end])
    speaker = speech.speakers[0].entity if speech.speakers else None
    first = span[0].sent
    if first.start_char < sentence.begin:  # words that began in an earlier sentence are the same quotation
        sentence = span_of(_trim(first))
    named = _speaker_words(speech, doc) if speech.speaker is not None else None
    cue = speech.cue.text if speech.cue is not None else ""
    return Quotation(span_of(span), speech.kind, speaker, cue, sentence, named)


def _speaker_words(speech: Speech, doc: Doc) -> Span | None:
    """The words that name the speaker: the noun with what depends on it, up to the cue and without what is said."""
    noun = speech.speaker
    if noun is None:
        return None
    outside = [t for t in noun.subtree if not t.is_punct and t != speech.cue and not speech.start <= t.i < speech.end]
    near = [t.i for t in outside if t.sent.start == noun.sent.start] or [noun.i]
    return _characters(doc, min(near), max(near) + 1)
