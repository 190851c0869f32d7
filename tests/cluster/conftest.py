"""Clusters that run for the whole of these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster.processes import DASK_HINT, Cluster, dask_is_installed


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler; `pair` gives it two workers."""
    yield from _running(tmp_path_factory, {})


@pytest.fixture
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler of a test's own, which gives up a task when one worker has died of it."""
    yield from _running(tmp_path_factory, {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"})


def _running(folders: pytest.TempPathFactory, environment: dict[str, str]) -> Iterator[Cluster]:
    if not dask_is_installed():
        pytest.skip(DASK_HINT)
    cluster = Cluster(folders.mktemp("cluster"), environment)
    yield cluster
    cluster.stop()
