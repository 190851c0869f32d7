"""The formats that articles come in: plain text, Markdown and HTML to a draft of an article.

A draft is what one format could find out; `articles.py` checks and completes it. (JSONL needs no
function of its own: its lines are drafts already.)
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from schachzug.article_limits import LONGEST_FRONT_MATTER, check_field, check_raw
from schachzug.article_text import ends_as_sentence, normalised, paragraphs
from schachzug.errors import InputError

FIELDS = ("id", "title", "language", "creator", "publisher", "issued", "source")
_SYNONYMS = {"author": "creator", "date": "issued", "url": "source", "lang": "language"}
_LARGEST = 10**100
_ISO_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?")
_GERMAN_DATE = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE)


class _PlainLoader(yaml.SafeLoader):
    """Reads YAML without references: a few of them, merged into each other, stand for more than anybody can hold."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Refuse a reference, compose whatever else there is."""
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "a reference (*) to something else", mark)
        return super().compose_node(parent, index)


@dataclass(frozen=True)
class Draft:
    """A text and its metadata as a format gives them."""

    text: str
    metadata: Mapping[str, str] = field(default_factory=dict)


def from_text(raw: str) -> Draft:
    """Plain text. Its first paragraph is the title if it does not end as a sentence does and more follows.

    >>> from_text("Krise am See\\n\\nDie Lage ist ernst.")
    Draft(text='Die Lage ist ernst.', metadata={'title': 'Krise am See'})
    """
    found = paragraphs(normalised(raw))
    if len(found) > 1 and not ends_as_sentence(found[0]):
        return Draft("\n\n".join(found[1:]), {"title": found[0]})
    return Draft("\n\n".join(found))


def from_markdown(raw: str, where: str) -> Draft:
    """Markdown, with or without YAML front matter; a first heading of level one is the title."""
    from markdown_it import MarkdownIt

    text = normalised(raw)
    metadata: dict[str, str] = {}
    if match := _FRONT_MATTER.match(text):
        metadata = read_metadata(match[1], where, first_line=2, strict=False)
        text = text[match.end() :]
    blocks: list[str] = []
    skipped = 0
    heading = ""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type in ("table_open", "table_close"):
            skipped += token.nesting
        elif token.type in ("heading_open", "heading_close"):
            heading = token.tag if token.nesting > 0 else ""
        elif token.type == "inline" and not skipped:
            words = "".join(
                " " if child.type in ("softbreak", "hardbreak") else child.content
                for child in token.children or ()
                if child.type in ("text", "code_inline", "softbreak", "hardbreak")
            )
            if heading == "h1" and not blocks and "title" not in metadata:
                metadata["title"] = " ".join(words.split())
            else:
                blocks.append(words)
    return Draft("\n\n".join(paragraphs("\n\n".join(blocks))), metadata)


def from_html(raw: str, where: str) -> Draft:
    """A web page: the article in it, with its title, author, site and date. Nothing is fetched."""
    import trafilatura

    page = trafilatura.bare_extraction(raw, with_metadata=True, include_comments=False, include_tables=False)
    if page is None or isinstance(page, dict) or page.text is None or not page.text.strip():
        raise InputError(
            "the page holds no article text",
            where=where,
            hint="Pages that are filled by scripts must be saved after they have loaded",
        )
    check_raw(page.text, where, line=1)
    values = {
        "title": page.title,
        "creator": (page.author or "").replace("; ", ", "),
        "publisher": page.sitename,
        "issued": page.date,
        "source": page.url,
        "language": page.language,
    }
    metadata = {}
    for key, value in values.items():
        if value:
            check_field(key, value, where)
            metadata[key] = normalised(value).strip()
    found = paragraphs(normalised(page.text).replace("\n", "\n\n"))
    if found and found[0] == metadata.get("title"):
        del found[0]
    return Draft("\n\n".join(found), metadata)


def read_metadata(text: str, where: str, *, first_line: int = 1, strict: bool = True) -> dict[str, str]:
    """The metadata in a piece of YAML; `strict` refuses keys that no article has."""
    if len(text) > LONGEST_FRONT_MATTER:
        what = f"the metadata are longer than {LONGEST_FRONT_MATTER:,} characters"
        raise InputError(what, where=where, line=first_line, hint="Write key: value, and the text below")
    try:
        loaded = yaml.load(text, _PlainLoader)  # a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        problem = getattr(error, "problem", None) or str(error)
        raise InputError(
            f"the metadata is not YAML: {problem}", where=where, line=line, hint="Write key: value"
        ) from error
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise InputError("the metadata is no mapping", where=where, line=first_line, hint="Write key: value")
    return checked_metadata(loaded, where, strict=strict)


def checked_metadata(
    values: Mapping[Any, Any], where: str, *, line: int | None = None, strict: bool = False
) -> dict[str, str]:
    """The known fields among `values`, as normalised strings; dates in ISO 8601."""
    metadata: dict[str, str] = {}
    for key, value in values.items():
        name = _SYNONYMS.get(key, key)
        if name not in FIELDS:
            if strict:
                raise InputError(
                    f"no article has the property {key!r}", where=where, line=line, hint=f"Known: {', '.join(FIELDS)}"
                )
            continue
        if value is None or value == "":
            continue
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            value = ", ".join(value)
        if isinstance(value, bool) or not isinstance(value, str | int | datetime.date):
            raise InputError(f"{key} is not a text", where=where, line=line, hint="Put it into quotation marks")
        if isinstance(value, int) and abs(value) >= _LARGEST:
            raise InputError(f"{key} is a number without an end", where=where, line=line, hint="Shorten it")
        check_field(name, str(value), where, line)
        plain = " ".join(normalised(str(value)).split())
        metadata[name] = iso_date(plain, where, line) if name == "issued" else plain
    return metadata


def iso_date(words: str, where: str, line: int | None = None) -> str:
    """A date as ISO 8601, as wide as it is given.

    >>> iso_date("2022-01", "x"), iso_date("15.1.2022", "x"), iso_date("2022-01-15T08:00:00Z", "x")
    ('2022-01', '2022-01-15', '2022-01-15')
    """
    if match := _GERMAN_DATE.fullmatch(words):
        day, month, year = match.groups()
    elif match := _ISO_DATE.fullmatch(words):
        year, month, day = match.groups()
    else:
        year = month = day = None
    try:
        date = datetime.date(int(year or 0), int(month or 1), int(day or 1))
    except ValueError:
        raise InputError(
            f"{words!r} is not a date", where=where, line=line, hint="Write it as 2022-01-15, 2022-01 or 2022"
        ) from None
    width = 10 if day else 7 if month else 4
    return date.isoformat()[:width]
