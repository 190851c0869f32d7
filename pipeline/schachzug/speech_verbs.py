"""Reported speech that a verb introduces ("X sagte, …", "…, sagte X", "wie X mitteilte", "Das sagte X").

The order of words decides where it can: a reporting verb, a comma, and a clause with "dass", an infinitive or the
Konjunktiv. The parse decides where what is said stands before the verb or has no comma of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Span, Token

from schachzug.clauses import finite_of, has_main_clause, is_finite_form, is_open, said_after
from schachzug.cues import AttributionCues
from schachzug.modality import StanceReader
from schachzug.referents import Referents
from schachzug.speech_parts import FEW, Source, Speech, indirect
from schachzug.speech_speakers import Speakers
from schachzug.syntax import Syntax, is_verb
from schachzug.types import Modality, QuotationKind
from schachzug.verb_forms import mood

_LONGEST_INVERSION = 16  # tokens from an inverted reporting verb to the end of its subject
_MOST_APPOSITIONS = 4  # commas inside "wie X, der Y von Z, mitteilte"


class VerbsOfSaying:
    """Finds speech by verbs of saying in one document."""

    def __init__(
        self, syntax: Syntax, referents: Referents, stances: StanceReader, cues: AttributionCues, speakers: Speakers
    ) -> None:
        self.syntax = syntax
        self.referents = referents
        self.stances = stances
        self.cues = cues
        self.speakers = speakers

    def find(self, sentence: Span) -> Iterator[Speech]:
        """The speech in a sentence."""
        told_by: set[Token | None] = set()
        for speech in (*self._by_as_clause(sentence), *self._by_inversion(sentence)):
            told_by.add(speech.cue)
            yield speech
        for verb in sentence:
            if is_verb(verb) and verb not in told_by:
                yield from self._by_verb(verb)

    # --- what follows the verb -------------------------------------------------------------------

    def _by_verb(self, verb: Token) -> Iterator[Speech]:
        lemma = self.speakers.lemma(verb)
        if lemma not in self.cues.reporting and lemma not in self.cues.impersonal and lemma not in self.cues.telling:
            return
        if self._in_brackets(verb):
            return  # "(X berichtete)" points to another text
        if lemma in self.cues.not_reflexive and self.syntax.is_reflexive(verb):
            return  # "sieht sich bedroht", "befindet sich"
        content = self._content(verb, lemma) if lemma not in self.cues.quoting else set()
        told = self._told(verb, lemma) if not content else set()
        if len(content or told) <= FEW:
            return
        source = self.speakers.of_verb(verb, lemma)
        impersonal = lemma in self.cues.impersonal or self.speakers.is_passive(verb)
        if source.speaker is None and not impersonal:
            return  # nobody is named who says it
        if told and source.speaker is not None and not self.referents.is_actor(source.speaker):
            return  # "die Gefahr geht von X aus"
        denied = lemma in self.cues.denying
        if not denied and self._is_negated(verb, content):
            return  # "sagte nicht, dass …": nobody says it
        modality = Modality.INTENDED if lemma in self.cues.demanding else None
        kind = QuotationKind.REPORTED if told else QuotationKind.INDIRECT
        yield indirect(verb.sent, content or told, source, modality, denied, kind)

    def _content(self, verb: Token, lemma: str) -> set[int]:
        """What is said, by the order of words and by the parse."""
        parsed = self._by_parse(verb, lemma)
        ordered = self._by_order(verb, lemma)
        if not parsed or max(parsed) < verb.i:
            return parsed or ordered
        if not ordered:
            between = verb.doc[verb.i + 1 : max(verb.i + 1, min(parsed))]
            nearer = any(is_verb(t) and t.head != verb and self.speakers.is_reporting(t) for t in between)
            return set() if nearer else parsed
        return parsed | ordered if verb.i < min(parsed) < min(ordered) else ordered

    def _is_negated(self, verb: Token, content: set[int]) -> bool:
        """Whether a negation outside of what is said denies that it is said."""
        negation = self.stances.cues
        words = (t.lower_ for t in verb.sent if t.i not in content)
        if not any(w in negation.negators or w.startswith(negation.negative_determiners) for w in words):
            return False
        return self.stances.of(verb).negated

    def _by_parse(self, verb: Token, lemma: str) -> set[int]:
        labels = self.syntax.labels
        found: set[int] = set()
        for child in verb.children:
            if child.dep_ not in labels.complement_clause | labels.open_clause | labels.parataxis:
                continue
            clausal = labels.copula | labels.auxiliary | labels.subject
            if not is_verb(child) and not any(c.dep_ in clausal for c in child.children):
                continue
            if child.dep_ in labels.open_clause and lemma not in self.cues.with_infinitive:
                continue
            if self._is_circumstance(child) or self._is_beside(child, verb):
                continue
            found |= {
                t.i for t in child.subtree if not t.is_punct or t.i not in (child.left_edge.i, child.right_edge.i)
            }
        inserted = is_finite_form(verb) and verb.i > verb.sent.start and verb.doc[verb.i - 1].is_punct
        if not found and inserted and verb.dep_ in labels.parataxis and is_verb(verb.head):
            found = {t.i for t in verb.head.subtree} - {t.i for t in verb.subtree}
        return found

    def _is_beside(self, clause: Token, verb: Token) -> bool:
        """Whether a verb has its object already, and a clause in the indicative beside it is another main clause."""
        if clause.dep_ in self.syntax.labels.open_clause or clause.i < verb.i:
            return False
        if mood(finite_of(clause)) in ("sub1", "sub2") or clause.left_edge.lower_ in self.cues.content_markers:
            return False
        if any(t.lower_ in self.cues.content_markers for t in clause.children):
            return False
        return self._object_in(verb.doc[verb.sent.start : clause.left_edge.i], verb)

    def _is_circumstance(self, clause: Token) -> bool:
        """A clause with another conjunction than "dass" or "ob" tells when or why, not what is said."""
        markers = [c.lower_ for c in clause.children if c.dep_ in self.syntax.labels.marker and c.tag_ != "PTKZU"]
        return bool(markers) and not any(marker in self.cues.content_markers for marker in markers)

    def _by_order(self, verb: Token, lemma: str) -> set[int]:
        """What follows a comma after a reporting verb."""
        if lemma in self.cues.quoting:
            return set()
        finite = finite_of(verb)
        start = min(verb.i, finite.i)
        infinitive = lemma in self.cues.with_infinitive
        for comma in verb.sent:
            following = verb.doc[comma.i + 1 : comma.i + 2].text
            if comma.i < verb.i or (comma.text not in (",", ":") and following not in self.cues.complementizers):
                continue
            between = verb.doc[start + 1 : comma.i]
            if any(is_finite_form(t) and t not in (verb, finite) for t in between):
                break  # another clause has begun
            bare = not any(t.text == "," for t in between) and not self._object_in(between, verb)
            said = said_after(comma, self.cues.content_markers, infinitive, bare, self.speakers.is_reporting)
            if said:
                return set(said)
        return set()

    def _object_in(self, between: Span, verb: Token) -> bool:
        """Whether a verb has a noun for its object among some tokens: then it needs no clause."""
        objects = {a.token.i for a in self.syntax.arguments(verb) if a.slot == "obj" and a.rank == 0}
        return any(t.i in objects and t.pos_ in ("NOUN", "PROPN") for t in between)

    def _told(self, verb: Token, lemma: str) -> set[int]:
        """What is told by a noun alone: "berichteten von Toten", "dementierte die Festnahme"."""
        for argument in self.syntax.arguments(verb):
            told = argument.slot == "obj" and lemma in self.cues.with_object
            told = told or (argument.slot in self.cues.tellers and lemma in self.cues.telling)
            if told and argument.rank == 0:
                return {t.i for t in argument.token.subtree}
        return set()

    @staticmethod
    def _in_brackets(token: Token) -> bool:
        """Whether a bracket opened before a token in its sentence is still open."""
        before = token.doc[token.sent.start : token.i]
        return sum(t.text == "(" for t in before) > sum(t.text == ")" for t in before)

    # --- "wie X mitteilte" -----------------------------------------------------------------------

    def _by_as_clause(self, sentence: Span) -> Iterator[Speech]:
        """ "Wie X mitteilte, …" and "…, wie X berichtet, …": the rest of the sentence is said."""
        doc = sentence.doc
        for token in sentence:
            if token.lower_ != self.cues.as_ or (token.i > sentence.start and doc[token.i - 1].text != ","):
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
        for token in sentence:
            if token.i <= sentence.start + FEW or doc[token.i - 1].text != ",":
                continue
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
