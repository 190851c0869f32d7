"""Claims as event records in the manner of PLOVER, one JSON object a line.

PLOVER codes events between a source and a recipient. Which of its classes is close to a class of ours is said in
`ontology/alignments/plover.ttl`; where nothing is said for a class, the alignment of the class above it holds, and
claims with neither are left out, since they are no events (memberships, offices). Where several types may fit (an
intervention can be an assault or help), `event_types` names them and `event_type` is null.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import BinaryIO

import pyoxigraph as ox

from schachzug import vocabulary as v
from schachzug.exports.claim_records import ClaimReader, ClaimRecord
from schachzug.exports.inheritance import inherited
from schachzug.iris import SZ
from schachzug.resources import resource

_NARROW_MATCH = ox.NamedNode(f"{v.SKOS}narrowMatch")
_SUBCLASS = ox.NamedNode(f"{v.RDFS}subClassOf")


def write_events(store: ox.Store, stream: BinaryIO, language: str = "de") -> int:
    """Write the claims that are events as JSON Lines (UTF-8).

    Args:
        store: the graphs.
        stream: where to.
        language: of names.

    Returns:
        The number of events.
    """
    reader, codes = ClaimReader(store, language), event_types()
    number = 0
    for claim in reader.claims():
        if claim.kind in codes:
            record = _event(claim, codes[claim.kind], reader)
            stream.write(json.dumps(record, ensure_ascii=False, sort_keys=False).encode() + b"\n")
            number += 1
    return number


@functools.cache
def event_types() -> Mapping[str, tuple[str, ...]]:
    """PLOVER's event types of each class of situations that has some.

    >>> event_types()["Threat"], event_types()["MilitaryIntervention"]
    (('THREATEN',), ('ASSAULT', 'MOBILIZE'))

    Raises:
        ResourceError: the alignment or the ontology is missing.
    """
    codes: dict[str, tuple[str, ...]] = {}
    for quad in ox.parse(path=str(resource("ontology", "alignments", "plover.ttl")), format=ox.RdfFormat.TURTLE):
        if quad.predicate in (v.CLOSE_MATCH, _NARROW_MATCH) and isinstance(quad.subject, ox.NamedNode):
            name = quad.subject.value.removeprefix(SZ)
            code = getattr(quad.object, "value", "").replace("#", "/").rpartition("/")[2]
            codes[name] = tuple(sorted({*codes.get(name, ()), code}))
    above: dict[str, str] = {}
    for quad in ox.parse(path=str(resource("ontology", "schachzug.ttl")), format=ox.RdfFormat.TURTLE):
        if quad.predicate == _SUBCLASS and isinstance(quad.subject, ox.NamedNode):
            above[quad.subject.value.removeprefix(SZ)] = getattr(quad.object, "value", "").removeprefix(SZ)
    return inherited(codes, above)


def _event(claim: ClaimRecord, codes: tuple[str, ...], reader: ClaimReader) -> dict[str, object]:
    def parties(iris: tuple[str, ...]) -> list[dict[str, str]]:
        return [{"id": iri, "name": reader.name(iri), "type": reader.type(iri)} for iri in iris]

    issued = min((e.issued for e in claim.evidence if e.issued), default="")
    return {
        "id": claim.iri,
        "event_type": codes[0] if len(codes) == 1 else None,
        "event_types": list(codes),
        "situation_type": claim.kind,
        "event_date": {"text": claim.time_text, "start": claim.start or None, "end": claim.end or None},
        "pub_date": issued or None,
        "actor": parties(claim.actors),
        "recipient": parties(claim.targets),
        "location": parties(claim.locations),
        "topic": claim.topic,
        "claimant": parties(claim.claimants),
        "modality": claim.modality,
        "negated": claim.negated,
        "confidence": float(claim.confidence),
        "event_text": [e.text for e in claim.evidence],
        "source": [
            {
                "article": e.article,
                "title": e.title,
                "publisher": e.publisher,
                "url": e.source,
                "begin": e.begin,
                "end": e.end,
            }
            for e in claim.evidence
        ],
    }
