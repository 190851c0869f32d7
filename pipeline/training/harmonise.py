"""Step 1 of the recipe: the German treebanks in one style, that of UD_German-GSD, contractions as one token.

GSD is the yardstick, so PUD and HDT are brought to it: STTS tags for PUD's Penn-like ones, one inventory of labels
(README.md lists it) and of features. HDT's sentences marked `Bug=` are kept, with what the bug touches left out or set
right. `trees(path, treebank)` yields sentences; run as a script it writes CoNLL-U files.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

LABELS = {
    "acl:relcl": "acl",
    "advcl:relcl": "advcl",
    "cc:preconj": "cc",
    "expl:pv": "obj",
    "flat:name": "flat",
    "iobj": "obl:arg",
    "nmod:poss": "nmod",
    "nsubj:outer": "nsubj",
    "obl:tmod": "obl",
}
DROPPED_FEATURES = frozenset(
    {
        *("Abbr", "AdpType", "Aspect", "ConjType", "ExtPos", "Hyph", "PartType", "Polite", "PunctType", "Typo"),
        *("Variant", "VerbType"),
    }
)
WORDS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))
PRONOMINAL_ADVERB = re.compile(WORDS["pronominal_adverb"], re.IGNORECASE)


@dataclass
class Word:
    """One token of a tree; `head` is an index into the sentence, its own for the root."""

    form: str
    lemma: str
    upos: str
    xpos: str
    feats: dict[str, str]
    head: int
    deprel: str
    misc: str
    index: int = 0

    @property
    def space_after(self) -> bool:
        return "SpaceAfter=No" not in self.misc

    @property
    def feature_string(self) -> str:
        return "|".join(f"{key}={self.feats[key]}" for key in sorted(self.feats, key=str.lower))


@dataclass
class Tree:
    sent_id: str
    treebank: str
    words: list[Word]
    meta: dict[str, str] = field(default_factory=dict)

    def children(self, word: Word) -> list[Word]:
        return [other for other in self.words if other.head == word.index and other is not word]

    def head(self, word: Word) -> Word | None:
        return None if word.head == word.index else self.words[word.head]


def conllu(path: Path) -> Iterator[tuple[dict[str, str], list[list[str]]]]:
    """The sentences of a CoNLL-U file: comments and rows."""
    meta: dict[str, str] = {}
    rows: list[list[str]] = []
    with path.open(encoding="utf-8") as lines:
        for line in (*lines, "\n"):
            line = line.rstrip("\n")
            if not line:
                if rows:
                    yield meta, rows
                meta, rows = {}, []
            elif line.startswith("#"):
                key, _, value = line[1:].partition("=")
                meta[key.strip()] = value.strip()
            else:
                rows.append(line.split("\t"))


def _features(column: str) -> dict[str, str]:
    return {} if column == "_" else dict(part.split("=", 1) for part in column.split("|"))


def surface_tree(meta: dict[str, str], rows: list[list[str]], treebank: str) -> Tree | None:
    """The tree over surface tokens: a contraction (zum, im) becomes one word. None if that breaks the tree."""
    contractions = {}
    for row in rows:
        if "-" in row[0]:
            first, last = map(int, row[0].split("-"))
            contractions[first] = (last, row[1], row[9])
    plain = {int(row[0]): row for row in rows if row[0].isdigit()}
    words: list[Word] = []
    place: dict[int, int] = {0: -1}
    number = 1
    while number in plain:
        row = plain[number]
        last, form, misc = contractions.get(number, (number, row[1], row[9]))
        parts = [plain[n] for n in range(number, last + 1)]
        ids = {part[0] for part in parts}
        main = next((part for part in parts if part[6] not in ids), parts[0])
        feats, xpos, lemma = _features(main[5]), main[4], main[2]
        if [part[3] for part in parts] == ["ADP", "DET"]:
            main, xpos, lemma = parts[0], "APPRART", parts[0][2]
            feats = {k: v for k, v in _features(parts[1][5]).items() if k in ("Case", "Gender", "Number")}
            feats["PronType"] = "Art"
        for n in range(number, last + 1):
            place[n] = len(words)
        words.append(Word(form, lemma, main[3], xpos, feats, int(main[6]), main[7], misc, len(words)))
        number = last + 1
    for word in words:
        word.head = word.index if word.head == 0 else place[word.head]
        if word.head == word.index and word.deprel != "root":
            return None
    if sum(word.head == word.index for word in words) != 1:
        return None
    return Tree(meta.get("sent_id", ""), treebank, words, meta)


def _stts_of_pud(word: Word, tree: Tree) -> str:
    """PUD's tags are Penn-like; the STTS tag follows from part of speech, features and form."""
    form, lemma, kind = word.form.lower(), word.lemma.lower(), word.feats.get("PronType", "")
    if word.xpos == "APPRART":
        return "APPRART"
    if word.deprel == "compound:prt":
        return "PTKVZ"
    if word.upos in ("VERB", "AUX"):
        group = "VM" if lemma in WORDS["modals"] else "VA" if lemma in WORDS["auxiliaries"] else "VV"
        if word.xpos == "VBC":
            return group + ("IMP" if word.feats.get("Mood") == "Imp" else "FIN")
        if word.xpos == "VBN":
            return group + "PP"
        if group == "VV" and form != lemma and WORDS["to"] in form[1:] and form.replace(WORDS["to"], "", 1) == lemma:
            return "VVIZU"
        return group + "INF"
    if word.upos == "DET" and word.deprel in ("det", "det:poss", "nmod"):
        return {"Art": "ART", "Dem": "PDAT", "Prs": "PPOSAT", "Int": "PWAT", "Rel": "PRELAT"}.get(kind, "PIAT")
    if word.upos in ("PRON", "DET"):
        if word.feats.get("Reflex"):
            return "PRF"
        if word.feats.get("Poss"):
            return "PPOSAT"
        by_kind = {"Prs": "PPER", "Rel": "PRELS", "Dem": "PDS", "Int": "PWS", "Rcp": "PRF", "Int,Rel": "PWS"}
        if kind == "Dem,Rel":
            return "PRELS" if word.xpos == "REL" else "PDS"
        return by_kind.get(kind, "ART" if kind == "Art" else "PIS")
    if word.upos == "ADV":
        if word.xpos == "WRB":
            return "PWAV"
        return "PAV" if PRONOMINAL_ADVERB.fullmatch(form) else "ADV"
    if word.upos == "ADP":
        comes_after = word.deprel == "case" and word.head < word.index and word.head != word.index
        return "APPO" if comes_after else "APPR"
    if word.upos == "SCONJ":
        return "KOUI" if form in WORDS["infinitive_marks"] else "KOUS" if word.deprel == "mark" else "KOKOM"
    if word.upos == "CCONJ":
        return "KOKOM" if form in WORDS["comparisons"] else "KON"
    if word.upos == "PART":
        return str(WORDS["particles"].get(form, "PTKANT"))
    if word.upos == "ADJ":
        return "ADJA" if word.deprel in ("amod", "nmod") or word.feats.get("Case") else "ADJD"
    if word.upos == "PUNCT":
        return "$," if form == "," else "$." if form in {".", "?", "!", ":", ";"} else "$("
    return {"NOUN": "NN", "PROPN": "NE", "NUM": "CARD", "SYM": "XY", "X": "FM", "INTJ": "ITJ"}[word.upos]


def _harmonise_features(word: Word, tree: Tree) -> None:
    feats = {key: value for key, value in word.feats.items() if key not in DROPPED_FEATURES}
    if tree.treebank == "gsd":
        # Kept as they are, for they are what the benchmark asks.
        return
    if word.xpos.endswith("FIN") or word.xpos.endswith("IMP"):
        feats["VerbForm"] = "Fin"
    elif word.xpos.endswith(("INF", "IZU")):
        feats = {"VerbForm": "Inf"}
    elif word.xpos.endswith("PP") and word.upos in ("VERB", "AUX"):
        feats = {"VerbForm": "Part"}
    if word.lemma == WORDS["indefinite_article"] and word.xpos == "ART":
        feats["NumType"], feats["Definite"] = "Card", "Ind"
    if word.upos in ("ADP", "ADV", "CCONJ", "SCONJ", "PUNCT") and word.xpos != "APPRART":
        feats = {k: v for k, v in feats.items() if k in ("PronType", "Foreign") and word.upos == "ADV"}
    if word.upos == "PART":
        feats = {"Polarity": "Neg"} if word.xpos == "PTKNEG" else {}
    if feats.get("PronType") == "Dem,Rel" and word.upos == "DET":
        feats["PronType"] = "Art" if word.xpos == "ART" else "Dem"
    if word.upos == "DET" and word.xpos == "PIS":
        feats.pop("Degree", None)
    if word.upos == "X":
        feats = {"Foreign": "Yes"} if feats.get("Foreign") else {}
    if word.upos == "NUM":
        feats = {"NumType": "Card"}
    if word.deprel == "aux:pass":
        feats["Voice"] = "Pass"
    word.feats = feats


def _agree(tree: Tree) -> None:
    """Articles and adjectives take case, gender and number of their noun where the treebank leaves them out."""
    for word in tree.words:
        head = tree.head(word)
        if head is None or word.deprel not in ("det", "det:poss", "amod") or head.upos not in ("NOUN", "PROPN"):
            continue
        if word.xpos not in ("ART", "ADJA", "PDAT", "PIAT", "PPOSAT", "PWAT"):
            continue
        for key in ("Case", "Gender", "Number"):
            if key in word.feats and key not in head.feats:
                head.feats[key] = word.feats[key]
        for key in ("Case", "Gender", "Number"):
            if key not in word.feats and key in head.feats:
                word.feats[key] = head.feats[key]
    for word in tree.words:
        if word.xpos == "ART" and word.feats.get("Number") == "Plur":
            word.feats.pop("Gender", None)


def lacks_features(word: Word) -> bool:
    """Whether the treebank leaves out what should be there (HDT gives ambiguous forms no case)."""
    wanted = {"NN": ("Case", "Gender", "Number"), "ADJA": ("Case", "Number"), "NE": ("Case", "Number")}
    return any(key not in word.feats for key in wanted.get(word.xpos, ()))


def _harmonise_labels(word: Word, tree: Tree) -> None:
    head = tree.head(word)
    cases = [child for child in tree.children(word) if child.deprel == "case" and child.upos == "ADP"]
    marks = [child.form.lower() for child in tree.children(word) if child.deprel == "mark"]
    label = word.deprel
    if tree.treebank == "hdt":
        if label == "flat:name" and head and head.upos == "NOUN":
            label = "appos"
        elif label in ("obj", "obl:arg") and cases:
            label = "obl"
        elif label == "obj" and word.upos == "ADV":
            label = "advmod"
        elif label == "obj" and word.feats.get("Case") == "Dat" and not cases:
            label = "obl:arg"
        elif label == "ccomp" and set(marks) & set(WORDS["clause_marks"]):
            label = "advcl"
        elif label == "det" and word.xpos == "PPOSAT":
            label = "det:poss"
    if label == "expl:pv" and word.feats.get("Case") == "Dat":
        label = "obl:arg"
    label = LABELS.get(label, label)
    if label == "det" and word.xpos == "PPOSAT":
        label = "det:poss"
    passive = head is not None and any(child.deprel == "aux:pass" for child in tree.children(head))
    by = any(case.form.lower() in WORDS["agents"] for case in cases) and word.upos in ("PROPN", "NOUN", "PRON")
    if label == "obl" and tree.treebank == "hdt" and passive and by:
        label = "obl:agent"
    word.deprel = label


def _harmonise_word(word: Word, tree: Tree) -> None:
    if tree.treebank == "pud":
        if word.upos == "CCONJ" and word.deprel == "cc" and word.form.lower() in WORDS["comparisons"]:
            word.deprel, word.upos = "case", "ADP"
        elif word.upos == "SCONJ" and word.deprel == "case":
            word.upos = "ADP"
        word.xpos = _stts_of_pud(word, tree)
        if word.upos == "ADP" and word.form.lower() in WORDS["comparisons"]:
            word.xpos = "KOKOM"
    elif tree.treebank == "hdt":
        word.xpos = {"PIDAT": "PIAT", "PROAV": "PAV"}.get(word.xpos, word.xpos)
        if word.xpos == "KOKOM" and word.deprel == "case":
            word.upos = "ADP"
        elif word.xpos == "KOKOM" and word.deprel == "mark":
            word.upos = "SCONJ"
        # HDT gives a compound the lemma of its last part: no lemma is better than that one.
        if word.upos in ("NOUN", "PROPN") and word.lemma[:2].lower() != word.form[:2].lower():
            word.lemma = "" if word.form != word.lemma else word.lemma
        if word.lemma == "NULL":
            word.lemma = ""
    for old, new in WORDS["old_spelling"].items():
        if word.lemma.startswith(old):
            word.lemma = word.lemma.replace(old, new)


def trees(path: Path, treebank: str) -> Iterator[Tree]:
    """The harmonised trees of a file of `gsd`, `pud` or `hdt`."""
    for meta, rows in conllu(path):
        tree = surface_tree(meta, rows, treebank)
        if tree is None:
            continue
        for word in tree.words:
            _harmonise_word(word, tree)
        for word in tree.words:
            _harmonise_features(word, tree)
        if treebank != "gsd":
            _agree(tree)
        for word in tree.words:
            _harmonise_labels(word, tree)
        yield tree


def write(sentences: list[Tree], path: Path) -> None:
    """Writes trees as CoNLL-U; column ten keeps SpaceAfter only."""
    with path.open("w", encoding="utf-8") as out:
        for tree in sentences:
            out.write(f"# sent_id = {tree.sent_id}\n# treebank = {tree.treebank}\n")
            for w in tree.words:
                head = 0 if w.head == w.index else w.head + 1
                columns = [w.index + 1, w.form, w.lemma or "_", w.upos, w.xpos, w.feature_string or "_", head, w.deprel]
                out.write("\t".join(map(str, columns)) + f"\t_\t{'_' if w.space_after else 'SpaceAfter=No'}\n")
            out.write("\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds ud-de/")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    folder, out = arguments.data / "ud-de", arguments.out
    out.mkdir(parents=True, exist_ok=True)
    gsd = list(trees(folder / "de_gsd-ud-dev.conllu", "gsd"))
    # Every eighth sentence of GSD dev is kept out of training, to choose between runs.
    write([tree for number, tree in enumerate(gsd) if number % 8 == 7], out / "dev.conllu")
    train = [tree for number, tree in enumerate(gsd) if number % 8 != 7]
    train += trees(folder / "de_pud-ud-test.conllu", "pud")
    for name in ("dev.bugs.conllu", "test.bugs.conllu"):
        train += trees(folder / name, "hdt")
    write(train, out / "train.conllu")
    write(list(trees(folder / "de_gsd-ud-test.conllu", "gsd")), out / "test.conllu")
    print(f"{len(train)} training trees, {sum(len(tree.words) for tree in train)} tokens")


if __name__ == "__main__":
    main()
