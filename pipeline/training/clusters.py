"""The callback of configs/entities.cfg that gives the recogniser its table of word clusters before training."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.util import registry

from schachzug.word_clusters import set_clusters


@registry.callbacks("schachzug.load_clusters.v1")  # type: ignore[untyped-decorator]
def load_clusters(path: Path) -> Callable[[Language], Language]:
    """Sets the table from a file of spacy-lookups-data: words and the numbers of their Brown clusters, gzipped JSON."""

    def load(nlp: Language) -> Language:
        recogniser: Any = nlp.get_pipe("ner")
        set_clusters(recogniser.model, json.loads(gzip.decompress(Path(path).read_bytes())))
        return nlp

    return load
