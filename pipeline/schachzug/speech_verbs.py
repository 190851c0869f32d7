"""Reported speech that a verb or noun of saying introduces ("X sagte, …", "die Ansicht, dass …", "wie X mitteilte").

Where the parse shows the clause that is said, it decides; where it does not, the order of words does: a reporting verb,
a comma, and a clause with "dass" or in the Konjunktiv.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Span, Token

from schachzug.cues import AttributionCues
from schachzug.modality import StanceReader
from schachzug.referents import Referents
from schachzug.speech_parts import FEW, Source, Speech, indirect, segment
from schachzug.syntax import Syntax, clause_of, is_verb
from schachzug.types import Modality
from schachzug.verb_forms import mood

_LONGEST_INVERSION = 12  # tokens from an inverted reporting verb to the end of its subject


class VerbsOfSaying:
    """Finds speech by verbs and nouns of saying in one document."""

    def __init__(self, syntax: Syntax, referents: Referents, stances: StanceReader, cues: AttributionCues) -> None:
        self.syntax = syntax
        self.referents = referents
        self.stances = stances
        self.cues = cues

    def find(self, sentence: Span) -> Iterator[Speech]:
        """The speech in a sentence."""
        found = False
        for speech in (*self._by_as_clause(sentence), *self._by_inversion(sentence)):
            found = True
            yield speech
        if found:
            return
        yield from self._by_verb(sentence)
        yield from self._by_noun(sentence)

    # --- verbs -----------------------------------------------------------------------------------

    def lemma(self, verb: Token) -> str:
        """The lemma of a verb with its separated particle; a reporting verb's where the form is one's."""
        particle = self.syntax.particle(verb)
        for form in (particle + verb.lower_, verb.lower_) if particle else (verb.lower_,):
            for known in self.cues.lemmas_of(form):
                if known in self.cues.reporting:
                    return known
        lemma = str(verb.lemma_)
        return particle + lemma if particle and not lemma.startswith(particle) else lemma

    def _by_verb(self, sentence: Span) -> Iterator[Speech]:
        for verb in sentence:
            if not is_verb(verb):
                continue
            lemma = self.lemma(verb)
            if lemma not in self.cues.reporting and lemma not in self.cues.impersonal:
                continue
            content = self._content(verb, lemma) or self._content_by_order(verb, lemma) or self._told(verb, lemma)
            if len(content) <= FEW:
                continue
            source = self.source_of_verb(verb, lemma)
            if not source.speakers and lemma not in self.cues.impersonal:
                continue  # nobody is named who says it
            denied = lemma in self.cues.denying
            if self.stances.of(verb).negated and not denied:
                continue  # "sagte nicht, dass …": nobody says it
            modality = Modality.INTENDED if lemma in self.cues.demanding else None
            yield indirect(sentence, content, source, modality, denied)

    def _content(self, verb: Token, lemma: str) -> set[int]:
        labels = self.syntax.labels
        found: set[int] = set()
        for child in verb.children:
            if child.dep_ not in labels.complement_clause | labels.open_clause | labels.parataxis:
                continue
            if not is_verb(child) and not any(c.dep_ in labels.copula | labels.auxiliary for c in child.children):
                continue
            if child.dep_ in labels.open_clause and lemma not in self.cues.with_infinitive:
                continue
            if self._is_circumstance(child):
                continue
            found |= {
                t.i for t in child.subtree if not t.is_punct or t.i not in (child.left_edge.i, child.right_edge.i)
            }
        if not found and verb.dep_ in labels.parataxis and is_verb(verb.head):
            found = {t.i for t in verb.head.subtree} - {t.i for t in verb.subtree}
        return found

    def _is_circumstance(self, clause: Token) -> bool:
        """A clause with another conjunction than "dass" or "ob" tells when or why, not what is said."""
        markers = [c.lower_ for c in clause.children if c.dep_ in self.syntax.labels.marker and c.tag_ != "PTKZU"]
        return bool(markers) and not any(marker in self.cues.content_markers for marker in markers)

    def _content_by_order(self, verb: Token, lemma: str) -> set[int]:
        """What follows the comma after a reporting verb, if it begins with "dass" or is in the Konjunktiv."""
        if lemma in self.cues.quoting:
            return set()
        sentence = verb.sent
        comma = next((t for t in sentence if t.i > verb.i and t.text in (",", ":")), None)
        if comma is None or comma.i + 2 >= sentence.end:
            return set()
        rest = sentence.doc[comma.i + 1 : sentence.end]
        finite = next((t for t in rest if t.tag_ in ("VVFIN", "VAFIN", "VMFIN")), None)
        reported = rest[0].lower_ in self.cues.content_markers
        if not reported and (
            finite is None or mood(finite) not in ("sub1", "sub2") or rest[0].tag_ in ("KOUS", "PRELS")
        ):
            return set()
        return {t.i for t in rest}

    def _told(self, verb: Token, lemma: str) -> set[int]:
        """What is told by a noun alone: "berichteten von Toten", "dementierte die Festnahme"."""
        for argument in self.syntax.arguments(verb):
            told = argument.slot == "obj" and lemma in self.cues.with_object
            told = told or (argument.slot in self.cues.tellers and lemma in self.cues.telling)
            if told and argument.rank == 0:
                return {t.i for t in argument.token.subtree}
        return set()

    def source_of_verb(self, verb: Token, lemma: str) -> Source:
        """The subject of a reporting verb; of "es heißt", the paper or mouth it is in."""
        for argument in self.syntax.arguments(verb):
            if argument.slot == "subj" and argument.token.lower_ not in self.cues.nobody:
                if self.syntax.preposition(argument.token)[0]:
                    continue  # the parse took a phrase for the subject
                speakers = self.referents.of(argument.token)
                if speakers:
                    return Source(verb, speakers, argument.token)
        if lemma in self.cues.reporting and not self.syntax.is_passive(verb):
            subject = self._subject_by_order(verb)
            if subject is not None:
                return Source(verb, self.referents.of(subject), subject)
        if lemma in self.cues.impersonal or self.syntax.is_passive(verb):
            for argument in self.syntax.arguments(verb):
                if argument.slot in self.cues.impersonal_sources and argument.rank == 0:
                    return Source(verb, self.referents.of(argument.token), argument.token)
        return Source(verb, (), None)

    def _subject_by_order(self, verb: Token) -> Token | None:
        """The noun phrase before a finite verb, or right behind it, that no preposition opens."""
        if verb.tag_ != "VVFIN":
            return None
        for token in reversed(verb.doc[segment(verb).start : verb.i]):
            if token.is_punct:
                break
            if token.pos_ in ("NOUN", "PROPN") and not self.syntax.preposition(token)[0]:
                return token if self.referents.is_actor(token) else None
        following = verb.doc[verb.i + 1 : verb.i + 4]
        for token in following:
            if token.pos_ in ("NOUN", "PROPN"):
                return token if self.referents.is_actor(token) else None
            if token.pos_ not in ("DET", "ADJ"):
                break
        return None

    # --- by the order of words -------------------------------------------------------------------

    def _reporting(self, token: Token) -> bool:
        """Whether a token's form is a finite form of a reporting verb, whatever the tagger made of it."""
        if token.tag_ not in ("VVFIN", "VVPP", "PPOSAT", "VVINF"):
            return False
        lemma = self.lemma(token)
        return lemma in self.cues.reporting or lemma in self.cues.as_verbs

    def _by_as_clause(self, sentence: Span) -> Iterator[Speech]:
        """ "Wie X mitteilte, …" and "…, wie X berichtet, …": the rest of the sentence is said."""
        doc = sentence.doc
        for token in sentence:
            if token.lower_ != self.cues.as_ or (token.i > sentence.start and doc[token.i - 1].text != ","):
                continue
            end = next((t.i for t in sentence if t.i > token.i and t.text in (",", ".")), sentence.end)
            clause = doc[token.i : end]
            verb = next((t for t in reversed(clause) if self._reporting(t)), None)
            if verb is None and end < sentence.end:  # the speaker has an apposition between commas
                later = next((t.i for t in sentence if t.i > end and t.text in (",", ".")), sentence.end)
                clause, end = doc[token.i : later], later
                verb = next((t for t in reversed(clause) if self._reporting(t)), None)
            if verb is None:
                continue
            subject = next((t for t in clause[1:] if t.pos_ in ("NOUN", "PROPN", "PRON") and t.tag_ != "PRF"), None)
            named = self.source_of_verb(verb, self.lemma(verb))
            if named.speaker is not None and token.i < named.speaker.i < end:
                subject = named.speaker
            if subject is None:
                continue
            source = Source(verb, self.referents.of(subject), subject)
            if self.cues.is_noun_of_saying(subject.lemma_):
                source = self.source_of_noun(subject)
            content = {t.i for t in sentence if not token.i <= t.i < end}
            if len(content) > FEW:
                yield indirect(sentence, content, Source(verb, source.speakers, source.speaker))

    def _by_inversion(self, sentence: Span) -> Iterator[Speech]:
        """ "…, sagte X" and "…, meinen Experten": what stands before is said, and what follows in the Konjunktiv."""
        doc = sentence.doc
        for token in sentence:
            if token.i <= sentence.start + FEW or doc[token.i - 1].text != ",":
                continue
            impersonal = (
                self.lemma(token) in self.cues.impersonal and doc[token.i + 1 : token.i + 2].text in self.cues.nobody
            )
            if not impersonal and not self._reporting(token):
                continue
            end = next((t.i for t in sentence if t.i > token.i and t.text in (",", ".", "!", "?", ":")), sentence.end)
            if end - token.i > _LONGEST_INVERSION:
                continue
            named = self.source_of_verb(token, self.lemma(token))
            speaker = named.speaker if named.speaker is not None and token.i < named.speaker.i < end else None
            if speaker is None:
                speaker = next((t for t in doc[token.i + 1 : end] if t.pos_ in ("NOUN", "PROPN", "PRON")), None)
            if speaker is None or speaker.tag_ in ("PRF", "PRELS"):
                continue
            content = {t.i for t in sentence if t.i < token.i - 1}
            rest = doc[end + 1 : sentence.end] if end < sentence.end else doc[0:0]
            if any(mood(t) in ("sub1", "sub2") for t in rest):
                content |= {t.i for t in rest}
            yield indirect(sentence, content, Source(token, self.referents.of(speaker), speaker))

    # --- nouns -----------------------------------------------------------------------------------

    def _by_noun(self, sentence: Span) -> Iterator[Speech]:
        """A noun of saying with a clause: "die Ansicht, dass …", "der Vorwurf, … zu haben"."""
        labels = self.syntax.labels
        for noun in sentence:
            if noun.pos_ != "NOUN" or not self.cues.is_noun_of_saying(noun.lemma_):
                continue
            for child in noun.children:
                clause = child.dep_ in labels.complement_clause | labels.relative_clause and is_verb(child)
                if not clause or child.i < noun.i or any(t.tag_ in ("PRELS", "PRELAT") for t in child.subtree):
                    continue
                source = self.source_of_noun(noun)
                content = {t.i for t in child.subtree}
                if source.speakers and len(content) > FEW:
                    yield indirect(sentence, content, source, self.stances.cues.clause_heads.get(noun.lemma_))

    def source_of_noun(self, noun: Token) -> Source:
        """Whom a noun of saying belongs to: its genitive or possessive, else the subject of its verb."""
        for argument in self.syntax.arguments(noun):
            if argument.slot == "of":
                return Source(noun, self.referents.of(argument.token), argument.token)
            if argument.slot == "poss":
                return Source(noun, self.referents.possessor(argument.token), argument.token)
        subject = self.syntax.subject(clause_of(noun))
        if subject is not None and subject.i != noun.i:
            return Source(noun, self.referents.of(subject), subject)
        return Source(noun, (), None)
