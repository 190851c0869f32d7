"""A parser-neutral view of a parsed sentence: the arguments of verbs and nouns, by slot.

The labels that parsers use stand in `ontology/lexicon/labels.yaml`; this module asks only for
neutral names. An argument carries its slot ("subj", "obj", "gegen" …), its case where the form
fixes it, and how directly it depends on the predicate (rank 0 is a dependent of its own).
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Span, Token

from schachzug.clause_scope import ClauseScope
from schachzug.datelines import datelines
from schachzug.grammar import labels, prepositions
from schachzug.positions import Positions
from schachzug.subjects import Argument, told_apart
from schachzug.tokens import NOMINAL, feature, has_relative, has_zu, is_verb
from schachzug.voice import Voice


class Syntax:
    """The arguments in one parsed document."""

    def __init__(self, doc: Doc, scheme: str = "ud") -> None:
        self.doc = doc
        self.labels = labels(scheme)
        self.prepositions = prepositions()
        self._cache: dict[int, tuple[Argument, ...]] = {}
        self._particles: dict[int, str] = {}
        self._prepositions: dict[int, tuple[str, str]] = {}
        self._conjuncts: dict[int, tuple[Token, ...]] = {}
        self.positions = Positions(doc)
        self._nouns = self.positions.of("POS", frozenset({"NOUN"}))
        self.sentences = [sentence for sentence in doc.sents if not all(t.is_space for t in sentence)]
        self.voice = Voice(self.labels)
        self.scope = ClauseScope(self)
        self.datelines = datelines(doc)

    # --- small questions -------------------------------------------------------------------------

    def nouns_of(self, sentence: Span) -> Iterator[Token]:
        """The common nouns of a sentence."""
        return self.positions.within(sentence, self._nouns)

    def children(self, token: Token, name: str) -> list[Token]:
        """The dependents that bear one of a neutral name's labels."""
        wanted = getattr(self.labels, name)
        return [c for c in token.children if c.dep_ in wanted]

    def particle(self, verb: Token) -> str:
        """The separated particle of a verb, lower case, or ""."""
        if verb.i not in self._particles:
            self._particles[verb.i] = self._particle(verb)
        return self._particles[verb.i]

    def _particle(self, verb: Token) -> str:
        found = ""
        for child in verb.children:  # the last one: "lehnte von Anfang an ab"
            if child.dep_ in self.labels.particle or child.tag_ == "PTKVZ":
                found = child.lower_
        return found or self.scope.far_particle(verb)

    def preposition(self, noun: Token) -> tuple[str, str]:
        """The preposition before a noun and the case it has there, ("", "") without one."""
        found = self._prepositions.get(noun.i)
        if found is None:
            found = self._prepositions[noun.i] = self._preposition(noun)
        return found

    def _preposition(self, noun: Token) -> tuple[str, str]:
        marker = next((c for c in noun.children if c.dep_ in self.labels.case), None)
        if marker is None or self.is_behind_relative(noun):
            return "", ""
        name, case = self.prepositions.of(marker)
        return name, case or self._case(noun, bare_is_open=True)

    @staticmethod
    def is_behind_relative(noun: Token) -> bool:
        """Whether a relative pronoun stands between a preposition and a name: they belong together, not to the name."""
        return noun.pos_ == "PROPN" and any(c.tag_ == "PRELS" and c.i == noun.i - 1 for c in noun.children)

    def _case(self, noun: Token, bare_is_open: bool = False) -> str:
        """The case of a noun: by its determiner, else by its features; a bare noun's features are a guess."""
        bare = True
        for child in noun.children:
            if child.dep_ in self.labels.determiner and child.i < noun.i:
                forms = self.prepositions.case_forms
                hits: list[str] = [case for case, words in forms.items() if child.lower_ in words]
                if len(hits) == 1:
                    return hits[0]
                if set(hits) == {"dat", "acc"} and (number := feature(noun, "Number")):
                    return "acc" if number == "Sing" else "dat"  # "in den Hafen", "in den Häfen"
            bare = bare and child.dep_ not in self.labels.determiner | self.labels.adjective_modifier
        if bare and bare_is_open:
            return ""
        return {"Dat": "dat", "Acc": "acc", "Gen": "gen"}.get(feature(noun, "Case"), "")

    def is_reflexive(self, verb: Token) -> bool:
        """Whether "sich" depends on the verb (or stands in its clause right beside it)."""
        return any(c.tag_ == "PRF" for c in verb.children)

    def is_passive(self, verb: Token) -> bool:
        """Whether a verb form is passive (see `voice`)."""
        return self.voice.is_passive(verb)

    def conjuncts(self, token: Token) -> list[Token]:
        """The token and what is coordinated with it to the right, in order of the text."""
        known = self._conjuncts.get(token.i)
        if known is None:
            known = self._conjuncts[token.i] = tuple(self._coordinated(token))
        return list(known)

    def _coordinated(self, token: Token) -> list[Token]:
        found = [token]
        for item in found:
            for child in item.children:
                if child.dep_ not in self.labels.conjunct or child.i in self.datelines:
                    continue
                if self.scope.opens_clause(child, item) or self._is_compared(child):
                    continue
                if child.pos_ in NOMINAL and child not in found:
                    found.append(child)
        return sorted(found, key=lambda t: t.i)

    def is_relative(self, token: Token) -> bool:
        """Whether a token is a relative pronoun, also where the tagger took it for an article."""
        if token.tag_ in ("PRELS", "PRELAT"):
            return True
        if token.tag_ not in ("ART", "PDS") or token.dep_ not in self.labels.subject | self.labels.object:
            return False
        return token.head.dep_ in self.labels.relative_clause and token.i < token.head.i

    def antecedent(self, relative: Token) -> Token | None:
        """The noun that a relative pronoun refers to."""
        for ancestor in (relative, *relative.ancestors):
            if ancestor.dep_ in self.labels.relative_clause:
                return ancestor.head
        return self.noun_before(relative)

    def noun_before(self, relative: Token) -> Token | None:
        """The noun that stands next before a token, if no verb comes between."""
        for i in range(relative.i - 1, relative.sent.start - 1, -1):
            token = self.doc[i]
            if token.pos_ in ("NOUN", "PROPN"):
                return token
            if token.pos_ == "VERB":
                return None
        return None

    # --- arguments -------------------------------------------------------------------------------

    def arguments(self, token: Token) -> tuple[Argument, ...]:
        """The arguments of a predicate: a verb, a noun, an adjective or participle."""
        found = self._cache.get(token.i)
        if found is None:
            if is_verb(token):
                found = tuple(self._verb_arguments(token))
            elif token.pos_ in ("ADJ", "ADV") or token.tag_ in ("ADJA", "ADJD"):
                found = tuple(self._adjective_arguments(token))
            else:
                found = tuple(self._noun_arguments(token))
            self._cache[token.i] = found
        return found

    @staticmethod
    def _is_compared(noun: Token) -> bool:
        """Whether "als" or "wie" stands before a noun ("als Freund"), but not "als auch" or "wie auch"."""
        return any(c.tag_ == "KOKOM" and c.nbor().tag_ != "ADV" for c in noun.children if c.i < noun.i)

    def _compared(self, child: Token) -> Argument | None:
        """What stands behind "als" or "wie" is compared, whatever the parse calls it ("würdigte X als Freund")."""
        if child.dep_ in self.labels.oblique | self.labels.noun_modifier or child.pos_ not in ("NOUN", "PROPN", "ADJ"):
            return None
        marker = next((c for c in child.children if c.tag_ == "KOKOM" and c.i < child.i), None)
        return None if marker is None else Argument(marker.lower_, child)

    def _oblique(self, child: Token, rank: int) -> Argument | None:
        name, case = self.preposition(child)
        return Argument(name, child, case, rank) if name else None

    def _verb_arguments(self, verb: Token) -> list[Argument]:
        tags = self.labels
        passive = self.is_passive(verb)
        found: list[Argument] = []
        for child in self._dependents(verb):
            dep = child.dep_
            if child.i in self.datelines:
                behind = self._behind_dateline(child)
                if behind is None or dep not in tags.subject:
                    continue
                child = behind
            compared = self._compared(child)
            if compared is not None:
                found.append(compared)
            elif dep in tags.subject and child.pos_ in NOMINAL | {"ADJ", "DET"}:
                found.append(Argument("obj" if passive else "subj", child))
            elif dep in tags.object:
                found.append(Argument("obj", child))
            elif dep in tags.complement_clause:
                found.append(Argument("dass" if self.own_subject(child) is not None else "inf", child))
            elif dep in tags.open_clause:
                found.append(Argument("inf", child))
            if child.lower_ in self.prepositions.here:
                found.append(Argument(self.prepositions.here_slot, child, rank=1))
            elif dep in tags.oblique or dep in tags.noun_modifier:
                oblique = self._oblique(child, 0)
                if oblique is None:
                    if dep in tags.dative or (child.pos_ in NOMINAL and self._case(child) == "dat"):
                        found.append(Argument("iobj", child))
                elif passive and (dep in tags.agent or oblique.slot in self.prepositions.agents):
                    found.append(Argument("subj", child))
                    found.append(oblique)
                else:
                    found.append(oblique)
        found += self.scope.shared(verb, found, passive)
        if not passive and verb.tag_ == "VVFIN" and not any(a.slot == "subj" for a in found):
            fronted = self._fronted(verb)
            if fronted is not None:
                found = [a for a in found if a.token.i != fronted.i] + [Argument("subj", fronted, rank=1)]
        if not any(a.slot == ("obj" if passive else "subj") for a in found):
            inherited = self.scope.clause_opener(verb) or self._inherited_subject(verb)
            if inherited is None and not passive:
                inherited = self.scope.left_over(verb, found)
            if inherited is not None:
                found.append(Argument("obj" if passive else "subj", inherited, rank=1))
        if not passive:
            found = told_apart(
                self.scope.relative_article(verb, found), verb, self.prepositions.no_nominatives, self._number
            )
        found += self._nested(found)
        found += self.scope.bare_title(verb, found)
        found += self.scope.misplaced(verb, found, passive)
        return found

    def _dependents(self, verb: Token) -> list[Token]:
        """A verb's dependents, with those that the parse hung on its auxiliary ("Das Gericht hatte … abgewiesen")."""
        own = list(verb.children)
        for child in verb.children:
            if child.dep_ in self.labels.auxiliary | self.labels.passive_auxiliary:
                own += [c for c in child.children if c.pos_ in NOMINAL]
        return own

    def _behind_dateline(self, token: Token) -> Token | None:
        """The noun behind a dateline that the parse hung on one of its places."""
        return next((t for t in token.subtree if t.i not in self.datelines and t.pos_ in NOMINAL), None)

    def _fronted(self, verb: Token) -> Token | None:
        """A bare name before the finite verb that the parse took for an adverbial ("Südkorea verurteilte …")."""
        for child in verb.children:
            bare = child.i < verb.i and child.pos_ == "PROPN" and not self.preposition(child)[0]
            if bare and child.dep_ not in self.labels.subject | self.labels.object | self.labels.apposition:
                return child
        return None

    def _number(self, token: Token) -> str:
        """Sing or Plur; coordinated nouns are plural; the form of a name does not tell."""
        if any(c.dep_ in self.labels.conjunct and c.pos_ in NOMINAL for c in token.children):
            return "Plur"
        return "" if token.tag_ == "NE" or token.pos_ == "PROPN" else feature(token, "Number")

    def _nested(self, found: list[Argument]) -> list[Argument]:
        """Prepositional phrases inside the direct arguments: a parser often hangs them there."""
        nested = []
        for argument in found:
            if argument.slot in ("dass", "inf"):
                continue
            for child in argument.token.children:
                if child.dep_ in self.labels.noun_modifier or child.dep_ in self.labels.oblique:
                    inner = self._oblique(child, 2)
                    if inner is not None:
                        nested.append(inner)
        return nested

    def own_subject(self, verb: Token) -> Token | None:
        """The subject among a verb's own dependents."""
        for child in self._dependents(verb):
            if child.dep_ in self.labels.subject and child.pos_ in NOMINAL | {"DET", "ADJ"}:
                subject = self._behind_dateline(child) if child.i in self.datelines else child
                if subject is not None:
                    return subject
        return self.scope.behind_relative(verb)

    def subject(self, verb: Token) -> Token | None:
        """The subject of a verb: its own, or the one that it shares with the verb it depends on."""
        return self.own_subject(verb) or self._inherited_subject(verb)

    def _inherited_subject(self, verb: Token, depth: int = 0) -> Token | None:
        tags, head = self.labels, verb.head
        if head == verb or depth > 4:
            return None
        controller = self.scope.controller(verb)
        if controller is not None:
            return controller
        if verb.dep_ in tags.relative_clause and head.pos_ in NOMINAL:
            relative = next((c for c in verb.children if c.tag_ in ("PRELS", "PRELAT")), None)
            if relative is None and has_zu(verb):
                return self._controller(head, depth)
            return head if relative is None else None
        if verb.dep_ in tags.conjunct or verb.dep_ in tags.open_clause:
            return self.own_subject(head) or self._inherited_subject(head, depth + 1)
        if verb.dep_ in (tags.complement_clause | tags.adverbial_clause | tags.parataxis) and (
            verb.tag_ in ("VVINF", "VVIZU", "VAINF", "VVPP") or has_zu(verb)
        ):
            return self.own_subject(head) or self._inherited_subject(head, depth + 1)
        return None

    def _controller(self, noun: Token, depth: int) -> Token | None:
        """Who is to do what a noun's infinitive says: whose noun it is, else the subject of the noun's verb."""
        for child in noun.children:
            if child.dep_ in self.labels.noun_modifier and not self.preposition(child)[0] and child.pos_ in NOMINAL:
                return child
        return self.subject(noun.head) if is_verb(noun.head) and depth < 4 else None

    def _adjective_arguments(self, token: Token) -> list[Argument]:
        tags = self.labels
        found: list[Argument] = []
        subject = self.own_subject(token)
        if subject is not None:
            found.append(Argument("head", subject))
            found.append(Argument("subj", subject))
        elif token.dep_ in tags.adjective_modifier or token.dep_ in tags.relative_clause:
            found.append(Argument("head", token.head))
        elif token.dep_ in tags.conjunct:
            inherited = self.own_subject(token.head)
            if inherited is not None:
                found += [Argument("head", inherited), Argument("subj", inherited)]
            elif token.head.dep_ in tags.adjective_modifier:
                found.append(Argument("head", token.head.head))
        elif is_verb(token.head):
            subject = self.subject(token.head)
            if subject is not None:
                found += [Argument("head", subject, rank=1), Argument("subj", subject, rank=1)]
        for child in token.children:
            if child.dep_ in tags.oblique or child.dep_ in tags.noun_modifier:
                oblique = self._oblique(child, 0)
                if oblique is not None:
                    found.append(oblique)
                elif child.pos_ in NOMINAL and self._case(child) == "dat":
                    found.append(Argument("iobj", child))
        return found

    def _noun_arguments(self, noun: Token) -> list[Argument]:
        tags = self.labels
        found: list[Argument] = []
        for child in noun.children:
            dep = child.dep_
            if dep in tags.subject:
                found.append(Argument("subj", child))
            elif dep in tags.possessive or (dep in tags.determiner and child.tag_ in ("PPOSAT", "PRELAT")):
                found.append(Argument("poss", child))
            elif dep in tags.adjective_modifier:
                found.append(Argument("adj", child))
            elif dep in tags.apposition and child.pos_ in ("PROPN", "NOUN"):
                genitive = child.tag_ == "NE" and child.i == noun.i + 1 and child.lower_.endswith("s")
                found.append(Argument("of" if genitive else "app", child))
            elif dep in tags.complement_clause or (dep in tags.relative_clause and not has_relative(child)):
                found.append(Argument("dass" if self.own_subject(child) is not None else "inf", child))
            elif dep in tags.noun_modifier or dep in tags.oblique:
                oblique = self._oblique(child, 0)
                if oblique is None:
                    if child.pos_ in NOMINAL:
                        found.append(Argument("of", child))
                elif oblique.slot == "von":
                    found += [Argument("of", child, "dat"), oblique]
                else:
                    found.append(oblique)
        if noun.dep_ in tags.apposition and noun.head.pos_ in ("PROPN", "NOUN"):
            found.append(Argument("app", noun.head, rank=1))
        found += self._borrowed(noun)
        return found

    def _borrowed(self, noun: Token) -> list[Argument]:
        """Prepositional phrases beside an object noun that the parser hung on the verb instead."""
        if not is_verb(noun.head):
            return []
        found = []
        for child in noun.head.children:
            if child.i > noun.i and child != noun and child.dep_ in self.labels.oblique:
                oblique = self._oblique(child, 1)
                if oblique is not None and child.left_edge.i == noun.right_edge.i + 1:
                    found.append(oblique)
        return found

    # --- phrases ---------------------------------------------------------------------------------

    def phrase(self, noun: Token) -> Span:
        """A noun with its determiners, adjectives and names: not what is coordinated, apposed or subordinate."""
        left = right = noun.i
        for child in noun.children:
            if child.dep_ in self.labels.determiner | self.labels.adjective_modifier | self.labels.number:
                left = min(left, child.left_edge.i) if child.i < noun.i else left
            elif child.dep_ in self.labels.name_part and child.i > noun.i:
                right = max(right, child.right_edge.i)
            elif child.dep_ in self.labels.apposition and child.i == noun.i + 1 and child.tag_ == "NE":
                right = max(right, child.i)
        return self.doc[left : right + 1]
