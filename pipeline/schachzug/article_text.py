"""Raw text to the text that is stored: normalised, its lines unwrapped, without what pages put around articles.

Offsets count characters of the stored text, so all of this happens before an `Article` is made.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import yaml

from schachzug.errors import ResourceError
from schachzug.resources import resource

# Lines of text wrapped by an editor or a mail program are not longer than this.
_WRAPPED_WIDTH = 120
_MIN_WRAPPED_LINE = 40

_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINE = re.compile(r"\n\s*\n")
_LETTER = re.compile(r"[^\W\d_]")
_FINAL = re.compile(r"[.!?…][\"'“”’‘»«)\]]*$")


def normalised(text: str) -> str:
    """Unicode NFC, plain spaces and line feeds, nothing invisible.

    >>> normalised("Ein\\u00a0Wort, ge\\u00adtrennt.\\r\\n")
    'Ein Wort, getrennt.\\n'
    """
    text = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    for line_end in ("\r\n", "\r", "\u2028", "\u2029", "\x0b", "\x0c", "\x85"):
        text = text.replace(line_end, "\n")
    text = _SPACES.sub(" ", text)
    return "".join(character for character in text if character == "\n" or unicodedata.category(character) != "Cc")


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a normalised text, each on one line, without boilerplate.

    >>> paragraphs("Ein Satz.\\n\\nNoch einer.\\n\\n.\\nsource site\\n\\nLeave a Reply")
    ['Ein Satz.', 'Noch einer.']
    """
    lines = (line for block in _BLANK_LINE.split(text) for line in _unwrapped(block))
    return [line for line in lines if not is_boilerplate(line)]


def _unwrapped(block: str) -> list[str]:
    """The paragraphs of a block of lines: a line is joined to the next if the next one's first word did not fit it."""
    lines = [line.strip() for line in block.split("\n") if line.strip()]
    width = max((len(line) for line in lines), default=0)
    joined: list[str] = []
    room = 0
    for line in lines:
        first_word = line.split(" ", 1)[0]
        previous_is_full = _MIN_WRAPPED_LINE <= room <= width < room + 1 + len(first_word)
        if joined and width <= _WRAPPED_WIDTH and previous_is_full:
            joined[-1] += f" {line}"
        else:
            joined.append(line)
        room = len(line)
    return joined


def is_boilerplate(paragraph: str) -> bool:
    """Whether a paragraph is none of the article's: a share button, a cookie notice, a lone full stop.

    >>> is_boilerplate("Leave a Reply"), is_boilerplate("."), is_boilerplate("Ein Satz.")
    (True, True, False)
    """
    return not _LETTER.search(paragraph) or bool(_boilerplate().fullmatch(paragraph.strip()))


def ends_as_sentence(paragraph: str) -> bool:
    """Whether a paragraph ends with the punctuation of a sentence; a heading does not.

    >>> ends_as_sentence("„Nein.“"), ends_as_sentence("Krise am Kaspischen Meer")
    (True, False)
    """
    return bool(_FINAL.search(paragraph.rstrip()))


@cache
def _boilerplate() -> re.Pattern[str]:
    path = resource("ontology", "lexicon", "de", "boilerplate.yaml")
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))["paragraphs"]
        return re.compile("|".join(f"(?:{entry['pattern']})" for entry in entries), re.IGNORECASE)
    except (yaml.YAMLError, KeyError, TypeError, re.error) as error:
        raise ResourceError(f"the patterns of boilerplate cannot be read: {error}", where=path) from error
