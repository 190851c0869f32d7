"""A few kills; `make faults` makes 200."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


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
        [sys.executable, "-m", "tests.faults.killing", "--kills", "5", "--seed", "7", "--data", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "pipeline")},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert "every store opened" in run.stdout
