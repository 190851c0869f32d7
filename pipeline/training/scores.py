"""Scores of a spaCy pipeline on treebanks and entity files: what the report and the choice between runs rest on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from convert import germeval
from harmonise import Tree, conllu, surface_tree
from spacy.language import Language
from spacy.tokens import Doc

RELATIONS = ("nsubj", "nsubj:pass", "obj", "obl", "nmod", "conj", "appos", "ccomp", "acl", "compound:prt")
LAYERS = ("UAS", "LAS", "UPOS", "XPOS", "lemma", "morph")


@dataclass
class Share:
    """Counts behind a precision, a recall and their harmonic mean."""

    right: int = 0
    guessed: int = 0
    wanted: int = 0

    @property
    def precision(self) -> float:
        return 100 * self.right / max(1, self.guessed)

    @property
    def recall(self) -> float:
        return 100 * self.right / max(1, self.wanted)

    @property
    def f1(self) -> float:
        return 200 * self.right / max(1, self.guessed + self.wanted)


@dataclass
class Scores:
    """Layers and relations of one comparison."""

    layers: dict[str, Share] = field(default_factory=lambda: {name: Share() for name in LAYERS})
    relations: dict[str, Share] = field(default_factory=lambda: {name: Share() for name in RELATIONS})
    tokens: Share = field(default_factory=Share)
    sentences: Share = field(default_factory=Share)


Row = tuple[tuple[int, int], str, str, str, str, str, tuple[int, int] | None]


def gold_trees(path: Path) -> list[Tree]:
    """The trees of a GSD file as published, but that a contraction is one token."""
    found = (surface_tree(meta, rows, "gsd") for meta, rows in conllu(path))
    return [tree for tree in found if tree is not None]


def _gold_rows(tree: Tree, begin: int) -> tuple[list[Row], str]:
    """The words with their places in the text, and the text."""
    text, places = "", []
    for word in tree.words:
        places.append((begin + len(text), begin + len(text) + len(word.form)))
        text += word.form + (" " if word.space_after else "")
    rows: list[Row] = []
    for word in tree.words:
        head = None if word.head == word.index else places[word.head]
        label = "root" if head is None else word.deprel
        place = places[word.index]
        rows.append((place, word.upos, word.xpos, word.lemma, word.feature_string, label, head))
    return rows, text


def _rows_of(doc: Doc) -> list[Row]:
    rows: list[Row] = []
    for t in doc:
        if t.is_space:
            continue
        head = None if t.head.i == t.i else (t.head.idx, t.head.idx + len(t.head))
        feats = "|".join(sorted(str(t.morph).split("|"), key=str.lower)) if str(t.morph) else ""
        label = "root" if head is None else t.dep_
        rows.append(((t.idx, t.idx + len(t)), t.pos_, t.tag_, t.lemma_, feats, label, head))
    return rows


def _compare(gold: list[Row], guess: list[Row], scores: Scores) -> None:
    by_place = {row[0]: row for row in guess}
    scores.tokens.right += sum(row[0] in by_place for row in gold)
    for share in (scores.tokens, *scores.layers.values()):
        share.guessed, share.wanted = share.guessed + len(guess), share.wanted + len(gold)
    for _, _, _, _, _, label, _ in guess:
        if label in scores.relations:
            scores.relations[label].guessed += 1
    for row in gold:
        place, upos, xpos, lemma, feats, label, head = row
        other = by_place.get(place)
        if label in scores.relations:
            scores.relations[label].wanted += 1
        if other is None:
            continue
        attached = head == other[6]
        hits = (attached, attached and label == other[5], upos == other[1], xpos == other[2], lemma == other[3])
        for name, hit in zip(LAYERS, (*hits, feats == other[4]), strict=True):
            scores.layers[name].right += hit
        if label in scores.relations and attached and label == other[5]:
            scores.relations[label].right += 1


def score_gold_tokens(nlp: Language, trees: list[Tree]) -> Scores:
    """Scores with the tokens and sentence bounds of the treebank."""
    scores = Scores()
    docs = []
    for tree in trees:
        words, spaces = [w.form for w in tree.words], [w.space_after for w in tree.words]
        docs.append(Doc(nlp.vocab, words=words, spaces=spaces, sent_starts=[w.index == 0 for w in tree.words]))
    with nlp.select_pipes(disable=[name for name in nlp.pipe_names if name == "schachzug_sentences"]):
        for tree, doc in zip(trees, nlp.pipe(docs), strict=True):
            _compare(_gold_rows(tree, 0)[0], _rows_of(doc), scores)
    return scores


def score_raw_text(nlp: Language, trees: list[Tree]) -> Scores:
    """Scores with the pipeline's own tokens and sentences, ten sentences of the treebank to a text.

    A token counts as right only where its bounds are; so does the head.
    """
    scores = Scores()
    for begin in range(0, len(trees), 10):
        text, gold, starts = "", [], set()
        for tree in trees[begin : begin + 10]:
            starts.add(len(text))
            rows, sentence = _gold_rows(tree, len(text))
            gold += rows
            text += sentence.rstrip() + " "
        doc = nlp(text)
        _compare(gold, _rows_of(doc), scores)
        own = {sentence.start_char for sentence in doc.sents}
        scores.sentences.right += len(own & starts)
        scores.sentences.guessed += len(own)
        scores.sentences.wanted += len(starts)
    return scores


def score_entities(nlp: Language, path: Path, kinds: tuple[str, ...] = ("PER", "LOC", "ORG")) -> dict[str, Share]:
    """Exact spans of GermEval's outer level, tokens given; under "all" the three kinds together."""
    shares = {kind: Share() for kind in ("all", *kinds)}
    pairs = list(germeval(path))
    docs = [Doc(nlp.vocab, words=words) for words, _ in pairs]
    with nlp.select_pipes(enable=[name for name in ("tok2vec", "ner") if name in nlp.pipe_names]):
        for (_, tags), doc in zip(pairs, nlp.pipe(docs), strict=True):
            wanted = set(_spans(tags))
            guessed = {(e.start, e.end, e.label_) for e in doc.ents if e.label_ in kinds}
            wanted = {span for span in wanted if span[2] in kinds}
            for span in wanted | guessed:
                for share in (shares["all"], shares[span[2]]):
                    share.wanted += span in wanted
                    share.guessed += span in guessed
                    share.right += span in wanted and span in guessed
    return shares


def _spans(tags: list[str]) -> Iterator[tuple[int, int, str]]:
    start = 0
    for i, tag in enumerate([*tags, "O"]):
        if i and tags[i - 1] != "O" and (tag[0] != "I" or tag[2:] != tags[i - 1][2:]):
            yield start, i, tags[i - 1][2:]
        if tag != "O" and (tag[0] == "B" or i == 0 or tags[i - 1][2:] != tag[2:]):
            start = i


def tokens_per_second(nlp: Language, texts: list[str]) -> float:
    """How many tokens the whole pipeline reads in a second of processor time, best of two rounds."""
    best = 0.0
    for _ in range(2):
        started = time.process_time()
        tokens = sum(len(doc) for doc in nlp.pipe(texts))
        best = max(best, tokens / (time.process_time() - started))
    return best
