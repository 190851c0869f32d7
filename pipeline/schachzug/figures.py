"""Keeps measured figures in the documentation: each measurement owns one section of docs/figures.md.

A section lies between two HTML comments that name it, so that measuring again replaces the old figures and touches
nothing else:

    <!-- evaluate -->
    …
    <!-- /evaluate -->
"""

from __future__ import annotations

import re
from pathlib import Path

from schachzug.errors import ResourceError


def write_section(path: Path, name: str, text: str) -> None:
    """Replace a section of a Markdown file, or append it if the file has none of that name.

    Args:
        path: the file; it is made if it does not exist.
        name: the section's name.
        text: Markdown.

    Raises:
        ResourceError: the file cannot be written.
    """
    block = f"<!-- {name} -->\n{text.strip()}\n<!-- /{name} -->"
    try:
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        new, count = re.subn(
            rf"<!-- {re.escape(name)} -->.*?<!-- /{re.escape(name)} -->", lambda _: block, old, flags=re.S
        )
        if not count:
            new = f"{old.rstrip()}\n\n{block}\n" if old.strip() else f"{block}\n"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(new, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ResourceError(f"the figures cannot be written: {error}", where=path) from error
