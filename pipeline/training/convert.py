"""Step 2 of the recipe: CoNLL-U and entity files to spaCy's binary form.

Features that the treebank leaves out are marked as missing, so that the morphologizer does not learn the gaps.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import spacy
from harmonise import Tree, Word, conllu, lacks_features
from spacy.tokens import Doc, DocBin

NLP = spacy.blank("de")
LAYERS = ["TAG", "POS", "MORPH", "LEMMA", "HEAD", "DEP", "SENT_START"]


def read_trees(path: Path) -> Iterator[Tree]:
    """The trees of a file that harmonise.py or the teacher wrote."""
    for meta, rows in conllu(path):
        words = []
        for index, row in enumerate(rows):
            head = index if row[6] == "0" else int(row[6]) - 1
            feats = {} if row[5] in "_?" else dict(part.split("=", 1) for part in row[5].split("|"))
            lemma = "" if row[2] == "_" != row[1] else row[2]
            words.append(Word(row[1], lemma, row[3], row[4], feats, head, row[7], row[9], index))
        yield Tree(meta.get("sent_id", ""), meta.get("treebank", ""), words, meta)


def doc_of(tree: Tree) -> Doc:
    """A tree as a spaCy Doc."""
    missing = [tree.treebank == "hdt" and lacks_features(word) for word in tree.words]
    doc = Doc(
        NLP.vocab,
        words=[word.form for word in tree.words],
        spaces=[word.space_after for word in tree.words],
        tags=[word.xpos for word in tree.words],
        heads=[word.head for word in tree.words],
        deps=["ROOT" if word.head == word.index else word.deprel for word in tree.words],
        lemmas=[word.lemma for word in tree.words],
        pos=["" if gone else word.upos for word, gone in zip(tree.words, missing, strict=True)],
        sent_starts=[word.index == 0 for word in tree.words],
    )
    for token, word, gone in zip(doc, tree.words, missing, strict=True):
        if not gone:
            token.set_morph(word.feature_string or "_")  # type: ignore[attr-defined]
    return doc


def join(docs: Iterable[Doc], size: int) -> Iterator[Doc]:
    """Several sentences to a document, for the CNN looks beyond the ends of a sentence."""
    batch: list[Doc] = []
    for doc in docs:
        batch.append(doc)
        if len(batch) == size:
            yield Doc.from_docs(batch, ensure_whitespace=True)
            batch = []
    if batch:
        yield Doc.from_docs(batch, ensure_whitespace=True)


def save(docs: Iterable[Doc], path: Path, layers: list[str]) -> None:
    DocBin(attrs=layers, docs=docs).to_disk(path)


def entity_doc(words: list[str], tags: list[str]) -> Doc:
    """A Doc from tokens and their IOB tags."""
    return Doc(NLP.vocab, words=words, ents=tags)


def germeval(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    """Words and tags of GermEval 2014, the outer level. Derivations (deutsch) and parts of words are no entities."""
    for rows in _rows(path):
        tags = [row[2].replace("OTH", "MISC") for row in rows]
        yield [row[1] for row in rows], ["O" if tag.endswith(("deriv", "part")) else tag for tag in tags]


def universal_ner(path: Path, treebank: Path) -> Iterator[tuple[list[str], list[str]]]:
    """Words and tags of Universal NER's PUD, the contractions joined as PUD itself has them."""
    by_words = {" ".join(row[1] for row in tree if row[0].isdigit()): tree for _, tree in conllu(treebank)}
    for rows in _rows(path):
        words, tags = [row[1] for row in rows], [row[2] for row in rows]
        for row in reversed(by_words.get(" ".join(words), [])):
            if "-" in row[0]:
                first, last = map(int, row[0].split("-"))
                words[first - 1 : last] = [row[1]]
                tags[first - 1 : last] = [tags[first - 1]]
        kept = [tag if tag[2:] in ("PER", "LOC", "ORG") else "O" for tag in tags]
        yield words, _repaired(kept)


def _repaired(tags: list[str]) -> list[str]:
    """An entity always begins with B."""
    before, fixed = "O", []
    for tag in tags:
        fixed.append("B" + tag[1:] if tag[0] == "I" and before[2:] != tag[2:] else tag)
        before = tag
    return fixed


def _rows(path: Path) -> Iterator[list[list[str]]]:
    rows: list[list[str]] = []
    for line in (*path.read_text(encoding="utf-8").splitlines(), ""):
        if not line.strip():
            if rows:
                yield rows
            rows = []
        elif not line.startswith("#"):
            rows.append(line.split("\t"))


Entities = list[tuple[list[str], list[str], str]]


def entity_corpora(data: Path) -> tuple[Entities, Entities]:
    """Words, tags and source of what entities are learnt from, and a tenth of GermEval dev to choose between runs."""
    known = [(words, _repaired(tags), "germeval") for words, tags in germeval(data / "ner-de" / "NER-de-dev.tsv")]
    pud = universal_ner(data / "ner-de" / "de_pud-ud-test.iob2", data / "ud-de" / "de_pud-ud-test.conllu")
    train = [sentence for number, sentence in enumerate(known) if number % 10]
    return [*train, *((words, tags, "unerpud") for words, tags in pud)], known[::10]


def weighted(trees: list[Tree], weights: dict[str, int], seed: int) -> list[Doc]:
    """Each tree as often as its treebank weighs, in random order; silver trees come in once.

    Two thirds stand alone, because the splitter sets the bounds before the parser comes; the others in threes.
    """
    rng = random.Random(seed)
    docs = [doc_of(tree) for tree in trees for _ in range(weights.get(tree.treebank, 1))]
    rng.shuffle(docs)
    alone = len(docs) * 2 // 3
    found = [*docs[:alone], *join(docs[alone:], 3)]
    rng.shuffle(found)
    return found


def silver_entities(trees: list[Tree]) -> Entities:
    """The entities that the teacher marked in column ten."""
    found = []
    for tree in trees:
        tags = [word.misc.removeprefix("Entity=").split("|")[0] for word in tree.words]
        tags = [tag if tag[:2] in ("B-", "I-") else "O" for tag in tags]
        found.append(([word.form for word in tree.words], _repaired(tags), "silver"))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds ner-de/ and ud-de/")
    parser.add_argument("work", type=Path, help="where harmonise.py wrote to")
    parser.add_argument("--silver", type=Path, help="what silver.py wrote")
    parser.add_argument("--unseen", type=int, default=50, help="one silver tree of so many is kept out")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    for name in ("dev", "test"):
        docs = [doc_of(tree) for tree in read_trees(arguments.work / f"{name}.conllu")]
        save(docs, arguments.work / f"{name}.spacy", LAYERS)
    gold = list(read_trees(arguments.work / "train.conllu"))
    silver = list(read_trees(arguments.silver)) if arguments.silver else []
    # A hundred sentences of GSD dev choose badly between runs: what the teacher says of some unseen sentences helps.
    unseen, silver = silver[:: arguments.unseen], [t for n, t in enumerate(silver) if n % arguments.unseen]
    held_out = [*read_trees(arguments.work / "dev.conllu"), *unseen]
    save([doc_of(tree) for tree in held_out], arguments.work / "choose.spacy", LAYERS)
    docs = weighted([*gold, *silver], {"gsd": 4, "pud": 2} if silver else {}, arguments.seed)
    save(docs, arguments.work / "train.spacy", LAYERS)
    train, dev = entity_corpora(arguments.data)
    if silver:
        train = [*train, *(sentence for sentence in train if sentence[2] == "germeval")] * 2
        train += silver_entities([*silver, *unseen])
        random.Random(arguments.seed).shuffle(train)
    test = [(*pair, "germeval") for pair in germeval(arguments.data / "ner-de" / "NER-de-test.tsv")]
    for name, sentences in (("train", train), ("dev", dev), ("test", test)):
        docs = [entity_doc(words, _repaired(tags)) for words, tags, _ in sentences]
        save(docs, arguments.work / f"ner-{name}.spacy", ["ENT_IOB", "ENT_TYPE"])
    print(f"{len(gold)} gold trees, {len(silver)} silver trees, {len(train)} sentences with entities")


if __name__ == "__main__":
    main()
