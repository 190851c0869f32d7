"""Several processes: each holds a whole extractor, takes articles and gives back N-Quads."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TYPE_CHECKING

from schachzug.errors import InputError, SchachzugError
from schachzug.extraction import Extraction, Extractor
from schachzug.types import Article

if TYPE_CHECKING:
    from schachzug.line import Options

CHUNK = 16
"""Articles sent to a process at a time."""

_Results = list[Extraction | InputError]
_extractor: Extractor | None = None


def extract_in_processes(
    articles: Iterable[Article], workers: int, options: Options
) -> Iterator[Extraction | InputError]:
    """The extractions of articles, in order, made by several processes.

    Args:
        articles: what to read.
        workers: how many processes.
        options: how to build: which pipeline each loads, and how it validates.

    Raises:
        SchachzugError: a process was killed.
    """
    context = multiprocessing.get_context("spawn")
    source = iter(articles)
    with ProcessPoolExecutor(workers, context, initializer=_load, initargs=(options,)) as pool:
        waiting: deque[Future[_Results]] = deque()
        try:
            # A few chunks ahead, so that no process waits and memory does not grow with the input.
            for chunk in iter(lambda: list(islice(source, CHUNK)), []):
                waiting.append(pool.submit(extract_chunk, chunk))
                if len(waiting) >= 3 * workers:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        except BrokenProcessPool as error:
            hint = "Build again with fewer workers: what is in the store is kept"
            raise SchachzugError("a worker process was killed, perhaps for want of memory", hint=hint) from error


def extract_chunk(articles: list[Article], options: Options | None = None) -> _Results:
    """The extractions of some articles, by the extractor of this process.

    Args:
        articles: what to read.
        options: how to build, where this process has no extractor yet.
    """
    return list((_extractor or _load(options)).extract_many(articles))


def _load(options: Options | None) -> Extractor:
    global _extractor
    from schachzug.line import Options, make_extractor

    _extractor = make_extractor(options or Options())
    return _extractor
