"""Questions of one's own, answered in a process of their own: what pyoxigraph cannot interrupt, a process can be.

A query that yields no row for hours (a count over a cross product) would keep a thread of the library busy, and one
that sorts such a product would take all memory. Here the time limit kills the process, the system kills it should
nobody be left to do so, and its memory has a limit. Questions that ship need none of this: see `graph_sources`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, BinaryIO, cast

import pyoxigraph as ox

from schachzug.errors import QuestionError, StoreError

MEMORY = 4_000_000_000
"""Bytes that a query may take beyond its graph."""
LONGEST_ANSWER = 100_000_000
"""Bytes of an answer as it travels; it takes ten times as much here."""
_START = "from schachzug.query_process import serve; serve()"
_SAID, _TOO_LONG, _NO_SELECT = 3, 4, 5
_SLACK = 2


def select_in_process(
    graph: ox.Store | Path, query: str, seconds: float
) -> tuple[list[str], list[tuple[object | None, ...]]]:
    """The names of the variables, and the rows of terms, of a SELECT query over the union of all graphs.

    Args:
        graph: the folder of a store, which the process opens itself, or a store, which is copied to it.
        query: the query.
        seconds: how long it may take, from start to answer.

    Raises:
        QuestionError: the time is up, the answer or the memory for it is too large, or it is no SELECT query.
        StoreError: the graph cannot be read by the process.
    """
    with tempfile.TemporaryFile() as asked:
        header = {
            "query": query,
            "folder": str(graph.resolve()) if isinstance(graph, Path) else None,
            "seconds": seconds,
            "answer": LONGEST_ANSWER,
        }
        asked.write(json.dumps(header).encode() + b"\n")
        if isinstance(graph, ox.Store):
            graph.dump(asked, ox.RdfFormat.N_QUADS)
        asked.seek(0)
        answer = _answer(asked, seconds)
    result = ox.parse_query_results(answer, format=ox.QueryResultsFormat.JSON)
    if not isinstance(result, ox.QuerySolutions):
        raise no_select()
    return [variable.value for variable in result.variables], [tuple(solution) for solution in result]


def out_of_time(seconds: float) -> QuestionError:
    """The error that says that a time limit was reached."""
    hint = "Narrow it with a parameter, or allow more time"
    return QuestionError(f"the question was not answered within {seconds:g} s", hint=hint)


def no_select() -> QuestionError:
    """The error that says that a query asks for something else than rows."""
    return QuestionError("the query is no SELECT", hint="Write SELECT … WHERE { … }")


def _answer(asked: BinaryIO, seconds: float) -> bytes:
    # The process finds the package where this one does, and is never the user's own program started anew.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)}
    command = [sys.executable, "-c", _START]
    try:
        process = subprocess.Popen(
            command, stdin=asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        )
    except OSError as error:
        raise StoreError(f"no process for the question: {error}", hint="Check the memory of the machine") from error
    with process:
        try:
            answer, said = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise out_of_time(seconds) from None
        finally:
            process.kill()
    if process.returncode == 0:
        return answer
    told = said.decode("utf-8", "replace").strip()
    if process.returncode == _SAID:
        raise StoreError(f"the question cannot be answered: {told}", hint="Check the graph and the query")
    if process.returncode == _TOO_LONG:
        what = f"the answer is longer than {LONGEST_ANSWER // 1_000_000} MB"
        raise QuestionError(what, hint="Narrow the question, or add a LIMIT")
    if process.returncode == _NO_SELECT:
        raise no_select()
    hint = "Narrow the question: it must not join everything with everything"
    raise QuestionError(f"the question took too much memory, or its process died ({process.returncode})", hint=hint)


def serve() -> None:
    """What the process does: read a question from standard input, and write the answer, as JSON, to standard output."""
    source = sys.stdin.buffer
    asked = json.loads(source.readline())
    _limit_time(asked["seconds"])
    try:
        if asked["folder"] is not None:
            store = ox.Store.read_only(asked["folder"])
        else:
            store = ox.Store()
            store.bulk_load(source, format=ox.RdfFormat.N_QUADS)
        _limit_memory()
        result = store.query(asked["query"], use_default_graph_as_union=True)
        if not isinstance(result, ox.QuerySolutions):
            _leave(_NO_SELECT)
        else:
            out = cast(IO[bytes], _Limited(sys.stdout.buffer, asked["answer"]))
            result.serialize(out, format=ox.QueryResultsFormat.JSON)
            out.flush()
    except _AnswerTooLong:
        _leave(_TOO_LONG)
    except (OSError, RuntimeError, SyntaxError, ValueError) as error:
        sys.stderr.write(str(error))
        sys.stderr.flush()
        _leave(_SAID)
    # What is to be closed is gone with the process.
    _leave(0)


def _leave(code: int) -> None:
    os._exit(code)


def _limit_time(seconds: float) -> None:
    """The system ends this process should nobody be left to do so."""
    import signal

    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds + _SLACK)


def _limit_memory() -> None:
    """Whoever asks for more dies of it, and not the machine."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (ImportError, OSError):
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY, resource.RLIM_INFINITY))


class _AnswerTooLong(Exception):
    """More was written than anybody can hold."""


class _Limited:
    """A stream that takes no more than some bytes."""

    def __init__(self, stream: BinaryIO, most: int) -> None:
        self._stream, self._left = stream, most

    def write(self, data: bytes) -> int:
        """Write bytes.

        Raises:
            _AnswerTooLong: there are more than the limit.
        """
        self._left -= len(data)
        if self._left < 0:
            raise _AnswerTooLong
        return self._stream.write(data)

    def flush(self) -> None:
        """Write what is held back."""
        self._stream.flush()
