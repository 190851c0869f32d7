"""What is no article: too long, so that it would hold the line for minutes, or no text at all. Told before parsing.

The longest reports of newspapers have ten thousand words. The tokenizer's time grows with the square of the length
of a word, that of an HTML parser with the square of the number of attributes of a tag.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schachzug.errors import InputError

if TYPE_CHECKING:
    from schachzug.types import Article

MOST_CHARACTERS = 150_000
MOST_TOKENS = 20_000
LONGEST_WORD = 1_000
LONGEST_FIELD = 2_000
LONGEST_FRONT_MATTER = 20_000
MOST_TAGS = 50_000
MOST_ATTRIBUTES = 100_000
MOST_ATTRIBUTES_OF_A_TAG = 200

_TOKEN = re.compile(r"\w+|[^\w\s]")
_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
# A quoted value may hold the sign that ends a tag. Nothing is tried twice, so the time is that of one reading.
_TAG = re.compile(r"""<[A-Za-z](?:[^<>"']|"[^"]*"|'[^']*')*+""")
_VALUE = re.compile(r""""[^"]*"|'[^']*'""")

_HALF = re.compile("[\ud800-\udfff]")

_DIVIDE = "Give each article a file, or a line of JSON, of its own"
_EMBEDDED = "Check that it is text; remove what was embedded in it"


def check_raw(text: str, where: str, line: int | None = None) -> None:
    """Refuse a text that is longer than any article, or has a word without an end, before it is looked into.

    Args:
        text: the text as it was given, not normalised: that too takes the square of the length of a word.
        where: what to call it: the file that it stands in.
        line: the line of that file.

    Raises:
        InputError: says what is too long.
    """
    if len(text) > MOST_CHARACTERS:
        what = f"the article is longer than {MOST_CHARACTERS:,} characters"
        raise InputError(what, where=where, line=line, hint=_DIVIDE)
    if word := _WORD.search(text):
        what = f"the article has a word of {len(word[0]):,} characters"
        line = line if line else text.count("\n", 0, word.start()) + 1
        raise InputError(what, where=where, line=line, hint=_EMBEDDED)


def check_whole(text: str, where: str, line: int | None = None) -> None:
    """Refuse a text with half of a surrogate pair, which JSON and YAML can write and no file can hold.

    Raises:
        InputError: it holds one.
    """
    if _HALF.search(text):
        what = "the text holds half a character (a lone surrogate)"
        raise InputError(what, where=where, line=line, hint="Decode it again as UTF-8")


def check_field(name: str, value: str, where: str, line: int | None = None) -> None:
    """Refuse a title, name or address that is none, for its length.

    Raises:
        InputError: it is too long.
    """
    if len(value) > LONGEST_FIELD:
        what = f"the article's {name} is longer than {LONGEST_FIELD:,} characters"
        raise InputError(what, where=where, line=line, hint="Check that it is not the text")


def check_article(article: Article, where: str, line: int | None = None) -> None:
    """Refuse an article that is too long, or has a title, name or address that is none.

    Args:
        article: the article.
        where: what to call it: the file that it stands in.
        line: the line of that file.

    Raises:
        InputError: says what is too long.
    """
    for field in ("id", "title", "language", "creator", "publisher", "issued", "source"):
        check_field(field, getattr(article, field), where, line)
    check_raw(article.text, where, line)
    if sum(1 for _ in _TOKEN.finditer(article.content)) > MOST_TOKENS:
        what = f"the article has more than {MOST_TOKENS:,} words and marks"
        raise InputError(what, where=where, line=line, hint=_DIVIDE)


def check_page(raw: str, where: str) -> None:
    """Refuse a web page that would take minutes to parse.

    Raises:
        InputError: it has too many tags or attributes.
    """
    if raw.count("<") > MOST_TAGS:
        what = f"the page has more than {MOST_TAGS:,} tags"
        raise InputError(what, where=where, hint="Save the article alone, as text or HTML")
    attributes = 0
    for tag in _TAG.finditer(raw):
        here = len(_VALUE.sub(" ", tag[0]).split()) - 1
        attributes += here
        if here > MOST_ATTRIBUTES_OF_A_TAG or attributes > MOST_ATTRIBUTES:
            what = "the page has more attributes in its tags than any article"
            line = raw.count("\n", 0, tag.start()) + 1
            raise InputError(what, where=where, line=line, hint="Save the article alone, as text or HTML")
