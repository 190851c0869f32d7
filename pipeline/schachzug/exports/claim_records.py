"""The claims of a store as plain records, one by one in order of IRI: what every export starts from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from schachzug import vocabulary as v
from schachzug.iris import SZ

_PAIRED = frozenset({"Consultation", "Cooperation", "RelationImprovement", "RelationDeterioration"})
"""Situations whose actors are parties to each other."""


@dataclass(frozen=True)
class EvidenceRecord:
    """A sentence and the article that it stands in; what is not known is empty."""

    sentence: str
    text: str
    begin: int
    end: int
    article: str
    title: str
    creator: str
    publisher: str
    issued: str
    source: str


@dataclass(frozen=True)
class ClaimRecord:
    """A claim with the situation that it asserts; entities are IRIs, class and modality local names of the ontology."""

    iri: str
    graph: str
    situation: str
    kind: str
    actors: tuple[str, ...]
    targets: tuple[str, ...]
    locations: tuple[str, ...]
    topic: str
    time_text: str
    start: str
    end: str
    claimants: tuple[str, ...]
    modality: str
    negated: bool
    confidence: Decimal
    rule: str
    run: str
    evidence: tuple[EvidenceRecord, ...]

    def links(self) -> list[tuple[str, str, bool]]:
        """Who stands to whom in the situation: (from, to, whether it holds both ways)."""
        paired = self.kind in _PAIRED
        found = [(one, other, paired) for one in self.actors for other in self.targets if one != other]
        if paired:
            found += [(one, other, True) for one in self.actors for other in self.actors if one < other]
        return sorted(set(found))


class ClaimReader:
    """Reads claims, and the names of those who occur in them, out of a store."""

    def __init__(self, store: ox.Store, language: str = "de") -> None:
        self.store, self.language = store, language
        self._names: dict[str, str] = {}
        self._types: dict[str, str] = {}
        self._articles: dict[str, dict[str, str]] = {}

    def claims(self) -> Iterator[ClaimRecord]:
        """Every claim that asserts a situation, in order of IRI."""
        found = {
            (quad.subject.value, quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else "")
            for quad in self.store.quads_for_pattern(None, v.TYPE, v.sz("Claim"))
            if isinstance(quad.subject, ox.NamedNode)
        }
        last = ""
        for iri, graph in sorted(found):
            record = None if iri == last else self._claim(iri, graph)
            last = iri
            if record is not None:
                yield record

    def name(self, iri: str) -> str:
        """The name of an entity in the reader's language, or in another, or the end of its IRI."""
        if iri not in self._names:
            literals = [t for t in self._objects(iri, v.LABEL) if isinstance(t, ox.Literal)]
            literals.sort(key=lambda t: (t.language != self.language, t.language is not None, t.value))
            self._names[iri] = literals[0].value if literals else iri.replace("#", "/").rpartition("/")[2]
        return self._names[iri]

    def type(self, iri: str) -> str:
        """The local name of an entity's class, or nothing."""
        if iri not in self._types:
            classes = (t.value for t in self._objects(iri, v.TYPE) if isinstance(t, ox.NamedNode))
            self._types[iri] = min((c.removeprefix(SZ) for c in classes if c.startswith(SZ)), default="")
        return self._types[iri]

    def _claim(self, iri: str, graph: str) -> ClaimRecord | None:
        situation = self._text(iri, v.sz("asserts"))
        kind = self.type(situation) if situation else ""
        if not kind:
            return None
        sentences = sorted(self._iris(iri, v.DERIVED_FROM))
        return ClaimRecord(
            iri=iri,
            graph=graph,
            situation=situation,
            kind=kind,
            actors=self._iris(situation, v.sz("actor")),
            targets=self._iris(situation, v.sz("target")),
            locations=self._iris(situation, v.sz("location")),
            topic=self._text(situation, v.sz("topic")),
            time_text=self._text(situation, v.sz("timeText")),
            start=self._text(situation, v.sz("startTime")),
            end=self._text(situation, v.sz("endTime")),
            claimants=self._iris(iri, v.sz("claimant")),
            modality=self._text(iri, v.sz("modality")).removeprefix(SZ),
            negated=self._text(iri, v.sz("negated")) in ("true", "1"),
            confidence=self._decimal(iri),
            rule=self._text(iri, v.sz("rule")),
            run=self._text(iri, v.GENERATED_BY),
            evidence=tuple(self._evidence(sentence) for sentence in sentences),
        )

    def _evidence(self, sentence: str) -> EvidenceRecord:
        article = self._text(sentence, v.IN_CONTEXT)
        known = self._articles.get(article)
        if known is None:
            terms = {name: ox.NamedNode(v.DCTERMS + name) for name in ("title", "publisher", "issued", "source")}
            known = {name: self._text(article, term) if article else "" for name, term in terms.items()}
            creators = self._iris(article, ox.NamedNode(f"{v.DCTERMS}creator")) if article else ()
            known["creator"] = "; ".join(self.name(creator) for creator in creators)
            self._articles[article] = known
        begin, end = (self._text(sentence, term) for term in (v.BEGIN, v.END))
        text = self._text(sentence, v.ANCHOR)
        return EvidenceRecord(sentence, text, int(begin or 0), int(end or 0), article, **known)

    def _decimal(self, iri: str) -> Decimal:
        try:
            return Decimal(self._text(iri, v.sz("confidence")) or "0")
        except InvalidOperation:
            return Decimal(0)

    def _objects(self, iri: str, predicate: ox.NamedNode) -> list[object]:
        return [quad.object for quad in self.store.quads_for_pattern(ox.NamedNode(iri), predicate, None)]

    def _iris(self, iri: str, predicate: ox.NamedNode) -> tuple[str, ...]:
        return tuple(sorted({t.value for t in self._objects(iri, predicate) if isinstance(t, ox.NamedNode)}))

    def _text(self, iri: str, predicate: ox.NamedNode) -> str:
        values = (t.value for t in self._objects(iri, predicate) if isinstance(t, ox.NamedNode | ox.Literal))
        return min(values, default="")
