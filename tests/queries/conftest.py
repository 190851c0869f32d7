"""The corpus of the tests of questions, with its direct statements."""

from __future__ import annotations

from tests.queries.fixtures import corpus, store

__all__ = ["corpus", "store"]
