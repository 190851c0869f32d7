"""Step one of the line: inputs (files, folders, standard input) to articles.

What cannot be read comes back as an `InputError` value that names the file, the line and the remedy,
and the other inputs are still read.
"""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import io
import json
import re
import sys
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from schachzug.article_formats import Draft, checked_metadata, from_html, from_markdown, from_text, read_metadata
from schachzug.article_limits import check_article, check_page, check_raw, check_whole
from schachzug.article_text import normalised, paragraphs
from schachzug.errors import InputError
from schachzug.types import Article

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

FORMATS = {
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
SIDECAR = ".meta.yaml"

MAX_BYTES = 5_000_000
"""No web page of an article is longer; what is longer is a mistake. See `article_limits` for the text."""

_ENOUGH_LETTERS = 200
"""Texts shorter than this are too short to tell their language."""
_IMPROBABLE = 0.05

_BYTE_ORDER_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_BINARY_KINDS = {b"%PDF": "PDF", b"PK\x03\x04": "ZIP or Office", b"\xd0\xcf\x11\xe0": "Office", b"\x89PNG": "PNG"}
# UTF-8 that was read as Windows-1252: the first byte of a letter, then what the second one looks like there.
_DOUBLY_ENCODED = re.compile("[ÃÂâ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_HTML = re.compile(rb"<!doctype html|<html|<head|<body", re.IGNORECASE)
_FRONT_MATTER = re.compile(rb"---[ \t]*\r?\n")
_LANGUAGE_NAMES = {"deu": "de", "ger": "de", "deutsch": "de", "german": "de"}


def read_articles(inputs: Sequence[str | Path], *, language: str = "de") -> Iterator[Article | InputError]:
    """The articles of the inputs, in their order; for each that cannot be read, the error that says why.

    Args:
        inputs: files (text, Markdown, HTML, JSON lines, the last also gzipped), folders of such files
            (read in the order of their paths), or `-` for standard input.
        language: the language that the articles must have.
    """
    first_seen: dict[str, str] = {}
    for given in inputs:
        for result in _read_input(given, language):
            if isinstance(result, InputError):
                yield result
                continue
            article, place = result
            if article.id in first_seen:
                yield InputError(
                    f"the id {article.id!r} was already given, by {first_seen[article.id]}",
                    where=place,
                    hint="Give every article an id of its own",
                )
                continue
            first_seen[article.id] = place
            yield article


_Found = tuple[Article, str] | InputError


def _read_input(given: str | Path, language: str) -> Iterator[_Found]:
    if str(given) == "-":
        yield from _read_stream(sys.stdin.buffer, "standard input", None, language)
        return
    path = Path(given)
    if not path.is_dir():
        yield from _read_file(path, language)
        return
    try:
        files = sorted(file for file in path.rglob("*") if file.is_file() and _format_of_name(file.name))
    except OSError as error:
        yield _unreadable(path, error)
        return
    files = [file for file in files if not any(part.startswith(".") for part in file.relative_to(path).parts)]
    if not files:
        suffixes = ", ".join(FORMATS)
        yield InputError("the folder holds no articles", where=path, hint=f"Articles are files named {suffixes}")
    for file in files:
        yield from _read_file(file, language)


def _read_file(path: Path, language: str) -> Iterator[_Found]:
    try:
        with path.open("rb") as stream:
            if path.suffix == ".gz":
                with gzip.open(stream) as unpacked:
                    yield from _read_stream(io.BufferedReader(unpacked), str(path), path, language)
            else:
                yield from _read_stream(stream, str(path), path, language)
    except (OSError, EOFError, zlib.error) as error:
        yield _unreadable(path, error)


def _unreadable(path: Path, error: Exception) -> InputError:
    if isinstance(error, FileNotFoundError):
        return InputError("there is no such file", where=path, hint="Check the path")
    if isinstance(error, PermissionError):
        return InputError("the file may not be read", where=path, hint="Check its permissions")
    reason = getattr(error, "strerror", None) or str(error)
    return InputError(f"the file cannot be read: {reason}", where=path, hint="Check that it is whole")


def _format_of_name(name: str) -> str | None:
    return FORMATS.get(Path(name.removesuffix(".gz")).suffix.lower())


def _format_of_start(start: bytes) -> str:
    if start.lstrip().startswith(b"{"):
        return "jsonl"
    if _HTML.search(start):
        return "html"
    return "markdown" if _FRONT_MATTER.match(start) else "text"


def _read_stream(stream: BinaryIO, where: str, path: Path | None, language: str) -> Iterator[_Found]:
    start = stream.peek(4096)[:4096] if isinstance(stream, io.BufferedReader) else b""
    kind = (_format_of_name(path.name) if path else None) or _format_of_start(start)
    if kind == "jsonl":
        yield from _read_lines(stream, where, language)
        return
    try:
        raw = _decoded(stream.read(MAX_BYTES + 1), where)
        if kind == "html":
            check_page(raw, where)
            draft = from_html(raw, where)
        else:
            check_raw(raw, where)
            draft = from_markdown(raw, where) if kind == "markdown" else from_text(raw)
        metadata = dict(draft.metadata)
        if path and (sidecar := path.with_name(_stem(path) + SIDECAR)).is_file():
            with sidecar.open("rb") as beside:
                metadata |= read_metadata(_decoded(beside.read(MAX_BYTES + 1), str(sidecar)), str(sidecar))
        draft = dataclasses.replace(draft, metadata={"id": _stem(path) if path else "", **metadata})
        yield _article(draft, where, language), where
    except InputError as error:
        yield error


def _stem(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).stem


def _read_lines(stream: BinaryIO, where: str, language: str) -> Iterator[_Found]:
    """JSON lines: each an object with the fields of an article and its text."""
    number = 0
    empty = True
    while line := stream.readline(MAX_BYTES + 1):
        number += 1
        try:
            if len(line) > MAX_BYTES:
                while not line.endswith(b"\n") and (line := stream.readline(MAX_BYTES)):
                    pass
                empty = False
                raise _too_long(where, number)
            if not line.strip():
                continue
            empty = False
            yield _article(_draft_of_line(line, where, number), where, language, number), f"{where}:{number}"
        except InputError as error:
            yield error
    if empty:
        yield InputError("the file is empty", where=where, hint="Each line must be a JSON object with a text")


def _draft_of_line(line: bytes, where: str, number: int) -> Draft:
    try:
        record = json.loads(_decoded(line, where, number))
    except (ValueError, RecursionError) as error:
        problem = "nested too deeply" if isinstance(error, RecursionError) else "a number without an end"
        problem = error.msg if isinstance(error, json.JSONDecodeError) else problem
        column = f" at column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InputError(
            f"the line is not JSON: {problem}{column}",
            where=where,
            line=number,
            hint="Each line must be one JSON object",
        ) from error
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise InputError(
            "the line is no article",
            where=where,
            line=number,
            hint='It must be an object such as {"id": "…", "title": "…", "text": "…"}',
        )
    check_raw(record["text"], where, number)
    metadata = checked_metadata({k: v for k, v in record.items() if k != "text"}, where, line=number)
    return Draft("\n\n".join(paragraphs(normalised(record["text"]))), metadata)


def _too_long(where: str, line: int | None) -> InputError:
    limit = f"{MAX_BYTES // 1_000_000} MB"
    what = f"the line is longer than {limit}" if line else f"the text is longer than {limit}"
    return InputError(what, where=where, line=line, hint="Give each article a file, or a line of JSON, of its own")


def _decoded(raw: bytes, where: str, line: int | None = None) -> str:
    if len(raw) > MAX_BYTES:
        raise _too_long(where, line)
    for start, kind in _BINARY_KINDS.items():
        if raw.startswith(start):
            raise InputError(f"this is a {kind} file, not text", where=where, hint="Save the article as text or HTML")
    for mark, name in _BYTE_ORDER_MARKS.items():
        if raw.startswith(mark):
            hint = f"Convert it: iconv -f {name} -t UTF-8"
            raise InputError(f"the text is encoded as {name}, not as UTF-8", where=where, line=line, hint=hint)
    if b"\x00" in raw:
        raise InputError("this is binary data, not text", where=where, line=line, hint="Save the article as text")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = line or raw.count(b"\n", 0, error.start) + 1
        hint = "Convert it, for instance: iconv -f WINDOWS-1252 -t UTF-8"
        raise InputError("the text is not encoded as UTF-8", where=where, line=line, hint=hint) from error
    broken = _DOUBLY_ENCODED.findall(text)
    if "\ufffd" in text or len(broken) >= 3:
        sample = "\ufffd" if "\ufffd" in text else broken[0]
        line = line or text.count("\n", 0, text.index(sample)) + 1
        hint = "Fetch the article again and keep it as UTF-8"
        raise InputError("the text was decoded wrongly before it was saved", where=where, line=line, hint=hint)
    return text


def _article(draft: Draft, where: str, language: str, line: int | None = None) -> Article:
    """The article of a draft, once it is found to be one and in the right language."""
    metadata = dict(draft.metadata)
    for value in (draft.text, *metadata.values()):
        check_whole(value, where, line)
    if not draft.text:
        what = "there is no text" if metadata.get("title") else "the file is empty"
        if line:
            what = "the text is empty"
        raise InputError(what, where=where, line=line, hint="An article needs at least one sentence")
    told = metadata.pop("language", language).lower().replace("_", "-").split("-")[0]
    told = _LANGUAGE_NAMES.get(told, told)
    found = told if told != language else _guessed_language(draft.text, language)
    if found != language:
        raise InputError(
            f"the language of the article is {found!r}, not {language!r}",
            where=where,
            line=line,
            hint="Only German articles can be read",
        )
    identifier = metadata.pop("id", "")
    article = Article(id=identifier, text=draft.text, language=language, **metadata)
    if not identifier:
        digest = hashlib.sha256(article.content.encode()).hexdigest()[:16]
        article = dataclasses.replace(article, id=digest)
    check_article(article, where, line)
    return article


def _guessed_language(text: str, expected: str) -> str:
    """The language of a text, which is the expected one unless that is improbable."""
    if sum(character.isalpha() for character in text[: 4 * _ENOUGH_LETTERS]) < _ENOUGH_LETTERS:
        return expected
    ranking: list[tuple[str, float]] = _identifier().rank(text[:10_000])
    if dict(ranking).get(expected, 1.0) > _IMPROBABLE:
        return expected
    return str(ranking[0][0])


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
