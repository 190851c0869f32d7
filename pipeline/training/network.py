"""The teacher as a network: the E5 encoder, and heads for tags, trees and entities."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from corpora import ENTITY_TAGS, TREEBANKS, Sentence
from e5 import E5
from torch import Tensor, nn


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
            {
                name.replace(":", "_"): nn.Linear(width, len(labels))
                for name, labels in inventory.items()
                if name[0] != "!"
            }
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

    ordered = sorted(sentences, key=lambda s: cost(s) + rng.random() * 8)
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


def save(model: Teacher, path: Path) -> None:
    state = {k: v for k, v in model.state_dict().items() if k != "encoder.words.weight"}
    torch.save({"state": state, "inventory": model.inventory}, path)


def load(path: Path, e5: E5) -> Teacher:
    stored = torch.load(path, weights_only=True)
    model = Teacher(e5, stored["inventory"])
    model.load_state_dict(stored["state"], strict=False)
    return model.eval()
