"""Sources named in passing: "laut X", "X zufolge", "nach Angaben von X", "aus Sicht der X", "…, so X", "demnach"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Span, Token

from schachzug.cues import AttributionCues
from schachzug.quotation_marks import Stretch
from schachzug.referents import Referent, Referents
from schachzug.speech_parts import FEW, Source, Speech, indirect
from schachzug.syntax import Syntax
from schachzug.tokens import clause_of, is_finite_form
from schachzug.verb_forms import mood

_LONGEST_NAME = 6  # tokens before the colon of a headline
_SOURCE_WINDOW = 9  # tokens after "so" in which the speaker is named


class NamedSources:
    """Finds source phrases in one document."""

    def __init__(
        self, syntax: Syntax, referents: Referents, cues: AttributionCues, stretches: Sequence[Stretch]
    ) -> None:
        self.syntax = syntax
        self.referents = referents
        self.cues = cues
        self.stretches = stretches
        self._places = syntax.positions.of("LOWER", cues.source_words)

    def find(self, sentence: Span, last: Source) -> Iterator[Speech]:
        """The speech in a sentence; `last` is who spoke before, whom "demnach" and "ihrer Ansicht nach" take up."""
        headline = self._by_headline(sentence)
        if headline is not None:
            yield headline
        for token in self.syntax.positions.within(sentence, self._places):
            if token.lower_ in self.cues.backward:
                content = {t.i for t in sentence} - {token.i}
                yield indirect(sentence, content, Source(token, last.speakers, token))
                continue
            noun = self.noun_of(token)
            if noun is None:
                relative = self._by_relative(token)
                if relative is not None:
                    yield relative
                continue
            phrase = {t.i for t in noun.subtree} | {token.i}
            clause = clause_of(noun.head if noun.head != noun else noun)
            content = {t.i for t in clause.subtree if t.sent.start == sentence.start} - phrase
            if token.lower_ == self.cues.so:
                content = {t.i for t in sentence if t.i < token.i} or content
            elif clause.dep_ in self.syntax.labels.root:
                content = {t.i for t in sentence} - phrase
            content &= self._half(token)
            words = {i for i in content if not sentence.doc[i].is_punct}
            unquoted = {i for i in words if not any(s.holds(i) for s in self.stretches)}
            if len(unquoted) <= FEW < len(words) and not any(is_finite_form(sentence.doc[i]) for i in unquoted):
                continue  # all of it stands between quotation marks
            if len(words) > FEW:
                taken_up = last.speakers if any(c.tag_ == "PPOSAT" for c in noun.children) else ()
                yield indirect(sentence, content, Source(token, taken_up or self.speakers(noun), noun))

    def _by_headline(self, sentence: Span) -> Speech | None:
        """ "Müller: Wir bleiben": in a headline a person's name and a colon open what the person says."""
        doc = sentence.doc
        colon = next((t.i for t in sentence[:_LONGEST_NAME] if t.text == ":"), None)
        naming = self.referents.namings.at(sentence.start)
        if sentence.start > 0 or colon is None or naming is None:
            return None
        if naming.end != colon or naming.entity.type != "Person" or not any(is_finite_form(t) for t in sentence):
            return None
        speaker = doc[naming.end - 1]
        content = {t.i for t in sentence if t.i > colon}
        return indirect(sentence, content, Source(doc[colon], self.referents.of(speaker), speaker))

    def _by_relative(self, token: Token) -> Speech | None:
        """ "… eine Klage, nach der …": the relative clause is what its antecedent says."""
        if token.lower_ not in self.cues.source_prepositions:
            return None
        doc, sentence = self.syntax.doc, token.sent
        if not sentence.start < token.i < sentence.end - FEW:
            return None
        relative = doc[token.i + 1]
        if doc[token.i - 1].text != "," or relative.tag_ not in ("PRELS", "ART", "PDS"):
            return None
        noun = next((t for t in reversed(doc[sentence.start : token.i]) if t.pos_ == "NOUN"), None)
        if noun is None or not self.cues.is_text(noun.lemma_):
            return None
        content = {t.i for t in sentence if t.i > relative.i}
        return indirect(sentence, content, Source(token, self.speakers(noun), relative))

    @staticmethod
    def _half(token: Token) -> set[int]:
        """The part of a cue's sentence on its side of a colon; what stands right before the colon is on neither."""
        sentence = token.sent
        colons = [t.i for t in sentence if t.text == ":"]
        start = max((i + 1 for i in colons if i < token.i), default=sentence.start)
        end = min((i for i in colons if i > token.i), default=sentence.end)
        if any(mood(t) in ("sub1", "sub2") for t in sentence.doc[end : sentence.end]):
            end = sentence.end  # what the colon opens is reported too
        words = [t for t in sentence.doc[start:end] if is_finite_form(t)]
        return set(range(start, end)) if words else set(range(sentence.start, sentence.end))

    def noun_of(self, token: Token) -> Token | None:
        """The noun of a source phrase whose cue word is the token."""
        form, doc = token.lower_, self.syntax.doc
        if form in self.cues.after_source and token.i > token.sent.start:
            beside = doc[token.i - 1]
            while beside.head.pos_ == "NOUN" and token.sent.start <= beside.head.i < beside.i:
                beside = beside.head  # "einem Bericht der Agentur zufolge"
            return beside if beside.pos_ in ("NOUN", "PROPN", "PRON") else None
        if form in self.cues.pure_sources and token.tag_ != "ADJD":
            if token.i + 1 < len(doc) and doc[token.i + 1].tag_ in ("APPR", "$,", "$."):
                return None  # "dachte laut über … nach"
            head = token.head
            if head.pos_ in ("NOUN", "PROPN", "PRON") and head.i > token.i:
                return head
            return self._next_noun(token)
        if form in self.cues.source_prepositions or form in self.cues.view_prepositions:
            wanted = self.cues.view_nouns if form in self.cues.view_prepositions else None
            after = self._next_noun(token)
            before = [doc[token.i - 1]] if token.i and after is None else []  # "ihrer Meinung nach"
            for noun in (token.head, *([after] if after is not None else []), *before):
                if noun.pos_ == "NOUN" and self._names_source(noun, wanted) and abs(noun.i - token.i) < _SOURCE_WINDOW:
                    return noun
        if form == self.cues.so and token.i + 1 < len(doc) and token.i > 0:
            opens = doc[token.i - 1].text in self.cues.before_so
            if opens and doc[token.i + 1].pos_ in ("DET", "PROPN", "NOUN", "ADJ"):
                for later in doc[token.i + 1 : min(token.i + _SOURCE_WINDOW, token.sent.end)]:
                    if later.pos_ in ("NOUN", "PROPN"):
                        return later
        return None

    def _names_source(self, noun: Token, wanted: frozenset[str] | None) -> bool:
        return noun.lemma_ in wanted if wanted is not None else self.cues.is_noun_of_saying(noun.lemma_)

    def _next_noun(self, token: Token) -> Token | None:
        """The noun of the phrase that begins after a preposition: only determiners and adjectives stand between."""
        for later in token.doc[token.i + 1 : min(token.i + _SOURCE_WINDOW, token.sent.end)]:
            if later.pos_ in ("NOUN", "PROPN"):
                return later
            if later.pos_ not in ("DET", "ADJ", "NUM", "ADV"):
                return None
        return None

    def speakers(self, noun: Token) -> tuple[Referent, ...]:
        """Whose words they are: what a genitive, "von" or "aus" names, an adjective, else the source itself."""
        if not self.cues.is_noun_of_saying(noun.lemma_):
            return self.referents.of(noun)
        arguments = self.syntax.arguments(noun)
        for argument in arguments:
            found: tuple[Referent, ...] = ()
            if argument.slot == "of" or argument.slot in self.cues.origins:
                found = self.referents.of(argument.token)
            elif argument.slot == "poss":
                found = self.referents.possessor(argument.token)
            if found:
                return found
        if any(c.lemma_ in self.cues.own for c in noun.children):
            subject = self.syntax.subject(clause_of(noun))
            if subject is not None and subject.i != noun.i:
                return self.referents.of(subject)
        genitive = self._next_noun(noun)
        if genitive is not None and self._looks_genitive(noun.doc[noun.i + 1 : genitive.i + 1]):
            found = self.referents.of(genitive)
            if found:
                return found
        for argument in arguments:
            if argument.slot == "adj" and self.referents.namings.at(argument.token.i) is not None:
                return self.referents.of(argument.token)
        return self.referents.of(noun)

    def _looks_genitive(self, phrase: Span) -> bool:
        """Whether the first word after a noun has the ending of a genitive ("der", "westlicher", "Chinas")."""
        return len(phrase) > 0 and phrase[0].lower_.endswith(self.cues.genitive_endings)
