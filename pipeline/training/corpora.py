"""What the teacher learns from: sentences with what is annotated, lemmas as edits, the labels of each layer."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from convert import entity_corpora, read_trees
from harmonise import LABELS, lacks_features

TREEBANKS = ("gsd", "pud", "hdt", "ewt", "germeval", "unerpud", "smartdata")

ENTITY_TAGS = ("O", *(f"{p}-{k}" for k in ("PER", "LOC", "ORG", "MISC") for p in "BI"))

ENGLISH_LABELS = {
    **LABELS,
    "det:predet": "det",
    "nmod:npmod": "nmod",
    "nmod:desc": "nmod",
    "nmod:unmarked": "nmod",
    "obl:npmod": "obl",
    "obl:unmarked": "obl",
    "flat:foreign": "flat",
    "csubj:outer": "csubj",
    "goeswith": "dep",
    "reparandum": "dep",
    "list": "dep",
    "dislocated": "dep",
}


@dataclass
class Sentence:
    """What is known of a sentence; empty lists where a layer is not annotated."""

    forms: list[str]
    treebank: str
    upos: list[str] = field(default_factory=list)
    xpos: list[str] = field(default_factory=list)
    feats: list[dict[str, str] | None] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    deprels: list[str] = field(default_factory=list)
    entities: list[str] = field(default_factory=list)
    sent_id: str = ""
    spaces: list[bool] = field(default_factory=list)


def edit_script(form: str, lemma: str) -> str:
    """How to make the lemma from the form: case, what to cut and put at both ends of their common part."""
    low, goal = form.lower(), lemma.lower()
    best = (0, 0, 0)
    for i in range(len(low)):
        for j in range(len(goal)):
            n = 0
            while i + n < len(low) and j + n < len(goal) and low[i + n] == goal[j + n]:
                n += 1
            if n > best[0]:
                best = (n, i, j)
    n, i, j = best
    if not n:
        return f"={lemma}"
    case = "keep"
    if lemma == goal:
        case = "low"
    elif lemma[1:] == goal[1:] and lemma[0] != goal[0]:
        case = "title"
    return f"{case}|{i}|{goal[:j]}|{len(low) - i - n}|{goal[j + n :]}"


def apply_script(form: str, script: str) -> str:
    """The lemma that a script makes of a form."""
    if script.startswith("="):
        return script[1:]
    case, cut_left, left, cut_right, right = script.split("|")
    core = form[int(cut_left) : len(form) - int(cut_right)]
    lemma = left + core + right
    if case == "low":
        return lemma.lower()
    return lemma[:1].upper() + lemma[1:].lower() if case == "title" else lemma


def gold_labels(sentence: Sentence, name: str) -> Iterable[str | None]:
    """The labels of one layer; None where unknown."""
    if name == "upos":
        return sentence.upos
    if name == "xpos":
        return sentence.xpos
    if name == "lemma":
        return [
            edit_script(form, lemma) if lemma else None
            for form, lemma in zip(sentence.forms, sentence.lemmas, strict=False)
        ]
    key = name.rstrip("=")
    return [None if feats is None else feats.get(key, "") for feats in sentence.feats]


def german_trees(path: Path) -> list[Sentence]:

    found = []
    for tree in read_trees(path):
        words = tree.words
        feats = [None if tree.treebank == "hdt" and lacks_features(word) else word.feats for word in words]
        heads = [0 if word.head == word.index else word.head + 1 for word in words]
        found.append(
            Sentence(
                [w.form for w in words],
                tree.treebank,
                [w.upos for w in words],
                [w.xpos for w in words],
                list(feats),
                [w.lemma for w in words],
                heads,
                [w.deprel for w in words],
                sent_id=tree.sent_id,
                spaces=[w.space_after for w in words],
            )
        )
    return found


def english_trees(path: Path) -> list[Sentence]:
    """EWT with the shared labels; no tags of its own, no features, no lemmas."""
    found: list[Sentence] = []
    rows: list[list[str]] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in (*lines, "\n"):
            line = line.rstrip("\n")
            if line.startswith("#"):
                continue
            if line:
                columns = line.split("\t")
                if columns[0].isdigit():
                    rows.append(columns)
                continue
            if 3 <= len(rows) <= 60:
                labels = []
                for row in rows:
                    label = ENGLISH_LABELS.get(row[7], row[7])
                    labels.append("det:poss" if row[7] == "nmod:poss" and row[3] == "PRON" else label)
                found.append(
                    Sentence(
                        [row[1] for row in rows],
                        "ewt",
                        [row[3] for row in rows],
                        heads=[int(row[6]) for row in rows],
                        deprels=labels,
                    )
                )
            rows = []
    return found


def entity_sentences(folder: Path) -> tuple[list[Sentence], list[Sentence]]:
    """Sentences with entities to learn from, and GermEval sentences kept out."""

    train, dev = entity_corpora(folder)
    return (
        [Sentence(words, source, entities=tags) for words, tags, source in train],
        [Sentence(words, source, entities=tags) for words, tags, source in dev],
    )


def inventory_of(german: list[Sentence], english: list[Sentence]) -> dict[str, list[str]]:
    """The labels of every layer, those of features ending in =, those of relations under !deprel."""
    every = [*german, *english]
    names: dict[str, list[str]] = {
        "upos": sorted({tag for s in every for tag in s.upos}),
        "xpos": sorted({tag for s in german for tag in s.xpos}),
        "!deprel": sorted({label for s in german for label in s.deprels}),
    }
    scripts = Counter(script for s in german for script in gold_labels(s, "lemma") if script)
    names["lemma"] = sorted(script for script, count in scripts.items() if count > 1)
    values: dict[str, Counter[str]] = {}
    for s in german:
        for feats in s.feats:
            for key, value in (feats or {}).items():
                values.setdefault(key, Counter())[value] += 1
    for key, counts in sorted(values.items()):
        if sum(counts.values()) > 5:
            names[key + "="] = ["", *sorted(counts)]
    return names
