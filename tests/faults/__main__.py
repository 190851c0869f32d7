"""Kills builds and feeds broken inputs, writes the figures into docs/figures.md, and fails where one falls short.

make faults                                  # 200 kills and 10,000 inputs, some twenty minutes
make faults DATA=ARTICLES.jsonl              # the same with other articles in the builds
python -m tests.faults --kills 20 --inputs 300 --no-figures
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from schachzug.figures import Figure, figure_table, write_section
from tests.faults.feeding import blocks
from tests.faults.killing import Kills, kill
from tests.faults.watching import Fare, watch

_ROOT = Path(__file__).resolve().parents[2]
_FIGURES = _ROOT / "docs" / "figures.md"
_OF_HYPOTHESIS = 0.4
_SECONDS = 10.0
_MEGABYTES = 1500
_OTHERS = {
    "a full disk": "tests/store/test_full_disk.py",
    "a store opened twice": "tests/store/test_store.py",
    "a damaged store": "tests/store/test_store.py",
    "a server gone in mid-push": "tests/servers/test_push.py",
}
_TESTS = (
    "tests/store/test_full_disk.py",
    "tests/store/test_store.py::test_opened_twice",
    "tests/store/test_store.py::test_opened_twice_by_two_processes",
    "tests/store/test_store.py::test_a_damaged_store_says_so_and_is_recovered_from_the_ledger",
    "tests/store/test_store.py::test_a_damaged_current_file_is_reported_with_the_remedy",
    "tests/store/test_store.py::test_a_damaged_ledger_is_made_again_from_the_graphs",
    "tests/servers/test_push.py::test_a_server_gone_in_mid_push_is_told_and_the_push_continues",
    "tests/servers/test_push.py::test_a_graph_half_sent_is_sent_again",
)


def of_kills(done: Kills, wanted: int) -> list[Figure]:
    """The figures of killed builds."""
    return [
        Figure("builds killed at a random moment", done.kills, "kills", wanted, at_least=True),
        Figure("of them while the store was open for writing", done.at_work, "kills"),
        Figure("stores that opened after the kill", done.opened, "", done.kills, at_least=True),
        Figure("stores with every article whole or absent", done.whole, "", done.kills, at_least=True),
        Figure("resumed builds that came to their end", done.resumed, "builds", 1, at_least=True),
        Figure("of them equal to an uninterrupted one", done.equal, "builds", done.resumed, at_least=True),
        Figure("other faults of killed builds", len(done.faults), "", 0),
    ]


def of_inputs(fare: Fare, wanted: int) -> list[Figure]:
    """The figures of broken inputs."""
    fed = sum(fare.inputs.values()) + len(fare.held_up)
    return [
        Figure("broken inputs", fed, "inputs", wanted, at_least=True),
        Figure("articles read out of them", fare.totals["read"], "articles"),
        Figure("refused with a message", fare.totals["refused"], "inputs and lines"),
        Figure("claims in what was read", fare.totals["claims"], "claims"),
        Figure("crashes", len(fare.crashed), "", 0),
        Figure("held up for more than 10 s", len(fare.held_up), "inputs", 0),
        Figure(f"slowest input ({fare.slowest_what})", round(fare.slowest, 2), "s", _SECONDS),
        Figure("quads kept and validated", fare.totals["quads"], "quads"),
        Figure("graphs that pyshacl validated, too", fare.totals["by_authority"], "graphs"),
        Figure("violations of a shape among them", fare.totals["violations"], "", 0),
        Figure("most memory of a process", round(fare.megabytes), "MB", _MEGABYTES),
    ]


def of_tests() -> list[Figure]:
    """Whether the tests of single faults pass: full disk, opened twice, damaged store, server gone."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *_TESTS]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout[-3000:], file=sys.stderr)
    figures = []
    for what, path in _OTHERS.items():
        failed = sum(1 for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR")) and path in line)
        figures.append(Figure(f"failures with {what} ({path})", failed if done.returncode < 2 else 1, "", 0))
    return figures


def main() -> int:
    """Run from the command line; 1 where a figure falls short."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--articles", type=int, default=12, help="how many a killed build has")
    parser.add_argument("--data", default="seeds/articles", help="articles of the builds that are killed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2, help="processes that are fed")
    parser.add_argument(
        "--block", type=int, default=1000, help="inputs that a process is fed before another takes over"
    )
    parser.add_argument("--note", default="", help="a remark on the machine, for the figures")
    parser.add_argument("--no-figures", action="store_true", help="leave docs/figures.md as it is")
    given = parser.parse_args()
    started = time.monotonic()
    of_hypothesis = round(_OF_HYPOTHESIS * given.inputs)
    todo = blocks(given.inputs - of_hypothesis, of_hypothesis, given.block, given.seed)
    # Builds that are killed wait for the disk most of the time, so the inputs need not wait for them.
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        killing = pool.submit(kill, given.kills, given.seed, given.articles, given.data)
        fare = watch(todo, workers=given.workers, seconds=_SECONDS)
        kills = killing.result()
    figures = [*of_kills(kills, given.kills), *of_inputs(fare, given.inputs), *of_tests()]
    minutes = (time.monotonic() - started) / 60
    lines = [
        f"Measured by `make faults` in {minutes:.0f} minutes. {given.note}".strip(),
        "",
        figure_table(figures),
        "",
        f"The inputs by kind; all of them in their order have the hash {fare.digest} (seed {given.seed}):",
        "",
        "| kind | inputs |",
        "|---|---:|",
        *(f"| {what} | {number:,} |" for what, number in sorted(fare.inputs.items())),
    ]
    print("\n".join(lines))
    for fault in [*kills.faults, *fare.crashed, *fare.held_up]:
        print(f"fault: {fault}", file=sys.stderr)
    if not given.no_figures:
        write_section(_FIGURES, "faults", "\n".join(lines))
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
