"""A few kills; `make faults` makes 200."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# In a process of its own: the children are forked, which a process with other threads must not do.
KILL = """
import sys
from tests.faults.killing import kill
done = kill(5, 7, 12, sys.argv[1])
print(done.faults, done.kills, done.opened, done.whole, done.resumed - done.equal, done.at_work > 0)
"""


def test_killed_builds_go_on_where_they_stopped(tmp_path: Path) -> None:
    sentences = (
        "Russland verliert seinen Einfluss auf Kasachstan.",
        "Die EU verhängte Sanktionen gegen Belarus.",
        "Die USA drohen dem Iran.",
    )
    for number in range(6):
        text = f"Meldung {number}. " + " ".join(sentences[number % 3 :])
        (tmp_path / f"article-{number}.txt").write_text(text, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-c", KILL, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'pipeline'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.split("\n")[-2] == "[] 5 5 5 0 True", run.stdout + run.stderr
