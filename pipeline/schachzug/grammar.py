"""What the grammar data say: the labels of a parser's scheme by neutral names, and the German prepositions."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from spacy.tokens import Token

from schachzug.lexicon import load_yaml, plain
from schachzug.resources import resource
from schachzug.subjects import CaseForms


class Labels:
    """Neutral syntax names for one label scheme."""

    def __init__(self, scheme: dict[str, list[str]]) -> None:
        vars(self).update({name: frozenset(labels) for name, labels in scheme.items()})

    def __getattr__(self, name: str) -> frozenset[str]:  # only what the scheme lacks is asked for here
        raise AttributeError(name)


class Prepositions:
    """Which cases prepositions govern, and what contracted forms stand for."""

    def __init__(self, path: Path) -> None:
        data = plain(load_yaml(path))
        self.cases: dict[str, list[str]] = data["cases"]
        self.contractions = {k: tuple(v.split("+")) for k, v in data["contractions"].items()}
        self.agents = frozenset(data["agents"])
        self.places = frozenset(data["places"])
        self.whereabouts = frozenset(data["whereabouts"])
        self.at_work = frozenset(data["at_work"])
        self.belonging = frozenset(["", *data["belonging"]])
        self.no_nominatives = CaseForms(*(frozenset(data["no_nominative"][c]) for c in ("acc", "dat", "things")))
        self.relatives = {form: frozenset(slots) for form, slots in data["relatives"].items()}
        self.unsteady = frozenset(data["unsteady"])
        self.here = frozenset(data["here"])
        self.here_slot: str = data["here_slot"]
        self.case_forms = {case: frozenset(forms) for case, forms in data["case_forms"].items()}

    def of(self, token: Token) -> tuple[str, str]:
        """The preposition that a case marker is, and the case that its form or kind fixes ("" if open)."""
        form = token.lower_
        if form in self.contractions:
            name, case = self.contractions[form]
            return name, case
        cases = self.cases.get(form, [])
        return form, cases[0] if len(cases) == 1 else ""


@cache
def labels(scheme: str = "ud") -> Labels:
    """The label map of one scheme ("ud" or "tiger")."""
    return Labels(plain(load_yaml(resource("ontology", "lexicon", "labels.yaml")))[scheme])


@cache
def prepositions() -> Prepositions:
    """The German prepositions."""
    return Prepositions(resource("ontology", "lexicon", "de", "prepositions.yaml"))
