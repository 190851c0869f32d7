"""The pages of the documentation, and the commands in them.

A `console` block holds one command after `$ ` and, below it, what it prints; a last line `…` stands for the rest.
`python tests/docs/pages.py` runs them and writes what they print into the pages.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PAGES = (CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md")))
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
REST = "…"
_LONGEST = 24


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: Path
    kind: str
    text: str

    @property
    def command(self) -> str:
        """The command of a console block."""
        return self.text.splitlines()[0].removeprefix("$ ")

    @property
    def output(self) -> list[str]:
        """What a console block says that its command prints."""
        return self.text.splitlines()[1:]


def blocks(kind: str) -> list[Block]:
    """The blocks of a kind in all pages."""
    return [
        Block(page, found[1], found[2])
        for page in PAGES
        for found in _FENCE.finditer(page.read_text(encoding="utf-8"))
        if found[1] == kind
    ]


def workplace(folder: Path) -> Path:
    """A folder in which the commands of the pages run as they do in the checkout."""
    for name in ("seeds", "docs", "ontology", "queries"):
        (folder / name).symlink_to(CHECKOUT / name)
    return folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of a page."""
    program, *arguments = shlex.split(command)
    if program != "schachzug":
        raise ValueError(f"only schachzug is run in console blocks, not {program}")
    code = "from schachzug.cli import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT / "pipeline")}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip


def printed(output: str) -> Iterator[str]:
    """The lines of an output as a page shows them: without blanks at their ends and blank lines at the end."""
    yield from (line.rstrip() for line in output.rstrip().splitlines())


def main() -> None:
    """Write what the commands print into the pages."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = workplace(Path(scratch))
        for page in PAGES:
            text = page.read_text(encoding="utf-8")

            def renewed(found: re.Match[str]) -> str:
                if found[1] != "console":
                    return found[0]
                block = Block(page, found[1], found[2])  # noqa: B023
                done = run(block.command, folder)
                if done.returncode:
                    raise SystemExit(f"{block.command}: {done.stderr}")
                lines = list(printed(done.stdout))
                if len(lines) > _LONGEST:
                    lines = [*lines[:_LONGEST], REST]
                return "\n".join(["```console", f"$ {block.command}", *lines, "```"])

            page.write_text(_FENCE.sub(renewed, text), encoding="utf-8")


if __name__ == "__main__":
    main()
