"""Who says so: stretches of reported speech, their speakers, and what the cue does to their content.

Four ways are known: a reporting verb with a clause ("X sagte, …"), a source phrase ("laut X",
"X zufolge", "so X"), quotation marks with a speaker nearby, and a sentence in Konjunktiv I that
goes on with the last speaker's words (free indirect speech).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Span, Token

from schachzug.cues import attribution_cues
from schachzug.modality import StanceReader
from schachzug.referents import Referent, Referents
from schachzug.syntax import Syntax, clause_of, is_verb
from schachzug.types import Modality, QuotationKind
from schachzug.verbforms import mood

_SHORT_QUOTE = 3  # tokens: below that, quotation marks name a thing or distance the author from a word


@dataclass(frozen=True)
class Speech:
    """Tokens that somebody says. `cue` is the word that introduces them (None where speech just goes on)."""

    start: int
    end: int
    tokens: frozenset[int]
    kind: QuotationKind
    speakers: tuple[Referent, ...]
    cue: Token | None
    modality: Modality | None = None
    negated: bool = False
    depth: int = 0

    def holds(self, token: Token) -> bool:
        """Whether a token is part of what is said."""
        return token.i in self.tokens


class SpeechReader:
    """Finds the reported speech of one document, sentence by sentence."""

    def __init__(self, syntax: Syntax, referents: Referents, stances: StanceReader) -> None:
        self.syntax = syntax
        self.referents = referents
        self.stances = stances
        self.cues = attribution_cues()
        self._last: tuple[Referent, ...] = ()
        self._last_sentence = -2
        self._open_quote: tuple[Referent, ...] | None = None

    def find(self, sentence: Span, number: int) -> list[Speech]:
        """The speech of a sentence; call with the sentences in order, since speech runs on."""
        found = list(self._by_verb(sentence))
        found += self._by_source(sentence)
        quoted = self._by_marks(sentence, found, number)
        found = [replace(s, kind=QuotationKind.DIRECT) if any(self._same(s, q) for q in quoted) else s for s in found]
        found += [q for q in quoted if not any(self._same(s, q) for s in found)]
        if not found and number - self._last_sentence <= 2 and self._last and self._goes_on(sentence):
            tokens = frozenset(t.i for t in sentence)
            found.append(Speech(sentence.start, sentence.end, tokens, QuotationKind.FREE_INDIRECT, self._last, None))
        for speech in found:
            if speech.speakers:
                self._last, self._last_sentence = speech.speakers, number
        return found

    @staticmethod
    def _same(one: Speech, other: Speech) -> bool:
        return len(one.tokens & other.tokens) > 0.6 * len(other.tokens)

    # --- reporting verbs -------------------------------------------------------------------------

    def lemma(self, verb: Token) -> str:
        """The lemma of a reporting verb with its separated particle."""
        particle = self.syntax.particle(verb)
        return particle + verb.lemma_ if particle and not verb.lemma_.startswith(particle) else verb.lemma_

    def _by_verb(self, sentence: Span) -> Iterator[Speech]:
        for verb in sentence:
            if not is_verb(verb):
                continue
            lemma = self.lemma(verb)
            if lemma not in self.cues.reporting:
                continue
            content = self._content(verb)
            if not content:
                continue
            speakers = self._speakers(verb)
            infinitive = lemma in self.cues.demanding
            stance = self.stances.of(verb)
            denied = lemma in self.cues.denying
            if stance.negated and not denied:
                continue  # "sagte nicht, dass …": nobody says it
            yield Speech(
                min(content),
                max(content) + 1,
                frozenset(content),
                QuotationKind.INDIRECT,
                speakers,
                verb,
                Modality.INTENDED if infinitive else None,
                denied,
                sum(1 for _ in verb.ancestors),
            )

    def _content(self, verb: Token) -> set[int]:
        labels = self.syntax.labels
        for child in verb.children:
            if child.dep_ in labels.complement_clause | labels.open_clause | labels.parataxis and (
                is_verb(child) or any(c.dep_ in labels.copula | labels.auxiliary for c in child.children)
            ):
                if child.dep_ in labels.subject and self.syntax.subject(verb) is child:
                    continue
                return {t.i for t in child.subtree if not t.is_punct or t.i not in (child.left_edge.i, child.right_edge.i)}
        if verb.dep_ in labels.parataxis | labels.adverbial_clause and is_verb(verb.head):
            inner = {t.i for t in verb.subtree}
            wie = any(c.lower_ == self.cues.as_ for c in verb.children)
            if verb.dep_ in labels.parataxis or wie:
                return {t.i for t in verb.head.subtree} - inner
        return set()

    def _speakers(self, verb: Token) -> tuple[Referent, ...]:
        for argument in self.syntax.arguments(verb):
            if argument.slot == "subj" and argument.token.lower_ not in ("es", "man"):
                return self.referents.of(argument.token)
        return ()

    # --- sources ---------------------------------------------------------------------------------

    def _by_source(self, sentence: Span) -> Iterator[Speech]:
        for token in sentence:
            source = self._source(token)
            if source is None:
                continue
            speakers = self._source_speakers(source)
            phrase = {t.i for t in source.subtree}
            clause = clause_of(source.head if source.head is not source else source)
            content = {t.i for t in clause.subtree if t.sent.start == sentence.start} - phrase
            if token.lower_ == self.cues.so or clause.dep_ in self.syntax.labels.root:
                content = {t.i for t in sentence} - phrase
            if content:
                yield Speech(min(content), max(content) + 1, frozenset(content), QuotationKind.INDIRECT, speakers, token)

    def _source(self, token: Token) -> Token | None:
        """The noun of a source phrase whose cue word is the token."""
        form, doc = token.lower_, self.syntax.doc
        if form == "zufolge" or form == "laut":
            head = token.head
            if head.pos_ in ("NOUN", "PROPN", "PRON") and head is not token:
                return head
            beside = doc[token.i - 1] if form == "zufolge" else doc[min(token.i + 1, len(doc) - 1)]
            return beside if beside.pos_ in ("NOUN", "PROPN") else None
        if form in self.cues.source_prepositions or form in self.cues.view_prepositions:
            head = token.head
            wanted = self.cues.view_nouns if form in self.cues.view_prepositions else self.cues.nouns
            if head.pos_ == "NOUN" and (head.lemma_ in wanted or self._ends_in(head, wanted)):
                return head
        if form == self.cues.so and token.i + 1 < len(doc) and token.i > 0:
            before = doc[token.i - 1]
            if before.text in (",", "–", "-", "“", "”", '"', "«") and doc[token.i + 1].pos_ in ("DET", "PROPN", "NOUN"):
                for later in doc[token.i + 1 : min(token.i + 7, token.sent.end)]:
                    if later.pos_ in ("NOUN", "PROPN"):
                        return later
        return None

    @staticmethod
    def _ends_in(token: Token, nouns: frozenset[str]) -> bool:
        return any(token.lemma_.lower().endswith(noun.lower()) for noun in nouns if len(noun) > 5)

    def _source_speakers(self, source: Token) -> tuple[Referent, ...]:
        """Whose words they are: what a genitive or "von" names, else the source itself."""
        if source.lemma_ in self.cues.nouns:
            for argument in self.syntax.arguments(source):
                if argument.slot == "of":
                    return self.referents.of(argument.token)
                if argument.slot == "poss":
                    return self.referents.possessor(argument.token)
        return self.referents.of(source)

    # --- quotation marks -------------------------------------------------------------------------

    def _by_marks(self, sentence: Span, found: list[Speech], number: int) -> list[Speech]:
        speeches = []
        for start, end, closed in self._stretches(sentence):
            if end - start < _SHORT_QUOTE or not any(is_verb(t) or t.pos_ == "AUX" for t in sentence.doc[start:end]):
                continue
            cue, speakers = self._quoted_by(sentence, start, end)
            if not speakers and number - self._last_sentence <= 2 and end - start > 0.6 * len(sentence):
                speakers = self._last
            tokens = frozenset(range(start, end))
            speeches.append(Speech(start, end, tokens, QuotationKind.DIRECT, speakers, cue))
            self._open_quote = None if closed else speakers
        return speeches

    def _stretches(self, sentence: Span) -> Iterator[tuple[int, int, bool]]:
        opened = sentence.start if self._open_quote is not None else None
        for token in sentence:
            if opened is None and token.text in self.cues.open_marks and not token.text.isalnum():
                opened = token.i + 1
            elif opened is not None and token.text in self.cues.close_marks:
                yield opened, token.i, True
                opened = None
                self._open_quote = None
        if opened is not None:
            yield opened, sentence.end, False

    def _quoted_by(self, sentence: Span, start: int, end: int) -> tuple[Token | None, tuple[Referent, ...]]:
        outside = [t for t in sentence if not start <= t.i < end]
        for token in outside:
            if is_verb(token) and self.lemma(token) in self.cues.reporting:
                speakers = tuple(
                    r
                    for a in self.syntax.arguments(token)
                    if a.slot == "subj" and not start <= a.token.i < end
                    for r in self.referents.of(a.token)
                )
                if speakers:
                    return token, speakers
        for token in outside:
            source = self._source(token)
            if source is not None:
                return token, self._source_speakers(source)
        return None, ()

    # --- speech that goes on ---------------------------------------------------------------------

    def _goes_on(self, sentence: Span) -> bool:
        root = sentence.root
        finite = [t for t in (root, *root.children) if t.tag_ in ("VVFIN", "VAFIN", "VMFIN")]
        return any(mood(t) == "sub1" for t in finite)
