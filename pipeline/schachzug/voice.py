"""Active or passive: by a verb's auxiliaries, by what a parse calls its subject, by the form of a headline."""

from __future__ import annotations

from functools import cache

from spacy.tokens import Token

from schachzug.grammar import Labels
from schachzug.lexicon import load_yaml, plain
from schachzug.resources import resource
from schachzug.tokens import feature, has_relative, is_finite_form, is_verb


@cache
def control() -> dict[str, frozenset[str]]:
    """Verbs by what they do with the subject of their infinitive."""
    data = plain(load_yaml(resource("ontology", "lexicon", "de", "control.yaml")))
    return {name: frozenset(verbs) for name, verbs in data.items()}


class Voice:
    """Tells the voice of the verbs of a parse with a scheme of labels."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels

    def is_passive(self, verb: Token) -> bool:
        """Whether the verb form is passive: marked so by the parse, or a participle with "werden"."""
        if verb.tag_ == "VVFIN":
            return False  # a finite full verb is active, whatever the parse calls its subject
        for child in verb.children:
            if child.dep_ in self.labels.passive_auxiliary or child.dep_ in self.labels.passive_subject:
                return child.lemma_ != "haben" and not self.has_perfect_with_sein(verb)
        if verb.tag_ == "VVPP" or feature(verb, "VerbForm") == "Part":
            auxiliaries = [c for c in verb.children if c.dep_ in self.labels.auxiliary]
            if auxiliaries:
                return any(c.lemma_ == "werden" for c in auxiliaries)
            if verb.dep_ in self.labels.conjunct and is_verb(verb.head):  # "wurden gestoppt und festgenommen"
                return self.is_passive(verb.head)
            if self._is_headline(verb):  # "Ex-Diktator Pinochet angeklagt"
                return not self.forms_perfect_with_sein(verb)
            # "Belarus, von Brüssel mit Sanktionen belegt, …"
            return verb.dep_ in self.labels.relative_clause and not has_relative(verb)
        return False

    def _is_headline(self, participle: Token) -> bool:
        """Whether a participle is the verb of a headline: the sentence has no finite verb, and it no object."""
        if participle.dep_ not in self.labels.root | self.labels.parataxis:
            return False
        if any(c.dep_ in self.labels.object for c in participle.children):
            return False
        return not any(is_finite_form(t) for t in participle.sent)

    def has_perfect_with_sein(self, verb: Token) -> bool:
        """Whether a participle with "sein" is a perfect and no passive ("ist zurückgetreten")."""
        auxiliaries = {c.lemma_ for c in verb.children if c.dep_ in self.labels.auxiliary}
        if "sein" not in auxiliaries or "werden" in auxiliaries:  # "ist gestürzt worden" is a passive
            return False
        return self.forms_perfect_with_sein(verb)

    @staticmethod
    def forms_perfect_with_sein(verb: Token) -> bool:
        """Whether a verb is one of those whose perfect is formed with "sein" (zurücktreten)."""
        lemma = verb.lemma_
        bare = (lemma.removeprefix(particle) for particle in control()["particles"] if lemma.startswith(particle))
        return any(form in control()["with_sein"] for form in (lemma, *bare))
