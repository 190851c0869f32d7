"""A real cluster on this machine: `dask scheduler` and `dask worker` processes on free ports of 127.0.0.1."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

DASK_HINT = "Dask is missing; install it with: pip install 'schachzug[cluster]'"
ROOT = Path(__file__).resolve().parents[2]
FAULTY = Path(__file__).with_name("faulty.py")
_STARTING = 90.0


def dask_is_installed() -> bool:
    return importlib.util.find_spec("distributed") is not None


@dataclass
class Process:
    """A scheduler or a worker."""

    process: subprocess.Popen[bytes]
    log: Path
    address: str = ""

    @property
    def runs(self) -> bool:
        return self.process.poll() is None

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        """Kill it at once, as a power cut would."""
        self.process.kill()
        self.process.wait(30)

    def stop(self) -> None:
        """Stop it in good order, or at once if it does not stop."""
        if self.runs:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()


@dataclass
class Cluster:
    """A scheduler, and the workers that were started for it."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    workers: list[Process] = field(default_factory=list)
    started: int = 0

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0")
        self.scheduler.address = _found(r"Scheduler at:\s+(tcp://\S+)", self.scheduler)

    @property
    def address(self) -> str:
        return self.scheduler.address

    def add(self, count: int = 1, *, fault: str = "", path: Path = ROOT / "pipeline") -> list[Process]:
        """Start workers, and wait until the scheduler has them.

        Args:
            count: how many.
            fault: what is wrong with them, as faulty.py knows it.
            path: where they find the package.
        """
        more = ["--preload", str(FAULTY)] if fault else []
        fresh = [
            self._start(
                *("worker", self.address, "--nthreads", "1", "--no-nanny", "--death-timeout", "60", *more),
                *("--memory-limit", "0", "--local-directory", str(self.folder)),
                FAULT=fault,
                PYTHONPATH=str(path),
            )
            for _ in range(count)
        ]
        for worker in fresh:
            _found(r"Registered to:\s+(tcp://\S+)", worker)
            worker.address = _found(r"Start worker at:\s+(tcp://\S+)", worker)
        self.workers += fresh
        return fresh

    def pair(self) -> tuple[Process, Process]:
        """Two sound workers; those that died are replaced."""
        self.workers = [worker for worker in self.workers if worker.runs]
        if missing := 2 - len(self.workers):
            self.add(missing)
        first, second = self.workers
        return first, second

    @contextmanager
    def third(self, *, fault: str = "", path: Path = ROOT / "pipeline") -> Iterator[Process]:
        """One more worker, for a while."""
        [worker] = self.add(fault=fault, path=path)
        try:
            yield worker
        finally:
            self.workers.remove(worker)
            worker.stop()

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.stop()

    def _start(self, *arguments: str, **environment: str) -> Process:
        self.started += 1
        log = self.folder / f"{self.started}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments, "--no-dashboard"],
                cwd=self.folder,
                env={**os.environ, **self.environment, **environment},
                stdout=out,
                stderr=out,
            )
        return Process(process, log)


def _found(pattern: str, process: Process) -> str:
    deadline = time.monotonic() + _STARTING
    while time.monotonic() < deadline and process.runs:
        if found := re.search(pattern, process.said):
            return found[1]
        time.sleep(0.1)
    said = process.said[-2000:]
    process.stop()
    raise RuntimeError(f"{process.log} tells of a process that did not start: {said}")
