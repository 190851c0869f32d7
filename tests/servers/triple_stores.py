"""Real triple stores for the tests, on free ports of this machine: `oxigraph serve` and Virtuoso."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from pathlib import Path

OXIGRAPH_HINT = "oxigraph is missing; install it with: pip install oxigraph"
VIRTUOSO_HINT = (
    "Virtuoso is missing; install it with: apt-get install --no-install-recommends virtuoso-opensource-7-bin"
)
_INI = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
MaxCheckpointRemap = 2000

[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
MaxCheckpointRemap = 2000

[Parameters]
ServerPort = 127.0.0.1:{isql}
DirsAllowed = {folder}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
CheckpointInterval = 0

[HTTPServer]
ServerPort = 127.0.0.1:{http}

[SPARQL]
ResultSetMaxRows = 100000
"""


def oxigraph_program() -> str | None:
    """Where `oxigraph` is: beside the Python that runs, or on the path."""
    beside = Path(sys.executable).with_name("oxigraph")
    return str(beside) if beside.exists() else shutil.which("oxigraph")


def virtuoso_programs() -> tuple[str, str] | None:
    """Where `virtuoso-t` and `isql-vt` are, if both are."""
    server, client = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    return (server, client) if server and client else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class TripleStore(ABC):
    """A server that can be started, stopped, killed and started again on the same data and ports."""

    query_url: str
    store_url: str
    process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def start(self) -> None:
        """Start it, and wait until it answers."""

    @abstractmethod
    def stop(self) -> None:
        """Stop it in good order."""

    def kill(self) -> None:
        """Kill it at once, as a power cut would."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(30)
            self.process = None

    def _wait_until_it_answers(self, log: Path) -> None:
        deadline = time.monotonic() + 60
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while time.monotonic() < deadline:
            try:
                opener.open(self.query_url, timeout=5).close()
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                if self.process is None or self.process.poll() is not None:
                    break
                time.sleep(0.1)
        self.kill()
        said = log.read_text(errors="replace")[-2000:] if log.exists() else ""
        raise RuntimeError(f"{type(self).__name__} did not start: {said}")


class Oxigraph(TripleStore):
    """`oxigraph serve` on a folder."""

    def __init__(self, folder: Path) -> None:
        program = oxigraph_program()
        assert program is not None
        self.folder, self.port = folder, free_port()
        self.command = [program, "serve", "-l", str(folder / "data"), "-b", f"127.0.0.1:{self.port}"]
        self.query_url = f"http://127.0.0.1:{self.port}/query"
        self.store_url = f"http://127.0.0.1:{self.port}/store"

    def start(self) -> None:
        log = self.folder / "log"
        with log.open("ab") as out:
            self.process = subprocess.Popen(self.command, stdout=out, stderr=out)
        self._wait_until_it_answers(log)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
            self.process = None


class Virtuoso(TripleStore):
    """`virtuoso-t` on a folder; anybody on this machine may write to it."""

    def __init__(self, folder: Path) -> None:
        programs = virtuoso_programs()
        assert programs is not None
        self.server, self.client = programs
        self.folder, self.http, self.isql = folder, free_port(), free_port()
        self.query_url = f"http://127.0.0.1:{self.http}/sparql"
        self.store_url = f"http://127.0.0.1:{self.http}/sparql-graph-crud"
        self.authenticated_store_url = f"http://127.0.0.1:{self.http}/sparql-graph-crud-auth"
        (folder / "virtuoso.ini").write_text(_INI.format(folder=folder, isql=self.isql, http=self.http))

    def start(self) -> None:
        first = not (self.folder / "virtuoso.db").exists()
        command = [self.server, "+configfile", str(self.folder / "virtuoso.ini"), "+wait", "+foreground"]
        with (self.folder / "out.log").open("ab") as out:
            self.process = subprocess.Popen(command, cwd=self.folder, stdout=out, stderr=out)
        self._wait_until_it_answers(self.folder / "virtuoso.log")
        if first:
            self.sql("DB.DBA.RDF_DEFAULT_USER_PERMS_SET('nobody', 7); grant SPARQL_UPDATE to \"SPARQL\";")

    def sql(self, text: str) -> str:
        """Run SQL as the administrator; what it printed."""
        command = [self.client, f"127.0.0.1:{self.isql}", "dba", "dba", "VERBOSE=OFF", f"exec={text}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=dict(os.environ), check=False)
        return done.stdout + done.stderr

    def stop(self) -> None:
        if self.process is not None:
            self.sql("shutdown();")
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()
            self.process = None
