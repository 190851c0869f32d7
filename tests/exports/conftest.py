"""The corpus of the tests of questions, with its direct statements."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from schachzug.rules import direct_quads, load_rules
from tests.queries.corpus import Corpus


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return Corpus()


@pytest.fixture(scope="session")
def store(corpus: Corpus) -> ox.Store:
    store = corpus.store()
    store.extend(direct_quads(store, load_rules()))
    return store
