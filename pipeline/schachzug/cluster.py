"""More than one machine: articles go to the workers of a Dask cluster, N-Quads come back to the one store.

The scheduler and its workers are somebody else's and stay as they are. A chunk of articles is one task. What a
worker held when it died is read again by others, which is Dask's doing; a worker that fails is not asked twice for
the same chunk; and an article that kills one worker after the other is told apart from those beside it.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from schachzug.cluster_worker import Versions, differences, pack, unpack, versions
from schachzug.errors import ClusterError, InputError, ResourceError
from schachzug.extraction import Extraction
from schachzug.types import Article

if TYPE_CHECKING:
    from distributed import Client, Future

    from schachzug.line import Options

CHUNK = 16
"""Articles sent to a worker at a time."""

AHEAD = 3
"""Chunks under way for each thread of the cluster: none waits, and memory does not grow with the input."""

ATTEMPTS = 3
"""How often workers may fail to read a chunk before the build stops."""

PATIENCE = 60.0
"""Seconds to wait for a first worker, and for another when none is left."""

_CONNECTING = 10.0
_COUNTING = 5.0

_Failure = tuple[str, str]
"""The address of a worker that failed, and why."""


def extract_on_cluster(
    articles: Iterable[Article], address: str, options: Options
) -> Iterator[Extraction | InputError]:
    """The extractions of articles, in order, made by the workers of a Dask cluster.

    Args:
        articles: what to read.
        address: of the scheduler, such as "tcp://192.168.1.5:8786".
        options: how to build: which pipeline each worker loads, and how it validates.

    Raises:
        ClusterError: the scheduler or its workers cannot be reached, have other versions than this machine, or fail.
        ResourceError: Dask is not installed here.
    """
    address = address if "://" in address else f"tcp://{address}"
    client = _connected(address)
    try:
        cluster = _Cluster(client, address, options, versions(options.model))
        cluster.check()
        source = iter(articles)
        waiting: deque[_Task] = deque()
        for chunk in iter(lambda: list(islice(source, CHUNK)), []):
            waiting.append(cluster.send(chunk))
            while len(waiting) >= cluster.room():
                yield from cluster.results(waiting.popleft())
        while waiting:
            yield from cluster.results(waiting.popleft())
    finally:
        client.close()


@dataclass(frozen=True)
class _Task:
    articles: list[Article]
    future: Future[bytes | _Failure]
    failures: tuple[_Failure, ...] = ()


@dataclass
class _Cluster:
    """A cluster that is connected to, and what its workers are to read with."""

    client: Client
    address: str
    options: Options
    wanted: Versions
    _threads: int = 0
    _counted: float = 0.0

    def check(self) -> None:
        """Wait for a worker, and compare what the workers have with what is here."""
        with _told(self.address):
            try:
                self.client.wait_for_workers(1, timeout=PATIENCE)
            except TimeoutError as error:
                raise self._no_workers("the scheduler has no workers") from error
            told: Any = self.client.get_versions()
            for worker, found in told["workers"].items():
                _compare(worker, {"Python": _minor(found["host"]["python"])}, {"Python": _minor(sys.version)})
            found_on = self.client.run(_versions_task(), self.options.model, on_error="return")
        for worker, found in found_on.items():
            if isinstance(found, BaseException):
                what = f"the worker cannot load schachzug: {type(found).__name__}: {found}"
                raise ClusterError(what, where=worker, hint="Install schachzug there as it is here")
            _compare(worker, found, self.wanted)

    def room(self) -> int:
        """How many chunks may be under way. Workers come and go, so they are counted anew from time to time."""
        if time.monotonic() - self._counted > _COUNTING:
            with _told(self.address):
                self._threads = sum(self.client.nthreads().values())
            self._counted = time.monotonic()
        return AHEAD * max(1, self._threads)

    def send(self, articles: list[Article], failures: tuple[_Failure, ...] = ()) -> _Task:
        """Give a chunk to some worker, if possible to one that has not failed to read it."""
        with _told(self.address):
            others: list[str] | None = None
            if failures:
                failed = {worker for worker, _ in failures}
                others = [worker for worker in self.client.nthreads() if worker not in failed] or None
            future = self.client.submit(
                _extraction_task(),
                pack(articles, self.options, self.wanted),
                pure=False,
                workers=others,
                allow_other_workers=others is not None,
            )
        return _Task(articles, future, failures)

    def results(self, task: _Task) -> Iterator[Extraction | InputError]:
        """What came of a chunk, once it has been read."""
        from distributed.scheduler import KilledWorker

        while True:
            try:
                returned = self._returned(task)
            except KilledWorker:
                if len(task.articles) > 1:
                    for article in task.articles:
                        yield from self.results(self.send([article]))
                    return
                what = (
                    f"the article '{task.articles[0].id}' killed each worker that read it, perhaps for want of memory"
                )
                yield InputError(what, hint="Build again without a cluster to see why")
                return
            if isinstance(returned, bytes):
                yield from unpack(returned)
                return
            failures = (*task.failures, returned)
            if len(failures) == ATTEMPTS:
                what = f"articles could not be read in {ATTEMPTS} attempts; the worker said: {returned[1]}"
                raise ClusterError(
                    what, where=returned[0], hint="Mend it and build again: what is in the store is kept"
                )
            task = self.send(task.articles, failures)

    def _returned(self, task: _Task) -> bytes | _Failure:
        with _told(self.address):
            while True:
                try:
                    return task.future.result(timeout=PATIENCE)
                except TimeoutError as error:
                    if not self.client.nthreads():
                        raise self._no_workers("the cluster has no workers any more") from error

    def _no_workers(self, what: str) -> ClusterError:
        hint = f"Start some (dask worker {self.address}), then build again: what is in the store is kept"
        return ClusterError(what, where=self.address, hint=hint)


def _connected(address: str) -> Client:
    try:
        from distributed import Client
        from distributed.comm.addressing import get_address_host_port
        from distributed.comm.registry import get_backend
    except ImportError as error:
        hint = "Install it: pip install 'schachzug[cluster]'"
        raise ResourceError("a cluster needs Dask, which is not installed", hint=hint) from error
    try:
        get_backend(address.partition("://")[0])
        get_address_host_port(address, strict=True)
    except ValueError as error:
        hint = "It looks like tcp://192.168.1.5:8786"
        raise ClusterError(
            f"this is no address of a scheduler: {_first_line(error)}", where=address, hint=hint
        ) from error
    try:
        return Client(address, timeout=_CONNECTING, set_as_default=False)
    except OSError as error:
        hint = "Check the address, or start one: dask scheduler"
        raise ClusterError(f"no scheduler answers: {_first_line(error)}", where=address, hint=hint) from error


@contextmanager
def _told(address: str) -> Iterator[None]:
    """What Dask says of lost connections, said for users."""
    from concurrent.futures import CancelledError

    try:
        yield
    except (CancelledError, OSError) as error:
        hint = "See whether it still runs, then build again: what is in the store is kept"
        raise ClusterError(f"the scheduler is gone: {_first_line(error)}", where=address, hint=hint) from error


def _extraction_task() -> Callable[[bytes], bytes | _Failure]:
    """What reads on a worker. A function within a function travels as code, so the scheduler needs no schachzug."""

    def read(packed: bytes) -> bytes | _Failure:
        try:
            from schachzug.cluster_worker import extract_packed

            return extract_packed(packed)
        except Exception as error:
            from distributed import get_worker

            return get_worker().address, f"{type(error).__name__}: {error}"

    return read


def _versions_task() -> Callable[[str], Versions]:
    def tell(model: str) -> Versions:
        from schachzug.cluster_worker import versions

        return versions(model)

    return tell


def _compare(worker: str, found: Versions, wanted: Versions) -> None:
    if differing := differences(found, wanted):
        what = f"the worker would read otherwise than this machine: {differing}"
        raise ClusterError(what, where=worker, hint="Install the same versions there and here")


def _minor(python: str) -> str:
    return ".".join(python.split(".")[:2])


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
