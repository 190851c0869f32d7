"""Who says so: stretches of reported speech, their speakers, and what the cue does to their content.

Five ways are known: a reporting verb with a clause ("X sagte, …"), a noun of saying with a clause ("die Ansicht, dass
…"), a source phrase ("laut X", "X zufolge", "so X"), quotation marks with a speaker nearby, and a sentence in
Konjunktiv I that goes on with the last speaker's words (free indirect speech).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Span, Token

from schachzug.cues import attribution_cues
from schachzug.modality import StanceReader
from schachzug.quotation_marks import Stretch, find_stretches
from schachzug.referents import Referent, Referents
from schachzug.syntax import Syntax, clause_of, is_verb
from schachzug.types import Modality, QuotationKind
from schachzug.verbforms import mood

_SHORT_QUOTE = 4  # tokens: below that, quotation marks name a thing or distance the author from a word, unless a cue is near
_FEW = 2  # tokens that are no content of speech
_NEAR = 2  # sentences over which a speaker goes on speaking
_SOURCE_WINDOW = 9  # tokens after "so" in which the speaker is named


@dataclass(frozen=True)
class Speech:
    """Tokens that somebody says. `cue` is the word that introduces them (None where speech just goes on).

    `start` and `end` (exclusive) are of the whole stretch, which may go over several sentences; `tokens` are those of
    one sentence. `speaker` is the token that names the speaker.
    """

    start: int
    end: int
    tokens: frozenset[int]
    kind: QuotationKind
    speakers: tuple[Referent, ...]
    cue: Token | None
    modality: Modality | None = None
    negated: bool = False
    depth: int = 0
    speaker: Token | None = None

    def holds(self, token: Token) -> bool:
        """Whether a token is part of what is said."""
        return token.i in self.tokens


@dataclass(frozen=True)
class _Source:
    """Who is named as the source of words, and by which cue."""

    cue: Token | None
    speakers: tuple[Referent, ...]
    speaker: Token | None


class SpeechReader:
    """Finds the reported speech of one document, sentence by sentence."""

    def __init__(self, syntax: Syntax, referents: Referents, stances: StanceReader) -> None:
        self.syntax = syntax
        self.referents = referents
        self.stances = stances
        self.cues = attribution_cues()
        self.stretches = find_stretches(syntax.doc, self.cues.quotation_pairs)
        self._quoted_by: dict[Stretch, _Source | None] = {}
        self._last: tuple[Referent, ...] = ()
        self._last_speaker: Token | None = None
        self._last_sentence = -_NEAR - 1

    def find(self, sentence: Span, number: int) -> list[Speech]:
        """The speech of a sentence; call with the sentences in order, since speech runs on."""
        found = [*self._by_verb(sentence), *self._by_noun(sentence)]
        found += [s for s in self._by_source(sentence) if not any(self._same(s, other) for other in found)]
        quoted = self._by_marks(sentence, number)
        found = [s for s in found if not any(self._same(s, q) for q in quoted)] + quoted
        if not found and number - self._last_sentence <= _NEAR and self._last and self._goes_on(sentence):
            tokens = frozenset(t.i for t in sentence)
            kind = QuotationKind.FREE_INDIRECT
            found.append(Speech(sentence.start, sentence.end, tokens, kind, self._last, None, speaker=self._last_speaker))
        for speech in found:
            if speech.speakers:
                self._last, self._last_speaker, self._last_sentence = speech.speakers, speech.speaker, number
        return found

    @staticmethod
    def _same(one: Speech, other: Speech) -> bool:
        return len(one.tokens & other.tokens) > 0.6 * max(len(one.tokens), 1)

    # --- reporting verbs -------------------------------------------------------------------------

    def lemma(self, verb: Token) -> str:
        """The lemma of a reporting verb with its separated particle."""
        particle = self.syntax.particle(verb)
        lemma = str(verb.lemma_)
        for form in (particle + verb.lower_, verb.lower_) if particle else (verb.lower_,):
            for known in self.cues.lemmas_of(form):
                if known in self.cues.reporting:
                    return known
        return particle + lemma if particle and not lemma.startswith(particle) else lemma

    def _by_verb(self, sentence: Span) -> Iterator[Speech]:
        for verb in sentence:
            if not is_verb(verb):
                continue
            lemma = self.lemma(verb)
            if lemma not in self.cues.reporting and lemma not in self.cues.impersonal:
                continue
            content = self._content(verb, lemma)
            if len(content) <= _FEW:
                continue
            source = self._source_of_verb(verb, lemma)
            if not source.speakers and lemma not in self.cues.impersonal:
                continue  # nobody is named who says it
            stance = self.stances.of(verb)
            denied = lemma in self.cues.denying
            if stance.negated and not denied:
                continue  # "sagte nicht, dass …": nobody says it
            yield Speech(
                min(content),
                max(content) + 1,
                frozenset(content),
                QuotationKind.INDIRECT,
                source.speakers,
                verb,
                Modality.INTENDED if lemma in self.cues.demanding else None,
                denied,
                sum(1 for _ in verb.ancestors),
                source.speaker,
            )

    def _content(self, verb: Token, lemma: str) -> set[int]:
        labels = self.syntax.labels
        for child in verb.children:
            if child.dep_ in labels.complement_clause | labels.open_clause | labels.parataxis and (
                is_verb(child) or any(c.dep_ in labels.copula | labels.auxiliary for c in child.children)
            ):
                if child.dep_ in labels.open_clause and lemma not in self.cues.with_infinitive:
                    continue
                return {t.i for t in child.subtree if not t.is_punct or t.i not in (child.left_edge.i, child.right_edge.i)}
        if verb.dep_ in labels.parataxis | labels.adverbial_clause and is_verb(verb.head):
            inner = {t.i for t in verb.subtree}
            as_ = any(c.lower_ == self.cues.as_ for c in verb.children)
            if verb.dep_ in labels.parataxis or as_:
                return {t.i for t in verb.head.subtree} - inner
        return set()

    def _source_of_verb(self, verb: Token, lemma: str) -> _Source:
        for argument in self.syntax.arguments(verb):
            if argument.slot == "subj" and argument.token.lower_ not in self.cues.nobody:
                speakers = self.referents.of(argument.token)
                if speakers:
                    return _Source(verb, speakers, argument.token)
        if lemma in self.cues.impersonal or self.syntax.is_passive(verb):
            for argument in self.syntax.arguments(verb):
                if argument.slot in self.cues.impersonal_sources and argument.rank == 0:
                    return _Source(verb, self.referents.of(argument.token), argument.token)
        return _Source(verb, (), None)

    def _by_noun(self, sentence: Span) -> Iterator[Speech]:
        """A noun of saying with a clause: "die Ansicht, dass …", "der Vorwurf, … zu haben"."""
        labels = self.syntax.labels
        for noun in sentence:
            if noun.pos_ != "NOUN" or not self._is_noun_of_saying(noun):
                continue
            for child in noun.children:
                clause = child.dep_ in labels.complement_clause | labels.relative_clause and is_verb(child)
                if not clause or child.i < noun.i or any(t.tag_ in ("PRELS", "PRELAT") for t in child.subtree):
                    continue
                source = self._source_of_noun(noun)
                content = {t.i for t in child.subtree}
                if source.speakers and len(content) > _FEW:
                    yield Speech(
                        min(content),
                        max(content) + 1,
                        frozenset(content),
                        QuotationKind.INDIRECT,
                        source.speakers,
                        noun,
                        self.stances.cues.clause_heads.get(noun.lemma_),
                        speaker=source.speaker,
                    )

    def _is_noun_of_saying(self, noun: Token) -> bool:
        return noun.lemma_ in self.cues.nouns or self._ends_in(noun, self.cues.nouns)

    def _source_of_noun(self, noun: Token) -> _Source:
        """Whom a noun of saying belongs to: its genitive or possessive, else the subject of its verb."""
        for argument in self.syntax.arguments(noun):
            if argument.slot == "of":
                return _Source(noun, self.referents.of(argument.token), argument.token)
            if argument.slot == "poss":
                return _Source(noun, self.referents.possessor(argument.token), argument.token)
        subject = self.syntax.subject(clause_of(noun))
        if subject is not None and subject.i != noun.i:
            return _Source(noun, self.referents.of(subject), subject)
        return _Source(noun, (), None)

    # --- sources ---------------------------------------------------------------------------------

    def _by_source(self, sentence: Span) -> Iterator[Speech]:
        for token in sentence:
            if token.lower_ in self.cues.backward:
                content = {t.i for t in sentence} - {token.i}
                yield self._whole(sentence, content, _Source(token, self._last, token))
                continue
            source = self._source(token)
            if source is None:
                continue
            phrase = {t.i for t in source.subtree}
            clause = clause_of(source.head if source.head is not source else source)
            content = {t.i for t in clause.subtree if t.sent.start == sentence.start} - phrase
            if token.lower_ == self.cues.so:
                content = {t.i for t in sentence if t.i < token.i} or content
            elif clause.dep_ in self.syntax.labels.root:
                content = {t.i for t in sentence} - phrase
            content = {i for i in content if not any(s.holds(i) for s in self.stretches)} or content
            if len(content) > _FEW:
                yield self._whole(sentence, content, _Source(token, self._source_speakers(source), source))

    @staticmethod
    def _whole(sentence: Span, content: set[int], source: _Source) -> Speech:
        trimmed = sorted(content)
        while trimmed and sentence.doc[trimmed[0]].is_punct:
            trimmed.pop(0)
        while trimmed and sentence.doc[trimmed[-1]].is_punct:
            trimmed.pop()
        start, end = (trimmed[0], trimmed[-1] + 1) if trimmed else (sentence.start, sentence.end)
        kind = QuotationKind.INDIRECT
        return Speech(start, end, frozenset(content), kind, source.speakers, source.cue, speaker=source.speaker)

    def _source(self, token: Token) -> Token | None:
        """The noun of a source phrase whose cue word is the token."""
        form, doc = token.lower_, self.syntax.doc
        if form in self.cues.pure_sources:
            head = token.head
            if head.pos_ in ("NOUN", "PROPN", "PRON") and head is not token:
                return head
            beside = doc[token.i - 1] if token.i and form in self.cues.after_source else doc[min(token.i + 1, len(doc) - 1)]
            return beside if beside.pos_ in ("NOUN", "PROPN") else None
        if form in self.cues.source_prepositions or form in self.cues.view_prepositions:
            wanted = self.cues.view_nouns if form in self.cues.view_prepositions else self.cues.nouns
            before = [doc[token.i - 1]] if token.i else []  # "ihrer Meinung nach"
            for noun in (token.head, *before):
                if noun.pos_ == "NOUN" and (noun.lemma_ in wanted or self._ends_in(noun, wanted)):
                    return noun
        if form == self.cues.so and token.i + 1 < len(doc) and token.i > 0:
            before_so = doc[token.i - 1]
            opens = before_so.text in self.cues.before_so
            if opens and doc[token.i + 1].pos_ in ("DET", "PROPN", "NOUN", "ADJ"):
                for later in doc[token.i + 1 : min(token.i + _SOURCE_WINDOW, token.sent.end)]:
                    if later.pos_ in ("NOUN", "PROPN"):
                        return later
        return None

    @staticmethod
    def _ends_in(token: Token, nouns: frozenset[str]) -> bool:
        return any(token.lemma_.lower().endswith(noun.lower()) for noun in nouns if len(noun) > 4)

    def _source_speakers(self, source: Token) -> tuple[Referent, ...]:
        """Whose words they are: what a genitive or "von" names, else the source itself."""
        if self._is_noun_of_saying(source):
            for argument in self.syntax.arguments(source):
                speakers: tuple[Referent, ...] = ()
                if argument.slot == "of":
                    speakers = self.referents.of(argument.token)
                elif argument.slot == "poss":
                    speakers = self.referents.possessor(argument.token)
                if speakers:
                    return speakers
        return self.referents.of(source)

    # --- quotation marks -------------------------------------------------------------------------

    def _by_marks(self, sentence: Span, number: int) -> list[Speech]:
        found = []
        for stretch in self.stretches:
            if stretch.end <= sentence.start or stretch.start >= sentence.end:
                continue
            source = self._who_is_quoted(stretch, number)
            if source is None:
                continue
            tokens = frozenset(range(max(stretch.start, sentence.start), min(stretch.end, sentence.end)))
            if tokens:
                kind = QuotationKind.DIRECT
                found.append(
                    Speech(stretch.start, stretch.end, tokens, kind, source.speakers, source.cue, speaker=source.speaker)
                )
        return found

    def _who_is_quoted(self, stretch: Stretch, number: int) -> _Source | None:
        """The source of quoted words; None where the marks do not quote anybody."""
        if stretch not in self._quoted_by:
            self._quoted_by[stretch] = self._attribute(stretch, number)
        return self._quoted_by[stretch]

    def _attribute(self, stretch: Stretch, number: int) -> _Source | None:
        doc = self.syntax.doc
        length = stretch.end - stretch.start
        clausal = length >= _SHORT_QUOTE and any(is_verb(t) or t.pos_ == "AUX" for t in doc[stretch.start : stretch.end])
        first, last = doc[stretch.start].sent, doc[stretch.end - 1].sent
        near = [t for t in doc[first.start : last.end] if not stretch.holds(t.i)]
        if clausal and first.start > 0 and doc[first.start - 1].text == ":":
            near = [*doc[first.start - 1].sent, *near]
        near.sort(key=lambda t: min(abs(t.i - stretch.start), abs(t.i - stretch.end)))
        for token in near:
            source = self._named_beside(token, stretch)
            if source is not None:
                return source
        if not clausal:
            return None
        if self._last and number - self._last_sentence <= _NEAR:
            return _Source(None, self._last, self._last_speaker)
        return self._subject_beside(first, stretch) if length >= 2 * _SHORT_QUOTE else None

    def _named_beside(self, token: Token, stretch: Stretch) -> _Source | None:
        """The speaker that a token outside the marks tells of, if it is a cue."""
        if is_verb(token):
            lemma = self.lemma(token)
            if lemma in self.cues.reporting or lemma in self.cues.impersonal or lemma in self.cues.quoting:
                source = self._source_of_verb(token, lemma)
                if source.speakers and source.speaker is not None and not stretch.holds(source.speaker.i):
                    return source
        noun = self._source(token)
        if noun is not None and not stretch.holds(noun.i):
            return _Source(token, self._source_speakers(noun), noun)
        return None

    def _subject_beside(self, first: Span, stretch: Stretch) -> _Source | None:
        """The subject of the sentence that the quotation interrupts or follows."""
        doc = self.syntax.doc
        sentences = [first] if first.start < stretch.start - 1 else []
        if first.start > 0:
            sentences.append(doc[first.start - 1].sent)
        for sentence in sentences:
            subject = self.syntax.subject(sentence.root)
            if subject is not None and not stretch.holds(subject.i) and self.referents.is_actor(subject):
                return _Source(None, self.referents.of(subject), subject)
        return None

    # --- speech that goes on ---------------------------------------------------------------------

    def _goes_on(self, sentence: Span) -> bool:
        root = sentence.root
        finite = [t for t in (root, *root.children) if t.tag_ in ("VVFIN", "VAFIN", "VMFIN")]
        return any(mood(t) == "sub1" for t in finite)
