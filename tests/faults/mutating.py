"""Mutated inputs: text, Markdown, HTML and JSON lines, broken in a seeded way, through the whole line.

    python -m tests.faults.mutating --inputs 10000

No input may crash the line or hold it for more than ten seconds (of the processor, since other work on the machine is
not its fault; a minute by the clock), memory stays below 1.5 GB, and no quad that is kept violates a shape.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FrameType

from pyoxigraph import NamedNode, RdfFormat, parse

from schachzug.articles import read_articles
from schachzug.errors import InputError
from schachzug.extraction import Extraction, Extractor
from schachzug.graph import entity_quads
from schachzug.line import Options, make_extractor

LONGEST_SECONDS = 10
MOST_MEGABYTES = 1500

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
    "e\u0301\u0327\u0328" * 30,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    '"><script>alert(1)</script>',
    "} ; DROP ALL ; INSERT DATA { <a> <b> <c> }",
    "<http://example.org/> a sz:Claim .",
    "&lt;&amp;&#0;&#x110000;&bogus;",
    "„“»«‚‘'\"`",
    "Präs. Dr. u. a. z. B. 5. 1. Nr. ",
    "A" * 900,
    "A" * 5000,
    ", dass " * 400,
    "(" * 900,
    "( " * 1500,
    "(" * 2000,
    "\n" * 3000,
    "\t \u00a0\u2003" * 200,
    "Русские войска 中国 العربية עברית",
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


def make_input(chance: random.Random) -> tuple[str, bytes]:
    """An input: the ending of its file, and its bytes."""
    if chance.random() < 0.005:
        return ".jsonl.gz", _zip_bomb()
    sentences = [chance.choice(SENTENCES) for _ in range(chance.randint(1, 6))]
    text = "\n\n".join(" ".join(sentences[i : i + 2]) for i in range(0, len(sentences), 2))
    ending = chance.choice([".txt", ".md", ".html", ".jsonl", ".jsonl.gz"])
    for _ in range(chance.randint(0, 3)):
        place = chance.randrange(len(text) + 1)
        text = text[:place] + chance.choice(STRANGE) + text[place:]
    raw = _dressed(text, ending, chance)
    for _ in range(chance.choice([0, 0, 1, 1, 3, 10])):
        raw = chance.choice(_MUTATIONS)(raw, chance)
    return ending, gzip.compress(raw, 1) if ending.endswith(".gz") and chance.random() < 0.9 else raw


@cache
def _zip_bomb() -> bytes:
    """Some kilobytes that unpack to a line of 50 MB."""
    return gzip.compress(b'{"text": "' + b"a" * 50_000_000)


def _dressed(text: str, ending: str, chance: random.Random) -> bytes:
    if ending == ".html":
        if chance.random() < 0.02:
            return BOMB.encode()
        depth = 10_000 if chance.random() < 0.02 else chance.randint(0, 5)
        inner = f"{'<div>' * depth}<p>{text}</p>{'</div>' * depth}"
        return f"<!doctype html><html><head><title>{TITLE}</title></head><body>{inner}</body></html>".encode()
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
        if chance.random() < 0.01:
            return b"[" * 100_000
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
    return raw[:place] + chance.choice(STRANGE).encode() + raw[place:]


_MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (_flip, _cut, _again, _insert, _strange)


def try_inputs(count: int, seed: int, extractor: Extractor, folder: Path) -> Counter[str]:
    """Put inputs through the line.

    Returns:
        How many were read, were refused with a message, and how many claims and rejected claims there were; also the
        longest time of one in milliseconds (`slowest`).

    Raises:
        SystemExit: an input crashed the line, took too long, or left a quad that violates a shape.
    """
    chance = random.Random(seed)
    outcome: Counter[str] = Counter()
    signal.signal(signal.SIGALRM, _too_long)
    signal.signal(signal.SIGPROF, _too_long)
    for number in range(count):
        ending, raw = make_input(chance)
        path = folder / f"input{ending}"
        # Once in a while a line of 50 MB.
        path.write_bytes(raw if number % 500 != 499 else raw + b"a" * 50_000_000)
        started = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, LONGEST_SECONDS)
        signal.alarm(6 * LONGEST_SECONDS)
        try:
            _through(path, extractor, outcome)
        except Exception as error:
            kept = Path(tempfile.gettempdir()) / f"schachzug-input-{seed}-{number}{ending}"
            kept.write_bytes(raw)
            raise SystemExit(
                f"input {number} of seed {seed} (kept as {kept}): {type(error).__name__}: {error}"
            ) from error
        finally:
            signal.alarm(0)
            signal.setitimer(signal.ITIMER_PROF, 0)
        outcome["slowest"] = max(outcome["slowest"], int(1000 * (time.process_time() - started)))
    return outcome


def _through(path: Path, extractor: Extractor, outcome: Counter[str]) -> None:
    readable = []
    for result in read_articles([path]):
        if isinstance(result, InputError):
            if not str(result):
                raise ValueError("an error without a message")
            outcome["refused"] += 1
        else:
            readable.append(result)
    for extraction in extractor.extract_many(readable):
        if isinstance(extraction, InputError):
            if extraction.__cause__ is not None:
                raise ValueError(f"the line stumbled: {extraction}") from extraction.__cause__
            outcome["refused"] += 1
            continue
        outcome["read"] += 1
        outcome["claims"] += extraction.figures.claims
        outcome["rejected"] += extraction.figures.rejected
        _check_shapes(extraction, extractor)


def _check_shapes(extraction: Extraction, extractor: Extractor) -> None:
    quads = list(parse(extraction.quads, format=RdfFormat.N_QUADS))
    if not quads or extractor.validator is None:
        return
    gazetteer = extractor.reader.gazetteer
    known = [gazetteer.entity(iri) for iri in extraction.entities]
    found = extractor.validator.check([*quads, *entity_quads(known, NamedNode(extraction.graph))]).findings
    if found:
        raise ValueError(f"a quad that was kept violates a shape: {found[0]}")


def _too_long(signal_number: int, frame: FrameType | None) -> None:
    raise TimeoutError(f"longer than {LONGEST_SECONDS} s")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = try_inputs(given.inputs, given.seed, make_extractor(Options()), Path(folder))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if megabytes > MOST_MEGABYTES:
        raise SystemExit(f"memory rose to {megabytes:.0f} MB, more than {MOST_MEGABYTES}")
    print(
        f"{given.inputs} mutated inputs: {outcome['read']} articles read with {outcome['claims']} claims "
        f"({outcome['rejected']} rejected), {outcome['refused']} refused with a message; the slowest took "
        f"{outcome['slowest']} ms; memory at most {megabytes:.0f} MB"
    )


if __name__ == "__main__":
    main()
