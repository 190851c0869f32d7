"""The errors that Schachzug raises for its users.

    SchachzugError
    ├── InputError          an article cannot be read (file, line, what to do)
    ├── ResourceError       a part of the installation is missing or broken
    │   ├── LexiconError    a lexicon file breaks its schema (file, line, entry)
    │   ├── EntityError     a table of entities breaks its schema
    │   └── ModelError      a spaCy pipeline is missing or lacks components
    ├── QuestionError       no such stored question, or a parameter does not fit
    ├── ConformanceError    the graph violates a shape
    ├── StoreError          the store is locked, damaged or unreachable
    └── ClusterError        no scheduler or worker can be reached, or the workers have other versions

Each message says what happened, where, and what to do next. The command line turns
ConformanceError into exit code 1, QuestionError into 2, all others into 3.
"""

from __future__ import annotations

from pathlib import Path


class SchachzugError(Exception):
    """What every error of this package descends from.

    Args:
        what: what happened, one sentence without a final full stop.
        where: the file (or other source) it happened in.
        line: the line in that file, counted from 1.
        hint: what the user can do about it.
    """

    exit_code = 3

    def __init__(
        self, what: str, *, where: str | Path | None = None, line: int | None = None, hint: str | None = None
    ) -> None:
        self.what, self.where, self.line, self.hint = what, where, line, hint
        place = "" if where is None else f"{where}:{line}: " if line is not None else f"{where}: "
        super().__init__(f"{place}{what}" + (f". {hint}" if hint else ""))


class InputError(SchachzugError):
    """An article cannot be read."""


class ResourceError(SchachzugError):
    """A part of the installation is missing or broken."""


class LexiconError(ResourceError):
    """A lexicon file breaks its schema."""


class EntityError(ResourceError):
    """A table of entities breaks its schema."""


class ModelError(ResourceError):
    """A spaCy pipeline is missing, or lacks a component that reading needs."""


class QuestionError(SchachzugError):
    """No such stored question, or a parameter does not fit it."""

    exit_code = 2


class ConformanceError(SchachzugError):
    """The graph violates a shape."""

    exit_code = 1


class StoreError(SchachzugError):
    """The store is locked, damaged or unreachable."""


class ClusterError(SchachzugError):
    """No scheduler or worker can be reached, or the workers have other versions than this machine."""
