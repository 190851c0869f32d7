"""Loaded by a worker that is to fail in one of these tests; the variable FAULT says how."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import zlib

from distributed import Worker

from schachzug import cluster_worker

_extract = cluster_worker.extract_packed


def _full_disk(packed: bytes) -> bytes:
    print("the fault struck", file=sys.stderr, flush=True)
    raise OSError(28, "No space left on device")


def _deadly_article(packed: bytes) -> bytes:
    articles, _, _ = pickle.loads(zlib.decompress(packed))
    if any(article.id == "deadly" for article in articles):
        os.kill(os.getpid(), signal.SIGKILL)
    return _extract(packed)


def dask_setup(worker: Worker) -> None:
    """Dask calls this when the worker starts."""
    cluster_worker.extract_packed = {"full disk": _full_disk, "deadly article": _deadly_article}[os.environ["FAULT"]]
