"""The corpus of the tests of questions, with its direct statements."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from tests.queries.corpus import Corpus


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return Corpus()


@pytest.fixture(scope="session")
def store(corpus: Corpus) -> ox.Store:
    return corpus.whole_store()
