"""The corpus of the tests of questions, with its direct statements."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import settings

from schachzug.rules import direct_quads, load_rules
from tests.queries.corpus import Corpus

# A first query warms caches, and the machine may be busy: no example has a deadline of its own.
settings.register_profile("queries", deadline=None, max_examples=150)
settings.load_profile("queries")


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return Corpus()


@pytest.fixture(scope="session")
def store(corpus: Corpus) -> ox.Store:
    store = corpus.store()
    store.extend(direct_quads(store, load_rules()))
    return store
