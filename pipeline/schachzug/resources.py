"""Where the data that travels with the package lies: inside the wheel, or in the checkout."""

from __future__ import annotations

from pathlib import Path

from schachzug.errors import ResourceError

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """The path of a file or folder of `ontology/`, `seeds/` or `queries/`.

    >>> resource("ontology", "schachzug.ttl").name
    'schachzug.ttl'

    Raises:
        ResourceError: the installation lacks it.
    """
    for root in (_PACKAGE / "data", _PACKAGE.parents[1]):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise ResourceError(f"{'/'.join(parts)} is missing from this installation", hint="Install schachzug again")
