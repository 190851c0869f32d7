"""Workers that are watched: one that is held up by an input, or dies of it, is replaced, and the others go on."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.faults.feeding import Block, Fed, Tell, feed_block, peak_megabytes

Work = Callable[[Block, Tell, Path], None]
_LOADING = 120.0
"""Seconds that a new worker has to load the model before its first input."""


@dataclass
class Fare:
    """What came of all inputs. `held_up` and `crashed` tell which, and where each is kept to be looked at."""

    inputs: Counter[str] = field(default_factory=Counter)
    totals: Counter[str] = field(default_factory=Counter)
    held_up: list[str] = field(default_factory=list)
    crashed: list[str] = field(default_factory=list)
    slowest: float = 0.0
    slowest_what: str = ""
    megabytes: float = 0.0
    digests: dict[tuple[str, int], list[str]] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Stands for all inputs, in their order: the same for the same seeds."""
        joined = "\n".join(digest for block in sorted(self.digests) for digest in self.digests[block])
        return sha256(joined.encode()).hexdigest()[:16]


@dataclass
class _Worker:
    process: BaseProcess
    told: Connection
    place: Path
    block: Block
    number: int = -1
    since: float = 0.0
    used: float = 0.0
    busy: bool = False


def watch(
    blocks: Iterable[Block],
    *,
    workers: int = 2,
    seconds: float = 10.0,
    by_the_clock: float = 300.0,
    work: Work = feed_block,
    keep: Path | None = None,
) -> Fare:
    """Feed blocks of inputs in processes of their own, and watch each input.

    Args:
        blocks: what to feed.
        workers: how many processes.
        seconds: how much of the processor's time an input may take.
        by_the_clock: how long it may take by the clock, for what waits and does not work.
        work: what feeds a block; a function of a module.
        keep: where inputs are kept that were at fault; by default beside the other temporary files.
    """
    keep = keep or Path(tempfile.gettempdir())
    waiting = deque(blocks)
    fare = Fare()
    running: list[_Worker] = []
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                running.append(_started(waiting.popleft(), work))
            for told in wait([w.told for w in running], timeout=0.25):
                worker = next(w for w in running if w.told is told)
                if not _listened(worker, fare, keep, waiting):
                    running.remove(worker)
            for worker in [w for w in running if _too_long(w, seconds, by_the_clock)]:
                running.remove(worker)
                _ended(worker)
                fare.held_up.append(_kept(worker, keep, "held up"))
                _put_back(worker, waiting)
    finally:
        for worker in running:
            _ended(worker)
    return fare


def _started(block: Block, work: Work) -> _Worker:
    context = get_context("spawn")
    told, tell = context.Pipe(duplex=False)
    place = Path(tempfile.mkdtemp(prefix="schachzug-input-"))
    process = context.Process(target=_serve, args=(block, tell, place, work), daemon=True)
    process.start()
    tell.close()
    return _Worker(process, told, place, block, since=time.monotonic())


def _serve(block: Block, out: Connection, place: Path, work: Work) -> None:
    """What a worker does: feed its block, then tell how much memory it took."""
    began = 0.0

    def tell(number: int, fed: Fed | None) -> None:
        nonlocal began
        if fed is None:
            began = time.process_time()
            out.send((number, began))
        else:
            out.send((number, time.process_time() - began, fed))

    work(block, tell, place)
    out.send(peak_megabytes())
    out.close()


def _listened(worker: _Worker, fare: Fare, keep: Path, waiting: deque[Block]) -> bool:
    """Take what a worker tells; whether it is still at work."""
    try:
        message = worker.told.recv()
    except EOFError:
        _ended(worker)
        fare.crashed.append(_kept(worker, keep, f"the process ended with {worker.process.exitcode}"))
        _put_back(worker, waiting)
        return False
    if isinstance(message, float):
        fare.megabytes = max(fare.megabytes, message)
        worker.process.join()
        _ended(worker)
        shutil.rmtree(worker.place, ignore_errors=True)
        return False
    worker.number, worker.since = message[0], time.monotonic()
    worker.busy = len(message) == 2
    if worker.busy:
        worker.used = message[1]
        return True
    _, took, fed = message
    if fed.fault:
        fare.crashed.append(f"{worker.block.source} {worker.block.number}, input {worker.number}: {fed.fault}")
    if not fed.what:
        return True
    fare.inputs[fed.what] += 1
    for name in ("read", "refused", "claims", "rejected", "quads", "violations", "by_authority"):
        fare.totals[name] += getattr(fed, name)
    fare.digests.setdefault((worker.block.source, worker.block.number), []).append(fed.digest)
    if took > fare.slowest:
        fare.slowest, fare.slowest_what = took, fed.what
    return True


def _too_long(worker: _Worker, seconds: float, by_the_clock: float) -> bool:
    passed = time.monotonic() - worker.since
    if not worker.busy:
        return passed > max(_LOADING, by_the_clock)
    return passed > by_the_clock or (passed > seconds and _processor(worker.process.pid) - worker.used > seconds)


def _processor(pid: int | None) -> float:
    """The seconds of the processor that a process has used, as Linux tells; elsewhere only the clock counts."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _ended(worker: _Worker) -> None:
    if worker.process.is_alive() and worker.process.pid is not None:
        os.kill(worker.process.pid, signal.SIGKILL)
    worker.process.join()
    worker.told.close()


def _kept(worker: _Worker, keep: Path, what: str) -> str:
    """Keep the input that a worker was fed last, and say where."""
    name = f"schachzug-{worker.block.source}-{worker.block.number}-{worker.number}"
    if worker.place.exists():
        shutil.rmtree(keep / name, ignore_errors=True)
        shutil.move(worker.place, keep / name)
    return f"{worker.block.source} {worker.block.number}, input {worker.number}: {what}, kept in {keep / name}"


def _put_back(worker: _Worker, waiting: deque[Block]) -> None:
    """What comes after the input at fault is fed by another worker; a store that was at fault is not tried again."""
    if worker.number < 0 or worker.number >= worker.block.count:
        return
    waiting.appendleft(replace(worker.block, skip=worker.number + 1))
