"""The spaCy component `schachzug_tiger`: turns trees with TIGER labels into trees of Universal Dependencies.

TIGER lets prepositions and auxiliaries govern, UD lets nouns and full verbs. The rules move what hangs on the
function words; the labels and tags they ask for stand in tiger.yaml.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from schachzug.lexicon import load_yaml, plain
from schachzug.resources import resource


@cache
def _table() -> dict[str, Any]:
    data: dict[str, Any] = plain(load_yaml(resource("ontology", "lexicon", "tiger.yaml")))
    return data


class _Tree:
    """Heads and labels of one document, open to change."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.heads = [token.head.i for token in doc]
        self.labels = [token.dep_ for token in doc]
        self.tags = [token.tag_ for token in doc]
        self.table = _table()

    def children(self, i: int) -> list[int]:
        return [j for j, head in enumerate(self.heads) if head == i and j != i]

    def is_root(self, i: int) -> bool:
        return self.heads[i] == i

    def swap(self, old: int, new: int, label: str) -> None:
        """Puts `new`, so far a dependent of `old`, in the place of `old`, which hangs on it with a label."""
        self.heads[new] = new if self.is_root(old) else self.heads[old]
        self.labels[new] = self.labels[old]
        self.heads[old], self.labels[old] = new, label

    def prepositions(self) -> None:
        """auf ← Tisch instead of auf → Tisch."""
        for i, tag in enumerate(self.tags):
            if tag in self.table["prepositions"]:
                inner = [
                    j for j in self.children(i) if self.labels[j] == "nk" and self.tags[j] in self.table["nominal"]
                ]
                if inner:
                    noun = inner[-1]
                    others = [j for j in self.children(i) if j != noun]
                    self.swap(i, noun, "case")
                    for j in others:
                        self.heads[j] = noun

    def verbs(self) -> None:
        """The full verb takes what hangs on its auxiliaries; the innermost verb governs."""
        for i in sorted(range(len(self.tags)), key=self._depth):
            if self.tags[i] not in self.table["auxiliaries"]:
                continue
            inner = [j for j in self.children(i) if self.labels[j] == "oc" and self.tags[j] in self.table["full_verbs"]]
            inner = [j for j in inner if not self._is_own_clause(j)]
            if inner:
                verb = inner[0]
                passive = self.doc[i].lemma_ in self.table["passive"] and self.tags[verb] in self.table["participle"]
                others = [j for j in self.children(i) if j != verb]
                self.swap(i, verb, "aux:pass" if passive else "aux")
                for j in others:
                    self.heads[j] = verb

    def _depth(self, i: int) -> int:
        steps = 0
        while not self.is_root(i):
            i, steps = self.heads[i], steps + 1
        return steps

    def _is_own_clause(self, verb: int) -> bool:
        return self.tags[verb].endswith("FIN") or any(self.labels[j] == "cp" for j in self.children(verb))

    def copulas(self) -> None:
        for i in range(len(self.tags)):
            predicate = [j for j in self.children(i) if self.labels[j] == "pd"]
            if predicate and self.doc[i].lemma_ in self.table["copulas"]:
                others = [j for j in self.children(i) if j != predicate[0]]
                self.swap(i, predicate[0], "cop")
                for j in others:
                    self.heads[j] = predicate[0]

    def conjuncts(self) -> None:
        """A → und → B becomes A → B → und."""
        for i, tag in enumerate(self.tags):
            if tag in self.table["conjunctions"] and not self.is_root(i):
                joined = [j for j in self.children(i) if self.labels[j] == "cj"]
                if joined:
                    self.heads[joined[0]], self.heads[i] = self.heads[i], joined[0]
                    for j in joined[1:]:
                        self.heads[j] = self.heads[joined[0]]

    def relabel(self) -> None:
        for i, label in enumerate(self.labels):
            if self.is_root(i):
                self.labels[i] = "ROOT"
            elif label == "nk":
                self.labels[i] = self.table["kernel"].get(self.tags[i], "nmod")
            elif label == "mo":
                self.labels[i] = self._modifier(i)
            elif label == "oc":
                self.labels[i] = self._clause(i)
            elif label == "pd":
                self.labels[i] = "xcomp"
            elif label == "mnr" and self._is_verb(i):
                self.labels[i] = "acl"
            else:
                self.labels[i] = self.table["labels"].get(label, label)
        for i, label in enumerate(self.labels):
            if label == "nsubj" and any(self.labels[j] == "aux:pass" for j in self.children(self.heads[i])):
                self.labels[i] = "nsubj:pass"

    def _modifier(self, i: int) -> str:
        if self._is_verb(i):
            return "advcl"
        if self.tags[i] in self.table["modifier"] and not any(self.labels[j] == "case" for j in self.children(i)):
            return str(self.table["modifier"][self.tags[i]])
        return "nmod" if self.tags[self.heads[i]] in ("NN", "NE") else "obl"

    def _clause(self, i: int) -> str:
        marks = [self.tags[j] for j in self.children(i)]
        infinitive = self.tags[i] in self.table["infinitives"] or any(tag in self.table["to"] for tag in marks)
        return "ccomp" if not infinitive or any(tag.endswith("FIN") for tag in marks) else "xcomp"

    def _is_verb(self, i: int) -> bool:
        return self.tags[i] in self.table["full_verbs"] or self.tags[i] in self.table["auxiliaries"]


class TigerToUniversal:
    """Rewrites heads and labels of a parsed document."""

    def __init__(self, nlp: Language, name: str = "schachzug_tiger") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        tree = _Tree(doc)
        tree.prepositions()
        tree.verbs()
        tree.copulas()
        tree.conjuncts()
        tree.relabel()
        return _with_tree(doc, tree)


def _with_tree(doc: Doc, tree: _Tree) -> Doc:
    offsets = [(head - i) % 2**64 for i, head in enumerate(tree.heads)]
    labels = [doc.vocab.strings.add(label) for label in tree.labels]
    values: Any = np.array(list(zip(offsets, labels, strict=True)), dtype="uint64")
    return doc.from_array(["HEAD", "DEP"], values)


@Language.factory("schachzug_tiger", requires=["token.dep", "token.tag"], assigns=["token.dep", "token.head"])
def make_tiger(nlp: Language, name: str) -> TigerToUniversal:
    return TigerToUniversal(nlp, name)
