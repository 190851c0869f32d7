"""The embedding of the recogniser of names: hashed forms, the pipeline's vectors, and Brown clusters of words.

A Brown cluster holds words that stand in the same contexts. Its bits are a path through a tree, so that the lowest ones
name wider classes. Names too rare for the training texts are known by what they are used like.

Brown et al. (1992), Class-based n-gram models of natural language; as features of a recogniser of names: Turian,
Ratinov and Bengio (2010), Word representations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.ml.featureextractor import FeatureExtractor
from spacy.ml.staticvectors import StaticVectors
from spacy.strings import get_string_id
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import HashEmbed, Maxout, Model, chain, concatenate, list2ragged, ragged2list, with_array

_LAYER = "word_clusters"
_WIDER = (0b111111, 0b1111111111)
"""Masks of the bits that name classes of clusters."""


def set_clusters(model: Model[Any, Any], clusters: Mapping[str, int]) -> None:
    """Give a model with this embedding its table.

    Args:
        model: the recogniser's model, or a part of it.
        clusters: for each written form its cluster, at most 65,534 different ones. Forms are kept as 32 bits of
            their hash, so one in some thousands of unknown words is taken for a known one.
    """
    layer = next(node for node in model.walk() if node.name == _LAYER)
    paths = sorted(set(clusters.values()))
    place = {path: n for n, path in enumerate(paths)}
    hashes = np.fromiter((get_string_id(form) for form in clusters), np.uint64, len(clusters)).astype(np.uint32)
    values = np.fromiter((place[path] for path in clusters.values()), np.uint16, len(clusters))
    keys, first = np.unique(hashes, return_index=True)
    layer.attrs["table"] = {"keys": keys, "values": values[first], "paths": np.array(paths, np.uint64)}


@registry.architectures("schachzug.ClusterHashEmbed.v1")  # type: ignore[untyped-decorator]
def cluster_hash_embed(
    width: int, attrs: list[str], rows: list[int], cluster_rows: list[int]
) -> Model[list[Doc], list[NDArray[np.float32]]]:
    """spaCy's MultiHashEmbed with static vectors, and an embedding more for each width of cluster.

    Args:
        width: of each embedding and of what comes out, (tokens, width) for a document.
        attrs: attributes of tokens to hash.
        rows: of each attribute's table.
        cluster_rows: of the tables of the cluster itself and of its wider classes.
    """
    if len(rows) != len(attrs) or len(cluster_rows) != 1 + len(_WIDER):
        raise ValueError(f"one number of rows for each of {attrs}, and {1 + len(_WIDER)} for clusters, are needed")
    seeds = iter(range(8, 8 + len(rows) + len(cluster_rows)))

    def embedded(extractor: Model[Any, Any], sizes: list[int]) -> Model[Any, Any]:
        tables: list[Any] = [
            HashEmbed(width, size, column=n, seed=next(seeds), dropout=0.0) for n, size in enumerate(sizes)
        ]
        return chain(extractor, list2ragged(), with_array(concatenate(*tables)))

    parts = (
        embedded(FeatureExtractor(attrs), rows),
        embedded(Model(_LAYER, _forward, attrs={"table": None}), cluster_rows),
        StaticVectors(width, dropout=0.0),
    )
    inputs = width * (len(rows) + len(cluster_rows) + 1)
    mixed: Any = with_array(Maxout(width, inputs, nP=3, dropout=0.0, normalize=True))
    return chain(concatenate(*parts), mixed, ragged2list())


def _forward(
    model: Model[Any, Any], docs: list[Doc], is_train: bool
) -> tuple[list[NDArray[np.uint64]], Callable[[Any], list[Any]]]:
    """For each document an array (tokens, 1 + wider classes); 0 stands for words without a cluster."""
    table = model.attrs["table"]
    if table is None:
        raise ValueError("the recogniser of names has no table of word clusters")
    forms = [doc.to_array("ORTH").astype(np.uint32) for doc in docs]
    words = np.concatenate(forms) if forms else np.zeros(0, np.uint32)
    keys = table["keys"]
    places = np.minimum(np.searchsorted(keys, words), len(keys) - 1)
    known = keys[places] == words
    paths = table["paths"][table["values"][places]]
    columns = np.stack([paths, *(paths & np.uint64(mask) for mask in _WIDER)], axis=1) + np.uint64(1)
    columns[~known] = 0
    ends = np.cumsum([len(form) for form in forms])[:-1]
    return np.split(columns, ends), lambda _: []
