"""Reading stored questions: SPARQL files whose `#+` lines say, in YAML, what is asked and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from schachzug.errors import QuestionError, ResourceError

LANGUAGES = ("de", "en")
PARAMETER_TYPES = ("iri", "string", "integer", "date")
COLUMN_TYPES = ("entity", "iri", "term", "text", "decimal", "integer", "boolean", "date", "any")
_KEYS = {"title", "title-de", "summary", "summary-de", "parameters", "columns", "order", "tags", "property", "inferred"}


@dataclass(frozen=True)
class Parameter:
    """What a question can be given.

    `variable` is the variable of the query that it binds; `default` the text it has when nothing is given (None: the
    question is then not narrowed); `edge` is "end" where a vague date means its last moment.
    """

    name: str
    type: str
    variable: str
    descriptions: Mapping[str, str]
    default: str | None = None
    edge: str = "start"


@dataclass(frozen=True)
class Column:
    """One variable of the answer, how its values are to be understood, and its heading by language."""

    name: str
    type: str = "any"
    headings: Mapping[str, str] | None = None

    def heading(self, language: str) -> str:
        """The heading in a language, or the variable's name."""
        return (self.headings or {}).get(language, self.name)


@dataclass(frozen=True)
class Question:
    """A stored question: a valid SPARQL query with its description."""

    name: str
    text: str
    titles: Mapping[str, str]
    summaries: Mapping[str, str]
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    order: tuple[str, ...]
    path: Path

    def title(self, language: str = "de") -> str:
        """The title in a language ("de" or "en"), or the name where there is none."""
        return self.titles.get(language) or self.titles.get("en") or self.name


def read_header(text: str, path: Path) -> dict[str, Any]:
    """The YAML in the `#+` lines at the top of a query.

    Raises:
        ResourceError: it is no YAML mapping, or has a key that is not known.
    """
    lines = []
    for line in text.splitlines():
        if not line.startswith("#+"):
            break
        lines.append(line[3:] if line.startswith("#+ ") else line[2:])
    try:
        header = yaml.safe_load("\n".join(lines)) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line_number = None if mark is None else mark.line + 1
        what = "the #+ lines are not valid YAML"
        raise ResourceError(what, where=path, line=line_number, hint="Mend the header of the query") from error
    if not isinstance(header, dict):
        raise ResourceError("the #+ lines hold no YAML mapping", where=path, line=1, hint="Write `#+ title: …`")
    unknown = set(header) - _KEYS
    if unknown:
        hint = f"Known are {', '.join(sorted(_KEYS))}"
        raise ResourceError(f"the header has an unknown key {min(unknown, key=str)!r}", where=path, line=1, hint=hint)
    return header


def read_question(path: Path) -> Question:
    """Read one query file.

    Raises:
        QuestionError: there is no such file.
        ResourceError: its header is broken.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise QuestionError("no such query file", where=path, hint="Name a stored question or a .rq file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"cannot be read: {error}", where=path, hint="A query is a text file in UTF-8") from error
    header = read_header(text, path)
    titles, summaries = (_by_language(header, key) for key in ("title", "summary"))
    parameters = tuple(_parameter(name, data, path) for name, data in (header.get("parameters") or {}).items())
    columns = tuple(_column(name, data, path) for name, data in (header.get("columns") or {}).items())
    order = tuple(str(key) for key in header.get("order") or ())
    return Question(path.stem, text, titles, summaries, parameters, columns, order, path)


def _by_language(header: Mapping[str, Any], key: str) -> dict[str, str]:
    found = {"en": header.get(key), **{tag: header.get(f"{key}-{tag}") for tag in LANGUAGES if tag != "en"}}
    return {tag: str(text) for tag, text in found.items() if text}


def _parameter(name: str, data: Any, path: Path) -> Parameter:
    if not isinstance(data, dict) or data.get("type") not in PARAMETER_TYPES:
        hint = f"Give it a type: {', '.join(PARAMETER_TYPES)}"
        raise ResourceError(f"parameter {name!r} has no known type", where=path, hint=hint)
    descriptions = {tag: str(data[tag]) for tag in LANGUAGES if tag in data}
    default = None if data.get("default") is None else str(data["default"])
    variable = str(data.get("variable", name))
    return Parameter(name, data["type"], variable, descriptions, default, str(data.get("edge", "start")))


def _column(name: str, data: Any, path: Path) -> Column:
    if not isinstance(data, dict) or data.get("type") not in COLUMN_TYPES:
        hint = f"Give it a type: {', '.join(COLUMN_TYPES)}"
        raise ResourceError(f"column {name!r} has no known type", where=path, hint=hint)
    return Column(name, data["type"], {tag: str(data[tag]) for tag in LANGUAGES if tag in data})
