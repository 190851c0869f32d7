"""Inputs broken in a seeded way: text, Markdown, HTML and JSON lines, most of them short, some of them bombs."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Made:
    """An input: what it is, the ending of its file, its bytes, and those of the metadata beside it, if any."""

    what: str
    ending: str
    raw: bytes
    beside: bytes | None = None


TITLE = "Moskau droht mit Rückzug"
SENTENCES = (
    "Russland verliert seinen Einfluss auf Kasachstan, sagte Präs. Tokajew am 5. Januar 2022 in Astana.",
    "„Wir werden keine Truppen schicken“, erklärte die Sprecherin des NATO-Hauptquartiers.",
    "Die EU verhängte Sanktionen gegen Belarus; Minsk wies das zurück.",
    "Laut Umfragen dürfte die Regierung in Mali bald stürzen.",
    "China und Indien könnten ihre Beziehungen verbessern, hieß es.",
)
STRANGE = (
    "\u202e\u202d\u2066\u2069",
    "\x00\x01\x0b\x0c\x1f\x7f\x85",
    "\ufeff\ufffe\uffff\ufffd",
    "\u200b\u200d\u00ad\u2028\u2029",
    "e\u0301\u0327\u0328" * 3,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    '"><script>alert(1)</script>',
    "} ; DROP ALL ; INSERT DATA { <a> <b> <c> }",
    "<http://example.org/> a sz:Claim .",
    "&lt;&amp;&#0;&#x110000;&bogus;",
    "„“»«‚‘'\"`",
    "Präs. Dr. u. a. z. B. 5. 1. Nr. ",
    "\t \u00a0\u2003",
    "Русские войска 中国 العربية עברית",
)
LONG = (
    "e\u0301\u0327\u0328" * 30,
    "A" * 900,
    "A" * 5000,
    ", dass " * 400,
    "(" * 900,
    "( " * 1500,
    "(" * 2000,
    "\n" * 3000,
    "\t \u00a0\u2003" * 200,
)
RAW = (
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xc3",
    b"\xf0\x9f",
    b"\x00",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"%PDF-1.7",
    b"\xe4\xf6\xfc",
)
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
    + "]><html><body><p>&j;</p></body></html>"
)


KINDS = {
    ".txt": "text",
    ".md": "Markdown",
    ".html": "HTML",
    ".jsonl": "JSON lines",
    ".jsonl.gz": "JSON lines, packed",
    ".dat": "of no known kind",
}


def mutated(chance: random.Random) -> Made:
    """An input: a good article, dressed in some format, with a few bytes broken; rarely one of the bombs."""
    bomb = chance.random()
    if bomb < 0.005:
        return Made("zip bomb", ".jsonl.gz", _zip_bomb())
    if bomb < 0.01:
        return Made("entity bomb", chance.choice([".html", ".md", ".txt"]), BOMB.encode())
    if bomb < 0.015:
        return Made("bomb of YAML references", ".md", f"---\n{_yaml_bomb(chance)}---\n{SENTENCES[0]}\n".encode())
    if bomb < 0.02:
        return Made("100,000 brackets", ".jsonl", chance.choice([b"[", b'{"text": [']) * 100_000)
    text = _text(chance)
    if bomb < 0.03:
        tag = chance.choice(["div", "p", "b", "ul><li", "table><tr><td", "blockquote", "a href=x", "font"])
        return Made("10,000 nested tags", ".html", _page(text, tag, 10_000).encode())
    ending = chance.choice(list(KINDS))
    raw = _dressed(text, ending, chance)
    for _ in range(chance.choice([0, 0, 1, 1, 3, 10])):
        raw = chance.choice(_MUTATIONS)(raw, chance)
    if bomb < 0.032:
        return Made("line of 50 MB", ending, raw + b"a" * 50_000_000)
    if ending.endswith(".gz") and chance.random() < 0.9:
        raw = gzip.compress(raw, 1)
    beside = _metadata(chance) if chance.random() < 0.05 else None
    return Made(KINDS[ending], ending, raw, beside)


def _text(chance: random.Random) -> str:
    sentences = [chance.choice(SENTENCES) for _ in range(chance.randint(1, 6))]
    text = "\n\n".join(" ".join(sentences[i : i + 2]) for i in range(0, len(sentences), 2))
    for _ in range(chance.choice([0, 0, 1, 1, 2, 3])):
        place = chance.randrange(len(text) + 1)
        text = text[:place] + _anything(chance) + text[place:]
    return text


def _anything(chance: random.Random) -> str:
    """Something strange; rarely something long, because that takes a hundred times as long to read."""
    return chance.choice(LONG if chance.random() < 0.06 else STRANGE)


def _yaml_bomb(chance: random.Random) -> str:
    """References that stand for more than anybody can hold, as a list or merged into each other."""
    join = chance.choice(["[{}]", "{{<<: [{}]}}"])
    lines = ["a: &a {x: y}"]
    for n in range(12):
        last, name = chr(97 + n), chr(98 + n)
        lines.append(f"{name}: &{name} {join.format(', '.join([f'*{last}'] * 9))}")
    return "\n".join([*lines, f"title: *{chr(97 + 12)}", ""])


def _metadata(chance: random.Random) -> bytes:
    key = chance.choice(["title", "issued", "creator", "id", "language", "unknown", "!!python/object:os.system x"])
    value = chance.choice(["x", "2022-01-15", "[a, b]", "{a: b}", "1e999", "*nowhere", '"\x00"', "&a [*a]", "<b>"])
    return f"{key}: {value}\n".encode() if chance.random() < 0.9 else b"\xff\xfe" + value.encode("utf-16-le")


@cache
def _zip_bomb() -> bytes:
    """Some kilobytes that unpack to a line of 50 MB."""
    return gzip.compress(b'{"text": "' + b"a" * 50_000_000)


def _page(text: str, tag: str, depth: int) -> str:
    opened = "".join(f"<{tag}>" for _ in range(depth))
    closed = "".join(f"</{name.split()[0]}>" for name in reversed(tag.split("><"))) * depth
    inner = f"{opened}<p>{text}</p>{closed}"
    return f"<!doctype html><html><head><title>{TITLE}</title></head><body>{inner}</body></html>"


def _dressed(text: str, ending: str, chance: random.Random) -> bytes:
    if ending == ".html":
        return _page(text, "div", chance.randint(0, 5)).encode()
    if ending.startswith(".jsonl"):
        record: dict[str, object] = {
            "id": chance.choice(["a", "../../x", "", " ", "ä\n"]),
            "title": TITLE,
            "text": text,
        }
        if chance.random() < 0.2:
            record[chance.choice(["issued", "creator", "language", "extra", "text"])] = chance.choice(
                ["2022-13-45", "", None, 7, [], {}, "de", "x" * 1000]
            )
        return "\n".join([json.dumps(record)] * chance.randint(1, 2)).encode()
    if ending == ".md":
        return f"---\ntitle: {TITLE}\nissued: 2022-01-15\n---\n# {TITLE}\n\n{text}\n".encode()
    return f"{TITLE}\n\n{text}".encode()


def _flip(raw: bytes, chance: random.Random) -> bytes:
    if not raw:
        return raw
    place = chance.randrange(len(raw))
    return raw[:place] + bytes([raw[place] ^ 1 << chance.randrange(8)]) + raw[place + 1 :]


def _cut(raw: bytes, chance: random.Random) -> bytes:
    begin, end = sorted(chance.randrange(len(raw) + 1) for _ in range(2))
    return raw[:begin] + raw[end:]


def _again(raw: bytes, chance: random.Random) -> bytes:
    begin, end = sorted(chance.randrange(len(raw) + 1) for _ in range(2))
    return raw[:end] + raw[begin:end] * chance.randint(1, 4) + raw[end:] if len(raw) < 30_000 else raw


def _insert(raw: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(raw) + 1)
    return raw[:place] + chance.choice(RAW) + raw[place:]


def _strange(raw: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(raw) + 1)
    return raw[:place] + _anything(chance).encode() + raw[place:]


_MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (_flip, _cut, _again, _insert, _strange)
