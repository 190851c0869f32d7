"""Claims as CSV, one line a claim."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import BinaryIO

import pyoxigraph as ox

from schachzug.exports.claim_records import ClaimReader, ClaimRecord
from schachzug.iris import SZR

_BETWEEN = " | "
COLUMNS = (
    "claim",
    "type",
    "actors",
    "targets",
    "locations",
    "topic",
    "time",
    "start",
    "end",
    "claimants",
    "modality",
    "negated",
    "confidence",
    "rule",
    "sentence",
    "article",
    "title",
    "creator",
    "publisher",
    "issued",
    "source",
    "actor_iris",
    "target_iris",
    "location_iris",
    "claimant_iris",
)


def write_csv(store: ox.Store, stream: BinaryIO, language: str = "de") -> int:
    """Write every claim as a line of CSV (RFC 4180, UTF-8).

    Where a role has several fillers their names stand in one cell with a bar between; their IRIs, with blanks between.

    Args:
        store: the graphs.
        stream: where to.
        language: of names.

    Returns:
        The number of claims.
    """
    reader = ClaimReader(store, language)
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    number = 0
    for claim in reader.claims():
        writer.writerow(_line(claim, reader))
        number += 1
    text.detach()
    return number


def _line(claim: ClaimRecord, reader: ClaimReader) -> list[str]:
    evidence = claim.evidence

    def names(iris: Iterable[str]) -> str:
        return _BETWEEN.join(reader.name(iri) for iri in iris)

    def once(values: Iterable[str]) -> str:
        return _BETWEEN.join(dict.fromkeys(value for value in values if value))

    return [
        claim.iri.removeprefix(SZR),
        claim.kind,
        names(claim.actors),
        names(claim.targets),
        names(claim.locations),
        claim.topic,
        claim.time_text,
        claim.start,
        claim.end,
        names(claim.claimants),
        claim.modality,
        str(claim.negated).lower(),
        str(claim.confidence),
        claim.rule,
        once(e.text for e in evidence),
        once(e.article.removeprefix(SZR) for e in evidence),
        once(e.title for e in evidence),
        once(e.creator for e in evidence),
        once(e.publisher for e in evidence),
        once(e.issued for e in evidence),
        once(e.source for e in evidence),
        " ".join(claim.actors),
        " ".join(claim.targets),
        " ".join(claim.locations),
        " ".join(claim.claimants),
    ]
