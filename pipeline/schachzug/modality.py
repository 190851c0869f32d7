"""How surely a situation is stated, and whether it is denied: from verb forms, adverbs and what governs it.

The weakest statement on the way from the trigger up to the clause that is asserted wins, in the
order asserted, predicted, probable, possible, intended; negations on the way are counted.
"""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from schachzug.cues import Operator, modality_cues
from schachzug.lexicon import bare_forms
from schachzug.syntax import Syntax
from schachzug.tokens import clause_of, feature, has_zu, is_verb
from schachzug.types import Modality
from schachzug.verb_forms import mood

_WEAKNESS = list(Modality)
_DEPTH = 5


@dataclass(frozen=True)
class Stance:
    """How a situation stands in its sentence, before who says so is known."""

    modality: Modality
    negated: bool
    counterfactual: bool = False


class StanceReader:
    """Reads the stance of triggers in one document."""

    def __init__(self, syntax: Syntax) -> None:
        self.syntax = syntax
        self.cues = modality_cues()
        self._reported = False

    def of(self, trigger: Token, reported: bool = False) -> Stance:
        """The stance of the situation that a trigger evokes.

        Args:
            trigger: the word that evokes it.
            reported: whether it stands in indirect speech, where Konjunktiv II only stands in for Konjunktiv I.
        """
        self._reported = reported
        modalities: list[Modality] = []
        negations = 0
        counterfactual = False
        if not is_verb(trigger) and not self._is_predicate(trigger):
            found, negative = self._nominal(trigger)
            modalities += found
            negations += negative
            if not self._passes(trigger):
                return Stance(_weakest(modalities), negations % 2 == 1)
        verb = trigger if is_verb(trigger) or self._is_predicate(trigger) else clause_of(trigger)
        for step in range(_DEPTH):
            found, negative, past = self._clause(verb, trigger)
            modalities += found
            negations += negative
            counterfactual = counterfactual or past
            above = self._above(verb)
            if above is None:
                break
            found, negative = self._governed(verb, above)
            modalities += found
            negations += negative
            if not (found or negative) and step == 0 and not self._open_content(verb):
                break
            if verb.dep_ not in self.syntax.labels.open_clause and not self._open_content(verb):
                break
            verb = above
        return Stance(_weakest(modalities), negations % 2 == 1, counterfactual)

    # --- a clause --------------------------------------------------------------------------------

    def _is_predicate(self, token: Token) -> bool:
        return bool(self.syntax.children(token, "copula")) or token.dep_ in self.syntax.labels.root

    def _clause(self, verb: Token, trigger: Token) -> tuple[list[Modality], int, bool]:
        """Modalities, negations and past counterfactual of a clause by itself."""
        cues = self.cues
        found: list[Modality] = []
        auxiliaries = [c for c in verb.children if c.dep_ in self.syntax.labels.auxiliary | self.syntax.labels.copula]
        shared = verb.head if verb.dep_ in self.syntax.labels.conjunct and not auxiliaries else None
        if shared is not None and feature(verb, "VerbForm") != "Fin":
            auxiliaries = [c for c in shared.children if c.dep_ in self.syntax.labels.auxiliary]
        infinitive = verb.tag_ in ("VVINF", "VAINF") or (feature(verb, "VerbForm") == "Inf")
        past = False
        for auxiliary in auxiliaries:
            form = mood(auxiliary)
            if auxiliary.lemma_ in cues.modal_verbs:
                value = self._modal(auxiliary, verb, form)
                if value:
                    found.append(Modality(value))
            elif auxiliary.lemma_ == cues.future_verb and (infinitive or self._has_infinitive(verb)):
                if (auxiliary.tag_ == "VAFIN" and feature(auxiliary, "Tense") != "Past") or form == "sub2":
                    found.append(Modality(cues.future["sub2" if form == "sub2" and not self._reported else "ind"]))
            elif form == "sub2" and auxiliary.tag_ == "VAFIN" and not self._reported:
                found.append(cues.bare_sub2)
                past = past or feature(verb, "VerbForm") == "Part" or verb.tag_ == "VVPP"
        if is_verb(verb) and mood(verb) == "sub2" and not self._reported:
            found.append(cues.bare_sub2)
        found += self._adverbs(verb)
        if not is_verb(verb):  # "Ziel ist der Sturz der Regierung"
            subjects = self.syntax.children(verb, "subject")
            found += [cues.clause_heads[s.lemma_] for s in subjects if s.lemma_ in cues.clause_heads]
        if self._open_condition(verb):
            found.append(Modality.POSSIBLE)
        return found, self._negations(verb, trigger), past

    def _modal(self, modal: Token, verb: Token, form: str) -> str | None:
        """What a modal verb makes of its content; the past or a perfect infinitive may change its meaning."""
        meanings = self.cues.modal_verbs[modal.lemma_]
        if form == "sub2" and not (
            self._reported and "ind" in meanings and modal.lemma_ not in self.cues.weak_subjunctives
        ):
            return meanings.get("sub2")
        if "perfect" in meanings and self._has_perfect_infinitive(verb):
            return meanings["perfect"]
        if "past" in meanings and feature(modal, "Tense") == "Past":
            return meanings["past"]
        return meanings.get("ind")

    def _has_perfect_infinitive(self, verb: Token) -> bool:
        """ "getötet worden sein", "erfahren haben": what is said to have happened already."""
        return verb.tag_ == "VVPP" and any(
            c.lower_ in self.cues.perfect_auxiliaries and (c.tag_ == "VAINF" or c.i == verb.i + 1)
            for c in verb.children
        )

    def _has_infinitive(self, verb: Token) -> bool:
        """A passive or perfect infinitive: "wird abgezogen werden"."""
        return any(c.tag_ in ("VAINF", "VMINF") for c in verb.children)

    def _adverbs(self, verb: Token) -> list[Modality]:
        found = []
        for child in verb.children:
            value = self.cues.adverbs.get(child.lower_) or self.cues.adverbs.get(child.lemma_)
            if value is not None and child.pos_ not in ("NOUN", "PROPN", "VERB"):
                found.append(value)
        if any(c.lower_ in self.cues.purpose for c in self.syntax.children(verb, "marker")) and has_zu(verb):
            found.append(Modality.INTENDED)
        return found

    def _open_condition(self, verb: Token) -> bool:
        for child in verb.children:
            if child.dep_ in self.syntax.labels.marker and child.lower_ in self.cues.open_conditions:
                before = self.syntax.doc[child.i - 1].lower_ if child.i else ""
                if before in self.cues.concessive:
                    return False
                return child.lower_ != "wenn" or not self._is_past_tense(verb)
        return False

    def _is_past_tense(self, verb: Token) -> bool:
        return any(feature(t, "Tense") == "Past" and mood(t) == "ind" for t in (verb, *verb.children))

    def _negations(self, verb: Token, trigger: Token | None = None) -> int:
        """How often a clause is negated. A negative determiner of the trigger itself is counted with the trigger."""
        count = self._negated_before(verb)
        if not is_verb(verb) and self._is_negative_noun(verb):
            count += 1
        for child in verb.children:
            if trigger is not None and child.i == trigger.i:
                continue
            if (
                self._negates(child)
                or (child.lower_ in self.cues.no_longer and any(self._negates(c) for c in child.children))
                or (
                    child.dep_ in self.syntax.labels.object | self.syntax.labels.subject
                    and self._is_negative_noun(child)
                )
                or (child.dep_ in self.syntax.labels.marker and child.lower_ in self.cues.negative_conjunctions)
                or (child.dep_ in self.syntax.labels.oblique and child.pos_ == "NOUN" and self._is_negative_noun(child))
            ):
                count += 1
        return count

    def _negated_before(self, verb: Token) -> int:
        """A "nicht" before the verb that the parse hung on an adverb ("bis heute nicht beigetreten"), or a "weder"."""
        i = verb.i - 1
        start = verb.sent.start
        while i >= start and verb.doc[i].tag_ in ("ADV", "ADJD", "PTKZU", "VAINF"):
            i -= 1
        if i >= start and verb.doc[i].head != verb and self._negates(verb.doc[i]):
            return 1
        inside = (t for t in verb.subtree if t.lower_ in self.cues.both_negated and t.head != verb)
        return int(any(clause_of(t.head).i == verb.i for t in inside))

    def _negates(self, token: Token) -> bool:
        if token.lower_ not in self.cues.negators or token.pos_ in ("NOUN", "VERB"):
            return False
        following = self.syntax.doc[token.i + 1].lower_ if token.i + 1 < len(self.syntax.doc) else ""
        return following not in self.cues.not_after

    def _is_negative_noun(self, noun: Token) -> bool:
        return any(
            (c.lower_.startswith(self.cues.negative_determiners) and c.dep_ in self.syntax.labels.determiner)
            or (c.lower_ in self.cues.hardly_any and c.i < noun.i)
            for c in noun.children
        )

    # --- a noun ----------------------------------------------------------------------------------

    def _nominal(self, noun: Token) -> tuple[list[Modality], int]:
        found: list[Modality] = []
        negations = 0
        for child in noun.children:
            value = self.cues.adjectives.get(child.lemma_) or self.cues.adjectives.get(bare_forms(child.lower_)[-1])
            if value is not None and child.dep_ in self.syntax.labels.adjective_modifier:
                found.append(value)
            if child.dep_ in self.syntax.labels.case and child.lower_ in self.cues.negative_prepositions:
                negations += 1
        if self._is_negative_noun(noun):
            negations += 1
        governor = noun.head
        operator = self._operator(governor)
        judged, negative = self._judged(governor)
        found += judged
        negations += negative
        subject = noun.dep_ in self.syntax.labels.subject
        passive = subject and (self.syntax.is_passive(governor) or governor.tag_ == "VVPP")
        if subject and not passive:
            more, negative = self._predicated(governor)
            found += more
            negations += negative
        if operator is not None and (passive or not subject):
            slot = self.syntax.preposition(noun)[0] or "obj"
            if slot in operator.noun_slots:
                found.append(operator.content)
                negations += operator.negates
        elif governor.pos_ == "NOUN" and governor.lemma_ in self.cues.clause_heads:
            found.append(self.cues.clause_heads[governor.lemma_])
        return found, negations

    def _judged(self, governor: Token) -> tuple[list[Modality], int]:
        """What is made of a noun by an adjective: "gilt als unwahrscheinlich", "halten einen Abzug für denkbar"."""
        if not is_verb(governor):
            return [], 0
        for child in governor.children:
            if child.tag_ in ("ADJD", "ADJA") and any(c.dep_ in self.syntax.labels.case for c in child.children):
                if child.lemma_ in self.cues.excluded:
                    return [], 1
                if child.lemma_ in self.cues.clause_heads:
                    return [self.cues.clause_heads[child.lemma_]], 0
        return [], 0

    def _predicated(self, predicate: Token) -> tuple[list[Modality], int]:
        """What a noun's predicate says of it: "ein Abzug ist denkbar", "ist ausgeschlossen", "fand nicht statt"."""
        lemma = predicate.lemma_
        negations = self._negations(predicate)
        if lemma in self.cues.excluded:
            return [], 1 + negations
        value = self.cues.clause_heads.get(lemma)
        if value is not None:
            return [value], negations
        operator = self._operator(predicate)
        if operator is not None and any(c.tag_ == "PTKZU" for c in predicate.children):
            return [operator.content], negations
        if self.syntax.particle(predicate) + lemma in self.cues.existential:
            return [], negations
        return [], 0

    def _passes(self, noun: Token) -> bool:
        """Whether the stance of the clause is the noun's own: it is the object of its verb, not a mere circumstance."""
        return noun.dep_ in self.syntax.labels.object and is_verb(noun.head)

    # --- what governs a clause -------------------------------------------------------------------

    def _operator(self, token: Token) -> Operator | None:
        particle = self.syntax.particle(token)
        return self.cues.operators.get(particle + token.lemma_ if particle else token.lemma_)

    def _open_content(self, verb: Token) -> bool:
        """Whether a clause is the content of what governs it; one that tells when or why is not."""
        if verb.dep_ in self.syntax.labels.open_clause:
            return True
        if verb.dep_ not in self.syntax.labels.complement_clause:
            return False
        markers = [c.lower_ for c in verb.children if c.dep_ in self.syntax.labels.marker and c.tag_ == "KOUS"]
        return not markers or any(marker in self.cues.content_markers for marker in markers)

    def _above(self, verb: Token) -> Token | None:
        """The predicate that a clause is the content of (or shares its stance with, when coordinated)."""
        labels = self.syntax.labels
        if self._open_content(verb) or verb.dep_ in labels.relative_clause:
            return verb.head
        if verb.dep_ in labels.conjunct and verb.head.dep_ in labels.complement_clause | labels.open_clause:
            return verb.head.head
        return None

    def _governed(self, verb: Token, above: Token) -> tuple[list[Modality], int]:
        operator = self._operator(above)
        if operator is not None:
            return [operator.content], int(operator.negates)
        value = self.cues.clause_heads.get(above.lemma_) or self.cues.clause_heads.get(above.text)
        if value is not None and not any(t.tag_ in ("PRELS", "PRELAT") for t in verb.children):
            return [value], 0
        return [], 0


def _weakest(modalities: list[Modality]) -> Modality:
    return max(modalities, key=_WEAKNESS.index, default=Modality.ASSERTED)
