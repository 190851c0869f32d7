"""Gold files: articles with the statements that a careful reader finds in each sentence.

Their form is that of the vocabulary contract: `article`, metadata, and `sentences`, each with its `text` and
its `statements`. A filler is an English name, several joined by `|` where either will do, or `text:word` for any
resource whose label holds the word.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from schachzug.article_text import normalised, paragraphs
from schachzug.errors import InputError
from schachzug.types import Article, Modality

HELD_BACK = "held-back.txt"
_CHECKOUT = Path(__file__).resolve().parents[2]
_KEYS = {"type", "actor", "target", "location", "modality", "negated", "claimant", "optional"}


@dataclass(frozen=True)
class GoldStatement:
    """A statement that a reader must find (or, if optional, may). A role that is None is not checked."""

    types: tuple[str, ...]
    actor: tuple[str, ...] | None
    target: tuple[str, ...] | None
    location: tuple[str, ...]
    modalities: tuple[str, ...]
    negated: bool
    claimants: tuple[str, ...]
    optional: bool

    @property
    def fillers(self) -> tuple[str, ...]:
        """The fillers of all roles, in order."""
        return (*(self.actor or ()), *(self.target or ()), *self.location)

    def __str__(self) -> str:
        roles = (("actor", self.actor), ("target", self.target), ("location", self.location))
        parts = ["|".join(self.types), *(f"{name}[{'; '.join(value)}]" for name, value in roles if value)]
        parts += ["|".join(self.modalities)] + ["negated"] * self.negated
        if self.claimants != ("author",):
            parts.append(f"says {'|'.join(self.claimants)}")
        return " ".join(parts)


@dataclass(frozen=True)
class GoldSentence:
    """A sentence with its statements."""

    text: str
    statements: tuple[GoldStatement, ...] = ()


@dataclass(frozen=True)
class GoldArticle:
    """A gold file. `kind` is the sort of text: written (for this project), wikinews or ntrex."""

    id: str
    sentences: tuple[GoldSentence, ...]
    creator: str = ""
    publisher: str = ""
    issued: str = ""
    language: str = "de"

    @property
    def kind(self) -> str:
        """Which collection the article is from, told by its id."""
        head = self.id.split("-", 1)[0]
        return head if head in ("wikinews", "ntrex") else "written"

    def to_article(self) -> Article:
        """The article to read: its first sentence is the title, the others the text, joined by single spaces."""
        title = " ".join(normalised(self.sentences[0].text).split())
        text = normalised(" ".join(sentence.text for sentence in self.sentences[1:]))
        return Article(
            id=self.id,
            text="\n\n".join(paragraphs(text)),
            title=title,
            language=self.language,
            creator=self.creator,
            publisher=self.publisher,
            issued=self.issued,
        )


def load_gold(inputs: Iterable[str | Path]) -> list[GoldArticle]:
    """The articles of gold files; a folder stands for the `.yaml` files in it and below.

    Raises:
        InputError: a file is missing or breaks the form.
    """
    paths: list[Path] = []
    for given in map(Path, inputs):
        found = sorted(given.rglob("*.yaml")) if given.is_dir() else [given]
        if not found:
            raise InputError("the folder holds no gold files", where=given, hint="They are named *.yaml")
        paths += found
    if not paths:
        raise InputError("no gold file was given", hint="Name files or folders, such as tests/gold")
    return [_article(path) for path in paths]


def held_back_ids(path: Path | None = None, near: Iterable[str | Path] = ()) -> frozenset[str]:
    """The ids of the articles that nobody may look at while working.

    Args:
        path: a list, one id a line; without it, `held-back.txt` beside the gold files or in the checkout.
        near: the gold files or folders.

    Raises:
        InputError: the list named cannot be read.
    """
    if path is None:
        places = [Path(given) for given in near]
        folders = [place if place.is_dir() else place.parent for place in places]
        candidates = [folder / HELD_BACK for folder in (*folders, _CHECKOUT / "tests" / "gold")]
        found = [candidate for candidate in candidates if candidate.is_file()]
        return frozenset().union(*(held_back_ids(candidate) for candidate in dict.fromkeys(found)))
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the list of held-back articles cannot be read: {error}", where=path) from error
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _article(path: Path) -> GoldArticle:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except FileNotFoundError as error:
        raise InputError("there is no such file", where=path, hint="Check the path") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the file cannot be read: {error}", where=path) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise InputError(
            f"the file is not YAML: {getattr(error, 'problem', error)}",
            where=path,
            line=mark.line + 1 if mark else None,
        ) from error
    if not isinstance(content, dict) or not content.get("article") or not content.get("sentences"):
        raise InputError("this is no gold file", where=path, hint="It needs an 'article' (its id) and 'sentences'")
    issued = content.get("issued", "")
    return GoldArticle(
        id=str(content["article"]),
        sentences=tuple(_sentence(raw, path, number) for number, raw in enumerate(content["sentences"], 1)),
        creator=str(content.get("creator", "")),
        publisher=str(content.get("publisher", "")),
        issued=issued.isoformat() if isinstance(issued, datetime.date) else str(issued),
        language=str(content.get("language", "de")),
    )


def _sentence(raw: Any, path: Path, number: int) -> GoldSentence:
    if not isinstance(raw, dict) or not isinstance(raw.get("text"), str):
        raise InputError(f"sentence {number} has no text", where=path, hint="Write text: the sentence")
    statements = raw.get("statements") or ()
    return GoldSentence(raw["text"], tuple(_statement(statement, path, number) for statement in statements))


def _statement(raw: Any, path: Path, number: int) -> GoldStatement:
    def wrong(what: str) -> InputError:
        return InputError(f"a statement of sentence {number} {what}", where=path)

    if not isinstance(raw, dict) or not isinstance(raw.get("type"), str):
        raise wrong("has no type")
    if unknown := set(raw) - _KEYS:
        raise wrong(f"has the unknown key {min(map(str, unknown))!r}")

    def fillers(role: str) -> tuple[str, ...] | None:
        value = raw.get(role)
        if value is None:
            return None
        if not isinstance(value, list):
            raise wrong(f"has a role '{role}' that is no list")
        return tuple(map(str, value))

    modalities = tuple(str(raw.get("modality", Modality.ASSERTED)).split("|"))
    if unknown := set(modalities) - set(Modality):
        raise wrong(f"has the unknown modality {min(unknown)!r}")
    return GoldStatement(
        types=tuple(raw["type"].split("|")),
        actor=fillers("actor"),
        target=fillers("target"),
        location=fillers("location") or (),
        modalities=modalities,
        negated=bool(raw.get("negated")),
        claimants=tuple(str(raw.get("claimant", "author")).split("|")),
        optional=bool(raw.get("optional")),
    )
