"""Inputs that Hypothesis makes up: articles of hostile strings in every format, and bytes that are none."""

from __future__ import annotations

import gzip
import html
import json
import string
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.faults.mutating import KINDS, RAW, SENTENCES, STRANGE, Made

_NAMES = ("Russland", "Kasachstan", "die EU", "Präsident Tokajew", "die NATO", "Mali", "Moskau", "Xi Jinping")
_VERBS = ("droht", "verhängt Sanktionen gegen", "verliert Einfluss auf", "unterstützt", "schickt Truppen nach")
_NAMING = ("id", "title", "creator", "publisher", "source", "author", "url")
_NARROW = {
    "issued": ["2022", "2022-01-15", "15.1.2022", "2022-13-45", "", "1/01/01"],
    "language": ["de", "de-AT", "German", "en", ""],
}
_TAGS = ("p", "div", "article", "h1", "table", "td", "script", "style", "svg", "math", "template", "a", "li", "x-y")

_characters = st.one_of(st.sampled_from(string.printable), st.characters(exclude_categories=["Cs"]))
_strange = st.one_of(st.sampled_from(STRANGE), st.text(_characters, max_size=30))
_name = st.one_of(st.sampled_from(_NAMES), _strange)
_claim = st.builds("{} {} {}{}".format, _name, st.sampled_from(_VERBS), _name, st.sampled_from([".", "!", "", " –"]))
_said = st.builds("„{}“, {} {}.".format, _claim, st.sampled_from(["sagte", "laut", "so"]), _name)
_sentence = st.one_of(st.sampled_from(SENTENCES), _claim, _said, _strange)
_long = st.builds(lambda word, times: word * times, st.text(_characters, min_size=1, max_size=3), st.integers(1, 3000))
_part = st.integers(0, 15).flatmap(lambda n: _sentence if n else _long)
_paragraph = st.builds(" ".join, st.lists(_part, max_size=4))
_text = st.builds("\n\n".join, st.lists(_paragraph, min_size=1, max_size=4))

# Strings of JSON may hold halves of surrogate pairs, written as escapes.
_any_string = st.one_of(_text, st.text(max_size=20))
_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), _any_string),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)


@st.composite
def _fields(draw: st.DrawFn) -> dict[str, object]:
    """Metadata: mostly strings, whatever is in them; rarely something that no article can have there."""
    fields: dict[str, object] = draw(st.dictionaries(st.sampled_from(_NAMING), _strange, max_size=3))
    if not draw(st.integers(0, 3)):
        name = draw(st.sampled_from(list(_NARROW)))
        fields[name] = draw(st.sampled_from(_NARROW[name]))
    if not draw(st.integers(0, 7)):
        fields[draw(st.sampled_from((*_NAMING, *_NARROW)))] = draw(_json)
    return fields


@st.composite
def _json_lines(draw: st.DrawFn) -> bytes:
    lines = []
    for _ in range(draw(st.integers(1, 3))):
        record = draw(_fields()) | {"text": draw(_text if draw(st.integers(0, 3)) else _any_string)}
        lines.append(json.dumps(record if draw(st.integers(0, 9)) else draw(_json)))
    return draw(st.sampled_from([b"\n", b"\r\n", b"\n\n"])).join(line.encode() for line in lines)


@st.composite
def _page(draw: st.DrawFn) -> bytes:
    parts = [draw(st.sampled_from(["<!doctype html>", "<html>", "<?xml version='1.0'?>", ""]))]
    if draw(st.booleans()):
        name = draw(
            st.sampled_from(["author", "date", "og:title", "og:url", "article:published_time", "citation_date"])
        )
        parts.append(f'<meta name="{name}" property="{name}" content="{html.escape(draw(_strange))}">')
    for tag in draw(st.lists(st.sampled_from(_TAGS), max_size=6)):
        text = draw(_paragraph)
        attribute = draw(
            st.sampled_from(["", ' class="article-body"', " hidden", ' style="', f' id="{draw(_strange)}"'])
        )
        escaped = html.escape(text) if draw(st.booleans()) else text
        parts.append(f"<{tag}{attribute}>{escaped}" + (f"</{tag}>" if draw(st.integers(0, 3)) else ""))
    return "".join(parts).encode()


@st.composite
def _markdown(draw: st.DrawFn) -> bytes:
    raw = not draw(st.integers(0, 3))
    lines = [f"{key}: {value if raw else json.dumps(value)}" for key, value in draw(_fields()).items()]
    marks = draw(
        st.lists(st.sampled_from(["# ", "> ", "- ", "1. ", "```\n", "| a | b |\n|---|---|\n| ", "[a](", "<b>"]))
    )
    body = "\n\n".join(f"{mark}{draw(_paragraph)}" for mark in marks)
    return "\n".join(["---", *lines, "---", body, draw(_text)]).encode()


_bytes = st.one_of(
    st.binary(max_size=300),
    st.builds(lambda mark, text: mark + text.encode(), st.sampled_from(RAW), _text),
    st.builds(lambda text, code: text.encode(code, "replace"), _text, st.sampled_from(["latin-1", "utf-16", "cp1252"])),
)


@st.composite
def _inputs(draw: st.DrawFn) -> Made:
    ending = draw(st.sampled_from(list(KINDS)))
    plain = _text.map(str.encode)
    content = {".html": _page(), ".md": _markdown(), ".txt": plain, ".dat": plain}.get(ending, _json_lines())
    raw = draw(content if draw(st.integers(0, 7)) else _bytes)
    if ending.endswith(".gz"):
        raw = gzip.compress(raw, 1, mtime=0)
    beside = draw(st.none() | st.builds("title: {}\n".format, _strange).map(str.encode)) if ending == ".txt" else None
    return Made(f"Hypothesis: {KINDS[ending]}", ending, raw, beside)


def generate(count: int, number: int, take: Callable[[Made], None]) -> None:
    """Let Hypothesis make inputs up, the same for the same number, and hand each on.

    Args:
        count: how many.
        number: the seed.
        take: what is done with each; it must not raise.
    """

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(_inputs())
    def each(made: Made) -> None:
        take(made)

    each()
