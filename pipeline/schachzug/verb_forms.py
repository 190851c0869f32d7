"""Mood and voice of verbs: from the form first, from the clause where two forms are spelt alike.

The spaCy component `schachzug_verb_forms`, which comes after the parser, writes what it finds over the tagger's guess:
Mood, Tense and VerbForm of finite verbs. Before that it mends verbs that were missed (see `missed_verbs`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Literal

from spacy.language import Language
from spacy.tokens import Doc, Token

from schachzug.conjugation import Reading, Readings, conjugation
from schachzug.missed_verbs import mend_missed_verbs
from schachzug.tokens import feature, is_finite_form

Mood = Literal["ind", "sub1", "sub2", ""]
_FEATURES: dict[Reading, tuple[str, str]] = {
    "present": ("Ind", "Pres"),
    "past": ("Ind", "Past"),
    "sub1": ("Sub", "Pres"),
    "sub2": ("Sub", "Past"),
}
# Words of these classes are no verbs even where a verb has their form.
_OTHER_TAGS = frozenset({"ADJA", "ADJD", "VVPP", "VVINF", "APPR", "ADV"})
_CLAUSES = frozenset({"ccomp", "csubj", "csubj:pass", "advcl", "advcl:relcl", "acl", "acl:relcl", "parataxis", "conj"})


def is_finite(token: Token) -> bool:
    """Whether a token is a finite verb (no imperative): for the tagger, or because no other word has its form."""
    if is_finite_form(token) or feature(token, "VerbForm") == "Fin":
        return True
    known = conjugation().forms.get(token.lower_, {})
    return any("sub2" in readings.options for readings in known.values()) and token.tag_ not in _OTHER_TAGS


def _words(name: str) -> frozenset[str]:
    return frozenset(conjugation().data[name])


def reading_of(verb: Token) -> Reading | None:
    """What a finite verb is here; None if the tables do not know the form."""
    known = conjugation().readings(verb.lower_, verb.lemma_)
    if known is None or not known.options:
        return None
    if len(known.options) == 1:
        return next(iter(known.options))
    if known.options >= {"past", "sub2"}:
        return "sub2" if _is_unreal(verb) else "past"
    if known.options == {"present", "sub1"}:
        return _present_or_reported(verb, known)
    return _guess(verb, known)


def mood(verb: Token) -> Mood:
    """Konjunktiv I ("sub1"), Konjunktiv II ("sub2"), indicative, or "" for what is not finite."""
    reading = reading_of(verb) if is_finite(verb) else None
    if reading is not None:
        return {"present": "ind", "past": "ind", "sub1": "sub1", "sub2": "sub2"}[reading]  # type: ignore[return-value]
    marked = verb.morph.get("Mood", [])
    if marked == ["Sub"]:
        return "sub2" if verb.morph.get("Tense", []) == ["Past"] else "sub1"
    return "ind" if marked else ""


def _guess(verb: Token, known: Readings) -> Reading:
    """The tagger's reading where the form allows it, else the most usual one."""
    features = ("".join(verb.morph.get("Mood", [])), "".join(verb.morph.get("Tense", [])))
    for reading, pair in _FEATURES.items():
        if pair == features and reading in known.options:
            return reading
    order: tuple[Reading, ...] = ("present", "past", "sub1", "sub2")
    return next(reading for reading in order if reading in known.options)


def _present_or_reported(verb: Token, known: Readings) -> Reading:
    """gehe: indicative with ich, Konjunktiv I otherwise. gehen: indicative."""
    if not known.first_only:
        return "present"
    pronouns = _words("singular_first")
    subjects = list(_subjects(verb))
    if subjects:
        return "present" if any(s.lower_ in pronouns for s in subjects) else "sub1"
    near = verb.doc[max(verb.sent.start, verb.i - 1) : min(verb.sent.end, verb.i + 2)]
    return "present" if any(t.lower_ in pronouns for t in near) else "sub1"


def _clause_head(verb: Token) -> Token:
    """The word on which the clause of a verb hangs: auxiliaries and copulas hang on it."""
    return verb.head if verb.dep_ in ("aux", "aux:pass", "cop") else verb


def _subjects(verb: Token) -> Iterator[Token]:
    head = _clause_head(verb)
    while True:
        found = [c for c in head.children if c.dep_.startswith("nsubj")]
        if found or head.dep_ != "conj" or head.head == head:
            yield from found
            return
        head = head.head


def _is_unreal(verb: Token) -> bool:
    """Whether a form that may be past or Konjunktiv II stands in an unreal condition or comparison."""
    data, head, unreal = conjugation().data, _clause_head(verb), _words("unreal")
    clause = [t for t in _own_words(head) if t.i <= verb.i]
    forms = [t.lower_ for t in clause]
    for first, second in pairwise(forms):
        if first in data["comparison_marks"] and (second in data["comparison_seconds"] or second == verb.lower_):
            return True
    start = verb.sent.start
    if verb.i > start and verb.nbor(-1).lower_ in data["comparison_marks"] and _is_clause_start(verb.nbor(-1)):
        return True
    conditional = any(form in _words("conditional_marks") for form in forms) or _opens_clause(verb)
    others = [t for t in verb.sent if t != verb and t.lower_ in unreal]
    if conditional and any(not _inside(t, head) for t in others):
        return True
    if _opens_clause(verb) and verb.lemma_ in _words("tentative") and verb.i == start and not _is_question(verb):
        return True
    # The main clause of a condition that is itself unreal by form.
    for t in others:
        other = _clause_head(t)
        marks = {c.lower_ for c in other.children if c.i < t.i}
        if other != head and marks & _words("conditional_marks") and _inside(t, head):
            return True
    return _shares_unreal(verb, head, unreal)


def _shares_unreal(verb: Token, head: Token, unreal: frozenset[str]) -> bool:
    """Two conjuncts of one condition have one mood."""
    if head.dep_ != "conj":
        return False
    return any(t.lower_ in unreal for t in (head.head, *head.head.children) if t.i < verb.i)


def _own_words(head: Token) -> list[Token]:
    """The words of a clause without the clauses inside it."""
    found, open_ = [], [head]
    while open_:
        token = open_.pop()
        found.append(token)
        open_ += [c for c in token.children if c.dep_ not in _CLAUSES]
    return sorted(found, key=lambda t: t.i)


def _inside(token: Token, head: Token) -> bool:
    return token == head or head.is_ancestor(token)


def _is_clause_start(token: Token) -> bool:
    return token.i == token.sent.start or token.nbor(-1).is_punct


def _opens_clause(verb: Token) -> bool:
    """Whether the verb comes first in its clause, as in a condition without a conjunction."""
    return _is_clause_start(verb)


def _is_question(verb: Token) -> bool:
    return verb.sent.text.rstrip().endswith("?")


def is_passive(verb: Token) -> bool:
    """Whether a full verb is in the passive with "werden"; states (ist gesperrt) are not counted.

    Participles that are spelt like the infinitive are told apart by "worden", by an agent and by an object.
    """
    auxiliaries = [c for c in verb.children if c.dep_ in ("aux", "aux:pass")]
    if any(c.lower_ in _words("passive_participle") for c in auxiliaries):
        return True
    if not any(c.lemma_.lower() in _words("passive_auxiliary") for c in auxiliaries):
        return False
    if verb.lower_ == verb.lemma_.lower() or verb.tag_ == "VVINF":
        if not verb.lower_.startswith(tuple(conjugation().data["like_infinitive_prefixes"])):
            return False
        return _is_participle_like_infinitive(verb, auxiliaries)
    return verb.tag_ == "VVPP" or verb.morph.get("VerbForm", []) == ["Part"]


def _is_participle_like_infinitive(verb: Token, auxiliaries: list[Token]) -> bool:
    if any(c.lower_ not in _past_of_werden() and c.dep_ == "aux" and c.tag_ == "VMFIN" for c in auxiliaries):
        return any(c.lower_ in _words("passive_auxiliary") for c in auxiliaries)
    if any(c.lower_ in _past_of_werden() for c in auxiliaries):
        return True
    for child in verb.children:
        if child.dep_ == "obj" or (child.dep_ == "nsubj" and _is_accusative(child)):
            return False
    agents = [g for c in verb.children for g in c.children if g.dep_ == "case" and g.lower_ in _words("agents")]
    return bool(agents) or verb.tag_ == "VVPP"


def _past_of_werden() -> frozenset[str]:
    return frozenset(conjugation().data["irregular"]["werden"]["past"])


def _is_accusative(noun: Token) -> bool:
    return any(t.lower_ in _words("accusative") for t in (noun, *noun.children))


class VerbForms:
    """The spaCy component `schachzug_verb_forms`."""

    def __init__(self, nlp: Language, name: str = "schachzug_verb_forms") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        mend_missed_verbs(doc)
        found = [(token, reading_of(token)) for token in doc if is_finite(token)]
        for token, reading in found:
            if reading is not None:
                features: dict[str, Any] = token.morph.to_dict()
                features["Mood"], features["Tense"] = _FEATURES[reading]
                features["VerbForm"] = "Fin"
                token.set_morph(features)  # type: ignore[attr-defined]
        return doc


@Language.factory("schachzug_verb_forms", assigns=["token.morph"], requires=["token.lemma", "token.dep"])
def make_verb_forms(nlp: Language, name: str) -> VerbForms:
    return VerbForms(nlp, name)
