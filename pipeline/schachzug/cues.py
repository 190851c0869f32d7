"""The cues of modality, negation and attribution, loaded once from the lexicon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from schachzug.lexicon import load_forms, load_yaml, plain
from schachzug.resources import resource
from schachzug.types import Modality


@dataclass(frozen=True)
class Operator:
    """A predicate that takes a content: what it makes of it, and in which slots a noun can stand for it."""

    lemma: str
    content: Modality
    noun_slots: frozenset[str]
    negates: bool


class ModalityCues:
    """What `modality.yaml` says."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.modal_verbs: dict[str, dict[str, str]] = data["modal_verbs"]
        self.future: dict[str, str] = data["future"]
        self.future_verb: str = data["future_verb"]
        self.weak_subjunctives = frozenset(data["weak_subjunctives"])
        self.purpose = frozenset(data["purpose"])
        self.perfect_auxiliaries = frozenset(data["perfect_auxiliaries"])
        self.both_negated = frozenset(data["both_negated"])
        self.existential = frozenset(data["existential"])
        self.excluded = frozenset(data["excluded"])
        self.content_markers = frozenset(data["content_markers"])
        self.bare_sub2 = Modality(data["bare_sub2"])
        self.adverbs = {w: Modality(m) for m, words in data["adverbs"].items() for w in words}
        self.adjectives = {w: Modality(m) for m, words in data["adjectives"].items() for w in words}
        self.clause_heads = {w: Modality(m) for m, words in data["clause_heads"].items() for w in words}
        self.open_conditions = frozenset(data["open_conditions"])
        self.concessive = frozenset(data["concessive"])
        self.operators = {
            raw["lemma"]: Operator(
                raw["lemma"],
                Modality(raw["content"]),
                frozenset(raw.get("noun") or ()),
                bool(raw.get("negates")),
            )
            for raw in data["operators"]
        }
        negation = data["negation"]
        self.negators = frozenset(negation["words"])
        self.negative_determiners = tuple(negation["determiners"])
        self.no_longer = frozenset(negation["no_longer"])
        self.hardly_any = frozenset(negation["hardly_any"])
        self.not_after = frozenset(negation["not_after"])
        self.negative_prepositions = frozenset(negation["prepositions"])
        self.negative_conjunctions = frozenset(negation["conjunctions"])


class AttributionCues:
    """What `attribution.yaml` says."""

    def __init__(self, data: dict[str, Any], forms: Mapping[str, tuple[str, ...]]) -> None:
        verbs = data["reporting_verbs"]
        self._forms = forms
        self.indirect = frozenset(verbs["indirect"])
        self.denying = frozenset(verbs["denying"])
        self.demanding = frozenset(verbs["demanding"])
        self.reporting = self.indirect | self.denying | self.demanding
        self.with_infinitive = self.denying | self.demanding | frozenset(verbs["with_infinitive"])
        self.impersonal = frozenset(verbs["impersonal"])
        self.quoting = frozenset(verbs["quoting"])
        self.impersonal_sources = frozenset(data["impersonal_sources"])
        self.nobody = frozenset(data["nobody"])
        self.nouns = frozenset(data["nouns"])
        self.pure_sources = frozenset(data["pure_sources"])
        self.after_source = frozenset(data["after_source"])
        self.source_prepositions = frozenset(data["source_prepositions"])
        self.view_prepositions = frozenset(data["view_prepositions"])
        self.view_nouns = frozenset(data["view_nouns"])
        self.content_markers = frozenset(data["content_markers"])
        self.complementizers = frozenset(data["complementizers"])
        self.with_object = frozenset(verbs["with_object"])
        self.telling = frozenset(verbs["telling"])
        self.as_verbs = frozenset(verbs["as_verbs"])
        self.not_reflexive = frozenset(verbs["not_reflexive"])
        self.not_of_saying = frozenset(data["not_of_saying"])
        self.clause_nouns = frozenset(data["clause_nouns"])
        self.not_owning = frozenset(data["not_owning"])
        self.texts = frozenset(data["texts"])
        self.citing = frozenset(verbs["citing"])
        self.active_auxiliaries = frozenset(data["active_auxiliaries"])
        self.passive_auxiliaries = frozenset(data["passive_auxiliaries"])
        self.pointing_back = frozenset(data["pointing_back"])
        self.tellers = frozenset(data["tellers"])
        self.genitive_endings = tuple(data["genitive_endings"])
        self.origins = frozenset(data["origins"])
        self.own = frozenset(data["own"])
        self._noun_endings = tuple(sorted(noun.lower() for noun in self.nouns if len(noun) > 4))
        self.is_noun_of_saying = lru_cache(16384)(self._is_noun_of_saying)
        self.backward = frozenset(data["backward"])
        self.so: str = data["so"]
        # Every word that may name a source in passing; most sentences have none.
        self.source_words = (
            self.backward
            | self.after_source
            | self.pure_sources
            | self.source_prepositions
            | self.view_prepositions
            | {self.so}
        )
        self.as_: str = data["as"]
        self.before_so = frozenset(data["before_so"])
        self.quotation_pairs: dict[str, str] = data["quotation_pairs"]

    def _is_noun_of_saying(self, lemma: str) -> bool:
        """Whether a noun is one of saying, or a compound that ends in one."""
        forms = (lemma, lemma.removesuffix("n"), lemma.removesuffix("en"))
        if any(form in self.not_of_saying for form in forms):
            return False
        if any(form in self.nouns for form in forms):
            return True
        return any(form.lower().endswith(self._noun_endings) for form in forms)

    def takes_clause(self, lemma: str) -> bool:
        """Whether a noun's clause is what somebody says ("die Zusage, zu …")."""
        return lemma in self.clause_nouns or bool(self.is_noun_of_saying(lemma))

    def is_text(self, lemma: str) -> bool:
        """Whether a noun is one of saying or of a text that says something, or a compound of one."""
        text = any(lemma == noun or lemma.endswith(noun.lower()) for noun in self.texts)
        return text or bool(self.is_noun_of_saying(lemma))

    def lemmas_of(self, form: str) -> tuple[str, ...]:
        """The verb lemmas that a written form may belong to."""
        return self._forms.get(form, ())


@cache
def modality_cues() -> ModalityCues:
    """The modality and negation cues that ship."""
    return ModalityCues(plain(load_yaml(resource("ontology", "lexicon", "de", "modality.yaml"))))


@cache
def attribution_cues() -> AttributionCues:
    """The attribution cues that ship."""
    folder = resource("ontology", "lexicon", "de")
    return AttributionCues(plain(load_yaml(folder / "attribution.yaml")), load_forms(folder))
