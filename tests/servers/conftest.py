"""Servers that run for the whole of these tests, each filled with the corpus."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from schachzug.push import push
from tests.queries.fixtures import corpus, store
from tests.servers.triple_stores import (
    OXIGRAPH_HINT,
    VIRTUOSO_HINT,
    Oxigraph,
    TripleStore,
    Virtuoso,
    oxigraph_program,
    virtuoso_programs,
)

__all__ = ["corpus", "store"]


@pytest.fixture(autouse=True)
def no_login(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The logins of whoever runs the tests are not used."""
    for name in ("SCHACHZUG_USER", "SCHACHZUG_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "no-netrc"))


@pytest.fixture(scope="session")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oxigraph]:
    if oxigraph_program() is None:
        pytest.skip(OXIGRAPH_HINT)
    server = Oxigraph(tmp_path_factory.mktemp("oxigraph"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Virtuoso]:
    if virtuoso_programs() is None:
        pytest.skip(VIRTUOSO_HINT)
    server = Virtuoso(tmp_path_factory.mktemp("virtuoso"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session", params=["oxigraph", "virtuoso"])
def server(request: pytest.FixtureRequest, store: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> TripleStore:
    """Either server, with the corpus pushed to it."""
    running: TripleStore = request.getfixturevalue(request.param)
    push(store, running.store_url, state=tmp_path_factory.mktemp("state") / "pushed.jsonl")
    return running
