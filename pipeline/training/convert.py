"""Step 2 of the recipe: CoNLL-U and entity files to spaCy's binary form.

Features that the treebank leaves out are marked as missing, so that the morphologizer does not learn the gaps.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import spacy
from harmonise import Tree, Word, conllu, lacks_features
from spacy.tokens import Doc, DocBin, Span

NLP = spacy.blank("de")
LAYERS = ["TAG", "POS", "MORPH", "LEMMA", "HEAD", "DEP", "SENT_START"]
# What SmartData's types are here; the others (dates, numbers, triggers) are none.
SMARTDATA = {
    "person": "PER",
    "organization": "ORG",
    "organization-company": "ORG",
    "location": "LOC",
    "location-city": "LOC",
    "location-route": "LOC",
    "location-stop": "LOC",
    "location-street": "LOC",
}


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
            token.set_morph(word.feature_string or "_")
    return doc


def join(docs: Iterable[Doc], size: int) -> Iterator[Doc]:
    """Several sentences to a document, so that the parser learns where sentences end."""
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
    """A Doc from tokens and their IOB tags; what is neither PER, LOC, ORG nor MISC is no entity."""
    kept = []
    for tag in tags:
        kind = tag[2:].replace("OTH", "MISC")
        kept.append(f"{tag[0]}-{kind}" if kind in ("PER", "LOC", "ORG", "MISC") else "O")
    for index, tag in enumerate(kept):
        if tag[0] == "I" and (index == 0 or kept[index - 1][2:] != tag[2:]):
            kept[index] = "B" + tag[1:]
    return Doc(NLP.vocab, words=words, ents=kept)


def germeval(path: Path) -> Iterator[Doc]:
    """GermEval 2014, the outer level."""
    words: list[str] = []
    tags: list[str] = []
    for line in (*path.read_text(encoding="utf-8").splitlines(), ""):
        columns = line.split("\t")
        if not line.strip():
            if words:
                yield entity_doc(words, tags)
            words, tags = [], []
        elif not line.startswith("#"):
            words.append(columns[1])
            tags.append(columns[2])


def universal_ner(path: Path) -> Iterator[Doc]:
    """Universal NER's PUD. Its tokens are syntactic words: zum is written as zu dem."""
    for _, rows in _iob_rows(path):
        yield entity_doc([row[1] for row in rows], [row[2] for row in rows])


def _iob_rows(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    rows: list[list[str]] = []
    for line in (*path.read_text(encoding="utf-8").splitlines(), ""):
        if not line.strip():
            if rows:
                yield "", rows
            rows = []
        elif not line.startswith("#"):
            rows.append(line.split("\t"))


def smartdata(path: Path) -> Iterator[Doc]:
    """SmartData: only mentions that begin with a capital letter and hold no common noun alone."""
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        text = handle.read()
    decoder, position = json.JSONDecoder(), 0
    while position < len(text):
        record, position = decoder.raw_decode(text, position)
        while position < len(text) and text[position] in ", \n\r\t[]":
            position += 1
        yield from _smartdata_docs(record)


def _smartdata_docs(record: dict[str, object]) -> Iterator[Doc]:
    raise NotImplementedError


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds ner-de/")
    parser.add_argument("work", type=Path, help="where harmonise.py wrote to")
    arguments = parser.parse_args()
    for name in ("train", "dev", "test"):
        docs = [doc_of(tree) for tree in read_trees(arguments.work / f"{name}.conllu")]
        save(join(docs, 5 if name == "train" else 1), arguments.work / f"{name}.spacy", LAYERS)
    entities = arguments.data / "ner-de"
    known = list(germeval(entities / "NER-de-dev.tsv"))
    dev, train = known[::10], [doc for number, doc in enumerate(known) if number % 10]
    train += universal_ner(entities / "de_pud-ud-test.iob2")
    save(train, arguments.work / "ner-train.spacy", ["ENT_IOB", "ENT_TYPE"])
    save(dev, arguments.work / "ner-dev.spacy", ["ENT_IOB", "ENT_TYPE"])
    save(germeval(entities / "NER-de-test.tsv"), arguments.work / "ner-test.spacy", ["ENT_IOB", "ENT_TYPE"])
    print(f"{len(train)} sentences with entities")


if __name__ == "__main__":
    main()
