"""Some broken inputs; `make faults` feeds ten thousand."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.feeding import Block, Fed, Feeder, Tell, blocks
from tests.faults.mutating import Made
from tests.faults.watching import Fare, watch

HUNG, DEADLY = 5, 8
ONCE_BROKEN = sorted((Path(__file__).parent / "inputs").iterdir())


@pytest.fixture(scope="module")
def feeder() -> Feeder:
    return Feeder()


def fed(feeder: Feeder, block: Block, folder: Path) -> list[Fed]:
    found: list[Fed] = []
    (folder / "place").mkdir()
    block.each(lambda made: found.append(feeder.feed(made, folder / "place")))
    return found


@pytest.mark.parametrize("block", blocks(80, 40, 80, 11), ids=lambda block: block.source)
def test_broken_inputs_crash_nothing(feeder: Feeder, block: Block, tmp_path: Path) -> None:
    found = fed(feeder, block, tmp_path)
    assert [one.fault for one in found if one.fault] == []
    assert len(found) == block.count
    total = Counter(
        {key: sum(getattr(one, key) for one in found) for key in ("read", "refused", "quads", "violations")}
    )
    assert total["read"] > block.count / 8
    assert total["refused"] > block.count / 8
    assert total["quads"] > 500
    assert total["violations"] == 0
    feeder.store(tmp_path / "store")


@pytest.mark.parametrize("path", ONCE_BROKEN, ids=lambda path: path.stem)
def test_what_once_broke_the_line_is_read_or_refused(feeder: Feeder, path: Path, tmp_path: Path) -> None:
    one = feeder.feed(Made("once broken", "".join(path.suffixes), path.read_bytes()), tmp_path)
    assert not one.fault
    assert one.read + one.refused == 1


def test_inputs_are_the_same_at_every_time() -> None:
    for block in (Block("mutator", 3, 20), Block("Hypothesis", 3, 20)):
        first: list[Made] = []
        second: list[Made] = []
        block.each(first.append)
        block.each(second.append)
        assert first == second
        assert len({made.raw for made in first}) > 10


def hostile(block: Block, tell: Tell, place: Path) -> None:
    """Work that is held up by one input, and dies of another."""
    for number in range(block.skip, block.count):
        (place / "input.txt").write_text(str(number))
        tell(number, None)
        if number == HUNG:
            while time.monotonic():
                pass
        if number == DEADLY:
            os.kill(os.getpid(), signal.SIGSEGV)
        tell(number, Fed("number", digest=str(number), read=1))


def test_a_worker_that_is_held_up_or_dies_is_replaced_and_no_input_is_lost(tmp_path: Path) -> None:
    fare: Fare = watch([Block("test", 1, 12), Block("test", 2, 4)], seconds=0.5, work=hostile, keep=tmp_path)
    assert fare.inputs == {"number": 14}
    assert fare.totals["read"] == 14
    [held_up], [crashed] = fare.held_up, fare.crashed
    assert f"test 1, input {HUNG}: held up" in held_up
    assert f"test 1, input {DEADLY}: the process ended with -11" in crashed
    assert (tmp_path / f"schachzug-test-1-{HUNG}" / "input.txt").read_text() == str(HUNG)
    assert [len(digests) for _, digests in sorted(fare.digests.items())] == [10, 4]
