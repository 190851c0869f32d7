"""From the scores of the teacher to trees, tags and entities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from corpora import ENTITY_TAGS, Sentence, apply_script
from e5 import E5
from network import Teacher, make_batch


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


@dataclass
class Certainty:
    """Log probabilities of what was chosen, a value a word; `refused` where known parts of speech overruled."""

    arc: Any
    label: Any
    upos: Any
    entity: Any
    refused: list[bool]


@dataclass
class Known:
    """What a corpus tells beforehand: which tags each of its own tags may stand for, which STTS tags go with a tag."""

    allowed: dict[str, frozenset[str]]
    finer: dict[str, frozenset[str]]


def _tags(
    inventory: dict[str, list[str]], scores: dict[str, Any], old: Sentence, known: Known | None
) -> tuple[dict[str, list[str]], list[float], list[bool]]:
    """The label of every layer, how sure the part of speech is, and whether the known one overruled."""
    picked = {name: [inventory[name][n] for n in values.argmax(-1)] for name, values in scores.items()}
    upos = scores["upos"]
    refused = [False] * len(old.forms)
    if known and old.upos:
        for i, tag in enumerate(old.upos):
            options = known.allowed.get(tag, frozenset())
            if not options or picked["upos"][i] in options:
                continue
            refused[i] = True
            columns = [n for n, name in enumerate(inventory["upos"]) if name in options]
            picked["upos"][i] = inventory["upos"][columns[int(upos[i, columns].argmax())]]
    if known:
        for i, tag in enumerate(picked["upos"]):
            finer = known.finer.get(tag, frozenset())
            if finer and picked["xpos"][i] not in finer:
                columns = [n for n, name in enumerate(inventory["xpos"]) if name in finer]
                picked["xpos"][i] = inventory["xpos"][columns[int(scores["xpos"][i, columns].argmax())]]
    sure = [float(upos[i, inventory["upos"].index(tag)]) for i, tag in enumerate(picked["upos"])]
    return picked, sure, refused


def _decoded(
    model: Teacher, e5: E5, old: list[Sentence], style: str, known: Known | None
) -> Iterator[tuple[Sentence, Certainty]]:
    inventory = model.inventory
    batch = make_batch(old, e5, style)
    with torch.autocast("cpu", torch.bfloat16):
        tags, tree, entity = model.words(batch, 0.0)
    hidden = model.tag_hidden(tags)
    layers = {
        name: model.heads[name.replace(":", "_")](hidden).log_softmax(-1).numpy()
        for name in inventory
        if name[0] != "!"
    }
    arcs, child, head = model.tree_scores(tree)
    arcs = arcs.float().masked_fill(~batch.place[:, None, :], -1e4).log_softmax(-1).numpy()
    entities = model.entity(model.entity_hidden(entity)).log_softmax(-1).numpy()
    root = inventory["!deprel"].index("root")
    for row, sentence in enumerate(old):
        size = batch.lengths[row]
        heads = best_tree(arcs[row, : size + 1, : size + 1])
        chosen = torch.tensor(heads[1:])
        labels = model.label_scores(child[row, torch.arange(1, size + 1)], head[row, chosen]).log_softmax(-1)
        labels[chosen != 0, root] = -1e9
        label_sure, label = labels.max(-1)
        deprels = [inventory["!deprel"][n] for n in label.tolist()]
        deprels = ["root" if h == 0 else d for h, d in zip(heads[1:], deprels, strict=True)]
        scores = {name: values[row, 1 : size + 1] for name, values in layers.items()}
        picked, sure, refused = _tags(inventory, scores, sentence, known)
        features = {name[:-1]: values for name, values in picked.items() if name.endswith("=")}
        guess = Sentence(
            sentence.forms,
            style,
            picked["upos"],
            picked["xpos"],
            [{key: values[i] for key, values in features.items() if values[i]} for i in range(size)],
            [apply_script(form, script) for form, script in zip(sentence.forms, picked["lemma"], strict=True)],
            [int(h) for h in heads[1:]],
            deprels,
            entity_path(entities[row, 1 : size + 1]),
            sentence.sent_id,
            sentence.spaces,
        )
        chances = entities[row, 1 : size + 1].max(-1)
        yield guess, Certainty(arcs[row, range(1, size + 1), heads[1:]], label_sure.numpy(), sure, chances, refused)


@torch.no_grad()
def predict(
    model: Teacher, e5: E5, sentences: list[Sentence], style: str = "gsd", known: Known | None = None
) -> Iterator[tuple[Sentence, Certainty]]:
    """Annotated copies of the sentences, in the style of a treebank, and how sure the teacher is of each word.

    `known` constrains the tags of sentences that have some already.
    """
    model.eval()
    order = sorted(range(len(sentences)), key=lambda i: len(sentences[i].forms))
    results: dict[int, tuple[Sentence, Certainty]] = {}
    step: list[int] = []
    for place, number in enumerate(order, 1):
        step.append(number)
        if len(step) * len(sentences[number].forms) > 1500 or place == len(order):
            results.update(zip(step, _decoded(model, e5, [sentences[i] for i in step], style, known), strict=True))
            step = []
    for number in range(len(sentences)):
        yield results[number]


def spans(tags: list[str]) -> set[tuple[int, int, str]]:
    """Entities of IOB tags, without MISC."""
    found, start = set(), 0
    for i, tag in enumerate([*tags, "O"]):
        if i and tags[i - 1] != "O" and (tag[0] != "I"):
            found.add((start, i, tags[i - 1][2:]))
        if tag[0] == "B":
            start = i
    return {span for span in found if span[2] != "MISC"}
