"""Claims as nanopublications, one a claim, in TriG: see https://nanopub.net/.

The assertion of each is the claim with its situation (that somebody claims it; not that it is so), its provenance the
sentence and the run, its publication info the software. None has a time of creation, so that the same graph gives the
same nanopublications; they are not trusty URIs either, which a nanopublication server makes of them on publishing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import pyoxigraph as ox

from schachzug import vocabulary as v
from schachzug._version import __version__
from schachzug.exports.claim_records import ClaimReader, ClaimRecord
from schachzug.iris import SZR

_NP = "http://www.nanopub.org/nschema#"
_SOFTWARE = ox.NamedNode("https://w3id.org/schachzug/software")
_ROLES = tuple(v.sz(name) for name in ("actor", "target", "location", "topic", "timeText", "startTime", "endTime"))
_OF_CLAIM = tuple(v.sz(name) for name in ("asserts", "claimant", "modality", "negated"))
_OF_EXTRACTION = tuple(v.sz(name) for name in ("rule", "confidence"))
_OF_SENTENCE = (v.ANCHOR, v.BEGIN, v.END, v.IN_CONTEXT)
_OF_ARTICLE = tuple(v.dcterms(name) for name in ("title", "creator", "publisher", "issued", "language", "source"))


def write_nanopublications(store: ox.Store, stream: BinaryIO, language: str = "de") -> int:
    """Write every claim as a nanopublication; the number of them.

    Args:
        store: the graphs.
        stream: where to, as TriG.
        language: not used: a nanopublication has the names in all languages.
    """
    prefixes = {name: iri for name, iri in v.PREFIXES.items() if name not in ("itsrdf", "wd")} | {"np": _NP}
    number = 0
    runs: dict[str, list[ox.Triple]] = {}
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(prefixes.items()))
    stream.write(head.encode())
    for claim in ClaimReader(store, language).claims():
        text = ox.serialize(nanopublication(claim, store, runs), format=ox.RdfFormat.TRIG, prefixes=prefixes) or b""
        lines = text.decode().splitlines(keepends=True)
        stream.write(b"\n" + "".join(line for line in lines if not line.startswith("@prefix ")).encode())
        number += 1
    return number


def nanopublication(claim: ClaimRecord, store: ox.Store, runs: dict[str, list[ox.Triple]]) -> Iterator[ox.Quad]:
    """The four graphs of one claim's nanopublication: head, assertion, provenance and publication info.

    Args:
        claim: the claim.
        store: the graphs that it comes from.
        runs: what was found out about extraction runs so far, which every article's graph describes again.
    """
    base = f"{SZR}np-{claim.iri.removeprefix(SZR)}"
    this = ox.NamedNode(base)
    head, assertion, provenance, info = (
        ox.NamedNode(f"{base}-{part}") for part in ("head", "assertion", "provenance", "pubinfo")
    )
    yield ox.Quad(this, v.TYPE, ox.NamedNode(f"{_NP}Nanopublication"), head)
    for name, graph in (("Assertion", assertion), ("Provenance", provenance), ("PublicationInfo", info)):
        yield ox.Quad(this, ox.NamedNode(f"{_NP}has{name}"), graph, head)
    node = ox.NamedNode(claim.iri)
    situation = ox.NamedNode(claim.situation)
    yield ox.Quad(node, v.TYPE, v.sz("Claim"), assertion)
    yield from _copied(store, node, _OF_CLAIM, assertion)
    yield from _copied(store, situation, (v.TYPE, *_ROLES), assertion)
    for entity in sorted({*claim.actors, *claim.targets, *claim.locations, *claim.claimants}):
        yield from _copied(store, ox.NamedNode(entity), (v.TYPE, v.LABEL), assertion)
    run = ox.NamedNode(claim.run) if claim.run else None
    if run is not None:
        yield ox.Quad(assertion, v.GENERATED_BY, run, provenance)
        if claim.run not in runs:
            found = {quad.triple for quad in store.quads_for_pattern(run, None, None)}
            runs[claim.run] = sorted(found, key=str)
        for triple in runs[claim.run]:
            yield ox.Quad(triple.subject, triple.predicate, triple.object, provenance)
    yield from _copied(store, node, _OF_EXTRACTION, provenance)
    for evidence in claim.evidence:
        sentence = ox.NamedNode(evidence.sentence)
        yield ox.Quad(assertion, v.DERIVED_FROM, sentence, provenance)
        yield ox.Quad(sentence, v.TYPE, v.SENTENCE, provenance)
        yield from _copied(store, sentence, _OF_SENTENCE, provenance)
        if evidence.article:
            yield from _copied(store, ox.NamedNode(evidence.article), _OF_ARTICLE, provenance)
    yield ox.Quad(this, ox.NamedNode(f"{v.PROV}wasAttributedTo"), _SOFTWARE, info)
    yield ox.Quad(_SOFTWARE, v.TYPE, ox.NamedNode(f"{v.PROV}SoftwareAgent"), info)
    yield ox.Quad(_SOFTWARE, v.sz("softwareVersion"), ox.Literal(__version__), info)


def _copied(
    store: ox.Store, subject: ox.NamedNode, predicates: tuple[ox.NamedNode, ...], graph: ox.NamedNode
) -> Iterator[ox.Quad]:
    for predicate in predicates:
        found = {quad.object for quad in store.quads_for_pattern(subject, predicate, None)}
        for value in sorted(found, key=str):
            yield ox.Quad(subject, predicate, value, graph)
