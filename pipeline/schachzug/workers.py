"""Several processes: each holds a whole extractor, takes articles and gives back N-Quads."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

from schachzug.errors import InputError, SchachzugError
from schachzug.extraction import Extraction, Extractor
from schachzug.types import Article

CHUNK = 16
"""Articles sent to a process at a time."""

_Results = list[Extraction | InputError]
_extractor: Extractor | None = None


def extract_in_processes(
    articles: Iterable[Article], workers: int, model: str, validate: bool = True
) -> Iterator[Extraction | InputError]:
    """The extractions of articles, in order, made by several processes.

    Args:
        articles: what to read.
        workers: how many processes.
        model: the spaCy pipeline that each loads.
        validate: whether each article is checked against the shapes that ship.

    Raises:
        SchachzugError: a process was killed.
    """
    context = multiprocessing.get_context("spawn")
    source = iter(articles)
    with ProcessPoolExecutor(workers, context, initializer=_load, initargs=(model, validate)) as pool:
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


def extract_chunk(articles: list[Article], model: str | None = None) -> _Results:
    """The extractions of some articles, by the extractor of this process.

    Args:
        articles: what to read.
        model: the pipeline to load where this process has none yet; None for the bundled one.
    """
    if _extractor is None:
        from schachzug.model import BUNDLED

        _load(model or BUNDLED, True)
    return [] if _extractor is None else list(_extractor.extract_many(articles))


def _load(model: str, validate: bool) -> None:
    global _extractor
    from schachzug.line import Options, make_extractor

    _extractor = make_extractor(Options(model=model, validate=validate))
