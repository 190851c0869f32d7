"""Arguments that are no dependents of their verb: shared with other verbs, or hung elsewhere by the parse.

A verb shares its subject, object and agent with verbs coordinated to it, an infinitive takes its subject from the verb
that governs it, and a parser often hangs a phrase of the clause on a noun beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spacy.tokens import Token

from schachzug.nouns import nouns
from schachzug.subjects import Argument
from schachzug.tokens import NOMINAL, has_zu, is_finite_form, is_full_verb
from schachzug.voice import control

if TYPE_CHECKING:
    from schachzug.syntax import Syntax

_BOUNDS = frozenset(",;:()–—")
_NOUNS = frozenset({"NOUN", "PROPN", "PRON"})
_NEAR = 3
DEEP = 3


class ClauseScope:
    """Looks beyond the dependents of the verbs of one document."""

    def __init__(self, syntax: Syntax) -> None:
        self.syntax = syntax
        self._segments: dict[int, range] = {}
        self._nouns = syntax.positions.of("POS", _NOUNS)
        # Where a clause ends in what may be the particle of a verb before.
        may_end = (syntax.doc[i] for i in syntax.positions.of("TAG", frozenset({"PTKVZ", "APPR"})))
        self._ends = [t.i for t in may_end if t.tag_ == "PTKVZ" or t.n_lefts + t.n_rights == 0]

    # --- shared ----------------------------------------------------------------------------------

    def shared(self, verb: Token, found: list[Argument], passive: bool) -> list[Argument]:
        """Agent and object that a verb shares with one coordinated to it; the object of a causative verb."""
        labels = self.syntax.labels
        slots = {a.slot for a in found}
        more: list[Argument] = []
        head = verb.head
        if verb.dep_ in labels.conjunct and head != verb and is_full_verb(head):
            if passive and "subj" not in slots and self.syntax.is_passive(head):
                more += [Argument("subj", a.token, rank=1) for a in self._own(head) if a.slot == "subj"]
            elif not passive and "obj" not in slots and verb.i - head.i <= _NEAR:
                more += [Argument("obj", a.token, rank=2) for a in self._own(head) if a.slot == "obj"]
        elif not passive and "obj" not in slots:
            if head != verb and head.lemma_ in control()["causative"] and _is_infinitive(verb):
                more += [Argument("obj", c, rank=1) for c in head.children if c.dep_ in labels.object and c.i != verb.i]
            following = next((c for c in verb.children if c.dep_ in labels.conjunct and is_full_verb(c)), None)
            if not more and following is not None and 0 < following.i - verb.i <= _NEAR:
                more += [Argument("obj", c, rank=2) for c in following.children if c.dep_ in labels.object]
        return [a for a in more if a.token.tag_ != "PRF"]

    def _own(self, verb: Token) -> tuple[Argument, ...]:
        return tuple(a for a in self.syntax.arguments(verb) if a.rank <= 1)

    def controller(self, verb: Token) -> Token | None:
        """Whom a verb of asking, forcing or blaming says the infinitive of: its object ("forderte sie auf, … zu …")."""
        head, labels = verb.head, self.syntax.labels
        if head == verb or not has_zu(verb):
            return None
        nearer = self._governor(verb)
        if nearer is not None and head.i < nearer.i:
            return self.syntax.own_subject(nearer)
        if not is_full_verb(head):
            return None
        particle = self.syntax.particle(head)
        if particle + head.lemma_.removeprefix(particle) not in control()["object"]:
            return None
        objects = [a.token for a in self.syntax.arguments(head) if a.slot in ("obj", "iobj")]
        objects = [t for t in objects if t.tag_ != "PRF" and t.dep_ not in labels.open_clause]
        return objects[0] if objects else None

    def relative_article(self, verb: Token, found: list[Argument]) -> list[Argument]:
        """The arguments of a relative clause whose pronoun was taken for the article of the name behind it."""
        found = self._with_relative(verb, found)
        if verb.dep_ not in self.syntax.labels.relative_clause:
            return found
        start = self.segment(verb)[0]
        first = verb.doc[start]
        slots = self.syntax.prepositions.relatives.get(first.lower_)
        name = first.head
        if slots is None or first.tag_ != "ART" or name.i != first.i + 1 or name.pos_ != "PROPN":
            return found
        antecedent = verb.head if verb.head.pos_ in NOMINAL else self.syntax.noun_before(first)
        if antecedent is None:
            return found
        kept = [a for a in found if a.token.i != name.i]
        return [*kept, Argument("subj", name), *(Argument(slot, antecedent, rank=1) for slot in slots)]

    @staticmethod
    def _governor(verb: Token) -> Token | None:
        """The finite verb next before an infinitive, or the verb that it is the auxiliary of."""
        for token in reversed(verb.doc[verb.sent.start : verb.i]):
            if is_finite_form(token):
                return token.head if token.dep_.startswith("aux") else token
        return None

    # --- misplaced -------------------------------------------------------------------------------

    def segment(self, verb: Token) -> range:
        """The stretch between commas that a verb stands in, without other verbs coordinated to it."""
        found = self._segments.get(verb.i)
        if found is None:
            found = self._segments[verb.i] = self._segment(verb)
        return found

    def _segment(self, verb: Token) -> range:
        doc, sentence = verb.doc, verb.sent
        left = right = verb.i
        while left > sentence.start and not self._is_bound(doc[left - 1]):
            left -= 1
        while right + 1 < sentence.end and not self._is_bound(doc[right + 1]):
            right += 1
        return range(left, right + 1)

    @staticmethod
    def _is_bound(token: Token) -> bool:
        return token.text in _BOUNDS or (token.tag_ == "KON" and token.head.tag_.startswith(("VV", "VA", "VM")))

    def _loose(self, verb: Token, found: list[Argument]) -> Iterator[Token]:
        """Nouns of the verb's segment that are not among its arguments."""
        taken = {a.token.i for a in found}
        stretch = self.segment(verb)
        for token in self.syntax.positions.within(verb.doc[stretch.start : stretch.stop], self._nouns):
            if token.i not in taken and self._belongs(token, verb):
                yield token

    def _belongs(self, token: Token, verb: Token) -> bool:
        """Whether no other full verb governs a token within its segment."""
        for steps, ancestor in enumerate(token.ancestors):
            if ancestor == verb:
                return True
            if steps > DEEP or is_full_verb(ancestor):
                return False
        return False

    def behind_relative(self, verb: Token) -> Token | None:
        """The name that must be the subject in "in dem Russland …", though the parse took it for the place."""
        for child in verb.children:
            first = next(iter(child.children), None)
            if first is not None and first.dep_ in self.syntax.labels.case and self.syntax.is_behind_relative(child):
                return child
        return None

    def _with_relative(self, verb: Token, found: list[Argument]) -> list[Argument]:
        """The arguments with the pronoun, not the name behind it, after the preposition."""
        name = self.behind_relative(verb)
        if name is None:
            return found
        result = [a for a in found if a.slot != "subj" and a.token != name]
        antecedent = self.syntax.noun_before(name.left_edge)
        marker = next(c for c in name.children if c.dep_ in self.syntax.labels.case)
        if antecedent is not None:
            result.append(Argument(self.syntax.prepositions.of(marker)[0], antecedent, rank=1))
        return [*result, Argument("subj", name)]

    def opens_clause(self, token: Token, before: Token) -> bool:
        """Whether a noun that the parse coordinated to one before begins a clause ("… nach Minsk, Berlin schwieg")."""
        end = token.i + 1
        if end >= token.sent.end or not is_finite_form(token.doc[end]) or token.i < before.i:
            return False
        return any(is_finite_form(token.doc[i]) for i in self.segment(before) if i < before.i)

    def clause_opener(self, verb: Token) -> Token | None:
        """The noun right before a finite verb that the parse coordinated to a noun of the clause before."""
        if not is_finite_form(verb) or verb.i == verb.sent.start:
            return None
        noun = verb.nbor(-1)
        coordinated = noun.dep_ in self.syntax.labels.conjunct and noun.pos_ in ("NOUN", "PROPN")
        return noun if coordinated and self.opens_clause(noun, noun.head) else None

    def misplaced(self, verb: Token, found: list[Argument], passive: bool) -> Iterator[Argument]:
        """Prepositional phrases of the clause that hang deeper in it; a last resort, hence their rank."""
        agents = self.syntax.prepositions.agents
        agentless = passive and not any(a.slot == "subj" for a in found)
        for token in self._loose(verb, found):
            name, case = self.syntax.preposition(token)
            if name:
                yield Argument(name, token, case, DEEP)
                if agentless and name in agents:
                    yield Argument("subj", token, rank=DEEP)
            elif self._may_be_dative(token):
                yield Argument("iobj", token, "dat", DEEP)

    def _may_be_dative(self, token: Token) -> bool:
        """Whether a noun that the parse took for a genitive may be a dative by its article ("der ECOWAS beitreten")."""
        forms = self.syntax.prepositions.case_forms["dat"]
        first = next(iter(token.children), None)
        governed = token.dep_ in self.syntax.labels.noun_modifier and token.head.pos_ in NOMINAL
        return governed and first is not None and first.pos_ == "DET" and first.lower_ in forms

    def bare_title(self, verb: Token, found: list[Argument]) -> Iterator[Argument]:
        """A title with its name that the parse took for an apposition to the name before it ("in Bagdad General X")."""
        slots = {a.slot for a in found}
        if "obj" in slots and "iobj" in slots:
            return
        for token in self._loose(verb, found):
            head = token.head
            near = token.dep_ in self.syntax.labels.apposition and token.left_edge.i == head.i + 1
            if near and head.pos_ == "PROPN" and token.pos_ == "NOUN" and nouns().is_title(token.lemma_):
                yield Argument("iobj" if "obj" in slots else "obj", token, rank=2)
                return

    def far_particle(self, verb: Token) -> str:
        """The particle at the end of a main clause that the parse left without its verb, or ""."""
        if verb.tag_ != "VVFIN":
            return ""
        end = verb.sent.end
        for i in self._ends:
            token = verb.doc[i]
            if not verb.i < i < end or is_full_verb(token.head):
                continue
            if i + 1 == end or token.nbor().is_punct or token.nbor().tag_ == "KON":
                between = verb.doc[verb.i + 1 : i]
                other = (t for t in between if t.tag_.startswith(("VV", "VA", "VM")) and t.head != verb)
                return "" if any(t.dep_ not in ("acl", "advcl") for t in other) else str(token.lower_)
        return ""

    def left_over(self, verb: Token, found: list[Argument]) -> Token | None:
        """A name that must be the subject: it stands right after the object and the clause has no other subject."""
        for argument in found:
            if argument.slot != "obj" or argument.rank:
                continue
            for child in argument.token.children:
                bare = child.pos_ == "PROPN" and child.i == argument.token.i + 1 and not child.lower_.endswith("s")
                apposed = child.dep_ in self.syntax.labels.apposition and argument.token.pos_ == "NOUN"
                if bare and apposed and argument.token.i < verb.i:
                    return child
        return None


def _is_infinitive(token: Token) -> bool:
    return token.tag_ == "VVINF" or (token.tag_ == "VVFIN" and token.lower_ == token.lemma_.lower())
