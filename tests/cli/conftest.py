"""The command line, run in this process as a user runs it: arguments in; exit code and both streams out."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from schachzug.cli import main

ARTICLES = Path(__file__).resolve().parents[2] / "seeds" / "articles"


@dataclass(frozen=True)
class Result:
    """What a command did."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


def run_command(*arguments: str | Path, stdin: bytes = b"") -> Result:
    """Run one command; arguments as on the command line, without the program's name."""
    out, err = io.StringIO(), io.StringIO()
    before = sys.argv, sys.stdin
    sys.argv = ["schachzug", *map(str, arguments)]
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.BytesIO(stdin)), encoding="utf-8")
    code = 0
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main()
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
    finally:
        sys.argv, sys.stdin = before
    return Result(code, out.getvalue(), err.getvalue())


@pytest.fixture
def run() -> Run:
    return run_command


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of the real article."""
    folder = tmp_path_factory.mktemp("built") / "out"
    result = run_command("build", ARTICLES, "--out", folder)
    assert result.code == 0, result.err
    return folder
