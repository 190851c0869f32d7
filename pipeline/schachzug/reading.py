"""Reading: an article in, its sentences, mentions, quotations and claims out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan

from schachzug.authors import author_of
from schachzug.claims import claim_of, span_of
from schachzug.frames import FrameFinder
from schachzug.gazetteer import Gazetteer
from schachzug.lexicon import Lexicon
from schachzug.mentions import find_namings
from schachzug.modality import StanceReader
from schachzug.offices import offices_of
from schachzug.referents import Referents
from schachzug.speech import Speech, SpeechReader
from schachzug.syntax import Syntax
from schachzug.types import Article, Claim, Mention, Quotation, Reading, Span


@dataclass
class Reader:
    """All that reading needs, loaded once: a parser, the lexicon, the gazetteer."""

    nlp: Language
    lexicon: Lexicon
    gazetteer: Gazetteer
    scheme: str = "ud"

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
        syntax = Syntax(doc, self.scheme)
        namings = find_namings(doc, self.gazetteer, article.digest)
        referents = Referents(syntax, namings, self.gazetteer, article.digest)
        stances = StanceReader(syntax)
        speech = SpeechReader(syntax, referents, stances)
        frames = FrameFinder(self.lexicon, syntax, referents)
        author = author_of(article)
        sentences: list[Span] = []
        claims: list[Claim] = []
        quotations: list[Quotation] = []
        silent: list[Span] = []
        for number, sentence in enumerate(doc.sents):
            if not sentence.text.strip():
                continue
            stripped = _trim(sentence)
            sentences.append(span_of(stripped))
            speeches = speech.find(sentence, number)
            made = {n: _quotation(s, doc, span_of(stripped)) for n, s in enumerate(speeches)}
            quotations += made.values()
            found = frames.find(sentence)
            found += offices_of(sentence, syntax, referents)
            before = len(claims)
            for frame in found:
                claim = claim_of(frame, stances.of(frame.trigger), speeches, made, author, stripped, article.issued)
                if claim is not None:
                    claims.append(claim)
            if len(claims) == before and frames.evoked(sentence):
                silent.append(span_of(stripped))
        mentions = tuple(
            Mention(_characters(doc, n.start, n.end), n.entity, n.kind, n.sure) for n in namings.all
        )
        return Reading(
            article, tuple(sentences), mentions, tuple(dict.fromkeys(quotations)), tuple(dict.fromkeys(claims)), tuple(silent)
        )


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
    return Quotation(span_of(span), speech.kind, speaker, speech.cue.text if speech.cue is not None else "", sentence)
