"""Some mutated inputs; `make faults` tries ten thousand."""

from __future__ import annotations

from pathlib import Path

from schachzug.line import Options, make_extractor
from tests.faults.mutating import LONGEST_SECONDS, try_inputs


def test_broken_inputs_crash_nothing(tmp_path: Path) -> None:
    outcome = try_inputs(150, 11, make_extractor(Options()), tmp_path)
    assert outcome["read"] > 20
    assert outcome["refused"] > 20
    assert outcome["claims"] > 20
    assert outcome["slowest"] < 1000 * LONGEST_SECONDS
