"""From what was read to the graph: one reading becomes the quads of one named graph.

Each resource is named by a hash of what it stands for, so the same article gives the same quads.
Known entities are not described here but once for the whole graph (`entity_quads`), for a hundred
articles name the same states; entities that only the article names are described in its graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Quad

from schachzug import vocabulary as v
from schachzug.authors import author_of
from schachzug.iris import article_iri, graph_iri, resource_iri
from schachzug.types import Article, Claim, Entity, Mention, Quotation, Reading, Situation, Span
from schachzug.vocabulary import dcterms, sz

# What XML 1.0 cannot hold, and with it RDF/XML. One character stands in for one, so offsets still count.
_UNWRITABLE = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANGUAGE_TAG = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
_WEB_ADDRESS = re.compile(r"https?://[\w.-]+(:\d+)?([/?#][\w/?#&=%.,:;@~+!*()'-]*)?", re.ASCII)
_TRUE, _FALSE = Literal(True), Literal(False)


@dataclass(frozen=True)
class Run:
    """What read the articles: all that, beside the articles, decides what the graph says."""

    model: str
    lexicon: str
    software: str

    @property
    def iri(self) -> str:
        """The IRI of the run; the same versions are the same run, so that reading again changes nothing."""
        return resource_iri("run", self.model, self.lexicon, self.software)


def article_quads(reading: Reading, run: Run) -> list[Quad]:
    """The named graph of one article.

    Args:
        reading: the article, with all that was read out of it.
        run: what read it.
    """
    return _ArticleGraph(reading, run).quads


def known_entities(reading: Reading) -> dict[str, Entity]:
    """The entities of the gazetteer that the article's graph refers to, by IRI."""
    return {e.iri: e for e in _entities(reading) if not e.local}


def entity_quads(entities: Iterable[Entity], graph: NamedNode, *, names: bool = True) -> list[Quad]:
    """The descriptions of entities: class, names, what they are elsewhere, whose organs they are.

    Args:
        entities: whom to describe.
        graph: the named graph to put them into.
        names: whether with all other names, and what they are elsewhere; no shape of an article needs these.
    """
    return [
        Quad(_node(entity.iri), predicate, value, graph)
        for entity in entities
        for predicate, value in (_description(entity) if names else _brief(entity))
    ]


def text_literal(text: str, language: str | None = None) -> Literal:
    """A literal that every format can hold; characters that XML forbids or rewrites are replaced one by one.

    >>> text_literal("a\\x01b").value
    'a\\ufffdb'
    """
    clean = _UNWRITABLE.sub("\ufffd", text.replace("\r", "\n"))
    if language and _LANGUAGE_TAG.fullmatch(language):
        return Literal(clean, language=language)
    return Literal(clean)


def decimal_literal(number: float) -> Literal:
    """A canonical xsd:decimal with at most three places.

    >>> decimal_literal(0.5).value, decimal_literal(1.0).value
    ('0.5', '1')
    """
    written = f"{number:.3f}".rstrip("0").rstrip(".")
    return Literal(written, datatype=v.DECIMAL)


def situation_parts(situation: Situation) -> tuple[str, ...]:
    """What tells a situation from others of the same article: class, fillers, topic and time."""
    time = situation.time
    return (
        situation.type,
        *(
            " ".join(sorted(e.iri for e in fillers))
            for fillers in (situation.actor, situation.target, situation.location)
        ),
        situation.topic,
        *((time.text, time.start or "", time.end or "") if time else ("", "", "")),
    )


@lru_cache(maxsize=65536)
def _node(iri: str) -> NamedNode:
    return NamedNode(iri)


@lru_cache(maxsize=65536)
def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=v.INTEGER)


@lru_cache(maxsize=8192)
def _description(entity: Entity) -> tuple[tuple[NamedNode, NamedNode | Literal], ...]:
    facts: list[tuple[NamedNode, NamedNode | Literal]] = [(v.TYPE, sz(entity.type))]
    facts += ((v.LABEL, text_literal(text, language)) for text, language in entity.labels)
    facts += (
        (v.ALT_LABEL, text_literal(text, language))
        for text, language in entity.alt_labels
        if (text, language) not in entity.labels
    )
    if entity.state and entity.type == "StateOrgan":
        facts.append((sz("organOf"), _node(entity.state)))
    facts += ((v.SAME_AS, _node(iri)) for iri in entity.same_as)
    return tuple(dict.fromkeys(facts))


@lru_cache(maxsize=8192)
def _brief(entity: Entity) -> tuple[tuple[NamedNode, NamedNode | Literal], ...]:
    return tuple(fact for fact in _description(entity) if fact[0] not in (v.ALT_LABEL, v.SAME_AS))


def _entities(reading: Reading) -> Iterable[Entity]:
    for mention in reading.mentions:
        yield mention.entity
    for quotation in reading.quotations:
        if quotation.speaker is not None:
            yield quotation.speaker
    for claim in reading.claims:
        yield from claim.claimants
        yield from claim.situation.actor
        yield from claim.situation.target
        yield from claim.situation.location


class _ArticleGraph:
    """The quads of one article while they are made."""

    def __init__(self, reading: Reading, run: Run) -> None:
        article = reading.article
        self.digest = article.digest
        self.graph = NamedNode(graph_iri(self.digest))
        self.article = NamedNode(article_iri(self.digest))
        self.run = _node(run.iri)
        self.quads: list[Quad] = []
        self._done: set[object] = set()
        self._describe_article(article)
        self._describe_run(run)
        silent = frozenset(reading.silent)
        for sentence in reading.sentences:
            node = self._sentence(sentence)
            if sentence in silent:
                self._add(node, sz("unread"), _TRUE)
        for entity in _entities(reading):
            self._entity(entity)
        for mention in reading.mentions:
            self._mention(mention)
        for quotation in reading.quotations:
            self._quotation(quotation)
        for claim in reading.claims:
            self._claim(claim)

    def _add(self, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> None:
        self.quads.append(Quad(subject, predicate, value, self.graph))

    def _describe(self, subject: NamedNode, facts: Iterable[tuple[NamedNode, NamedNode | Literal]]) -> None:
        graph = self.graph
        self.quads += [Quad(subject, predicate, value, graph) for predicate, value in facts]

    def _is_new(self, key: object) -> bool:
        if key in self._done:
            return False
        self._done.add(key)
        return True

    def _describe_article(self, article: Article) -> None:
        self._add(self.article, v.TYPE, v.CONTEXT)
        self._add(self.article, v.TYPE, sz("Article"))
        self._add(self.article, v.IS_STRING, text_literal(article.content))
        self._add(self.article, dcterms("identifier"), text_literal(article.id))
        if article.title:
            self._add(self.article, dcterms("title"), text_literal(article.title, article.language))
        for name in ("publisher", "issued", "language"):
            if value := getattr(article, name):
                self._add(self.article, dcterms(name), text_literal(value))
        if article.source:
            address = _WEB_ADDRESS.fullmatch(article.source)
            self._add(
                self.article, dcterms("source"), NamedNode(article.source) if address else text_literal(article.source)
            )
        if article.creator:
            author = author_of(article)
            self._add(self.article, dcterms("creator"), _node(author.iri))
            self._entity(author)

    def _entity(self, entity: Entity) -> None:
        if entity.local and self._is_new(entity.iri):
            self._describe(_node(entity.iri), _description(entity))

    def _describe_run(self, run: Run) -> None:
        self._describe(
            self.run,
            (
                (v.TYPE, sz("ExtractionRun")),
                (sz("modelVersion"), text_literal(run.model)),
                (sz("lexiconVersion"), text_literal(run.lexicon)),
                (sz("softwareVersion"), text_literal(run.software)),
            ),
        )

    def _stretch(self, kind: str, span: Span, classes: tuple[NamedNode, ...]) -> NamedNode:
        """A stretch of the article as a resource of its own."""
        node = _node(resource_iri(kind, self.digest, span.begin, span.end))
        if self._is_new((kind, span.begin, span.end)):
            self._describe(
                node,
                (
                    *((v.TYPE, c) for c in classes),
                    (v.ANCHOR, text_literal(span.text)),
                    (v.BEGIN, _integer(span.begin)),
                    (v.END, _integer(span.end)),
                    (v.IN_CONTEXT, self.article),
                ),
            )
        return node

    def _sentence(self, span: Span) -> NamedNode:
        return self._stretch("sentence", span, (v.SENTENCE,))

    def _mention(self, mention: Mention) -> None:
        node = self._stretch("phrase", mention.span, (v.PHRASE,))
        if self._is_new((node, mention.entity.iri)):
            self._add(node, v.IDENTIFIES, _node(mention.entity.iri))

    def _quotation(self, quotation: Quotation) -> NamedNode:
        speaker = quotation.speaker
        begin, end = quotation.span.begin, quotation.span.end
        parts = (begin, end, quotation.kind, speaker.iri if speaker else "", quotation.cue)
        node = _node(resource_iri("quotation", self.digest, *parts))
        if self._is_new(node):
            facts: list[tuple[NamedNode, NamedNode | Literal]] = [
                (v.TYPE, sz("Quotation")),
                (v.TYPE, v.PHRASE),
                (v.ANCHOR, text_literal(quotation.span.text)),
                (v.BEGIN, _integer(begin)),
                (v.END, _integer(end)),
                (v.IN_CONTEXT, self.article),
                (sz("quotationKind"), sz(quotation.kind.value)),
                (v.DERIVED_FROM, self._sentence(quotation.sentence)),
            ]
            if speaker is not None:
                facts.append((sz("speaker"), _node(speaker.iri)))
            if quotation.cue:
                facts.append((sz("cue"), text_literal(quotation.cue)))
            self._describe(node, facts)
        return node

    def _situation(self, situation: Situation) -> NamedNode:
        parts = situation_parts(situation)
        node = _node(resource_iri("situation", self.digest, *parts))
        if not self._is_new(node):
            return node
        facts: list[tuple[NamedNode, NamedNode | Literal]] = [(v.TYPE, sz(situation.type))]
        for role in ("actor", "target", "location"):
            fillers: tuple[Entity, ...] = getattr(situation, role)
            facts += ((sz(role), _node(iri)) for iri in dict.fromkeys(e.iri for e in fillers))
        if situation.topic:
            facts.append((sz("topic"), text_literal(situation.topic)))
        if situation.time is not None:
            facts.append((sz("timeText"), text_literal(situation.time.text)))
            if situation.time.start:
                facts.append((sz("startTime"), Literal(situation.time.start, datatype=v.DATE_TIME)))
            if situation.time.end:
                facts.append((sz("endTime"), Literal(situation.time.end, datatype=v.DATE_TIME)))
        self._describe(node, facts)
        return node

    def _claim(self, claim: Claim) -> None:
        situation = self._situation(claim.situation)
        sentence = self._sentence(claim.sentence)
        quotation = self._quotation(claim.quotation) if claim.quotation is not None else None
        claimants = tuple(dict.fromkeys(e.iri for e in claim.claimants))
        node = _node(
            resource_iri(
                "claim",
                situation.value,
                sentence.value,
                quotation.value if quotation else "",
                " ".join(sorted(claimants)),
                claim.modality,
                claim.negated,
                claim.rule,
                claim.trigger.begin,
                claim.trigger.end,
            )
        )
        if not self._is_new(node):
            return
        facts: list[tuple[NamedNode, NamedNode | Literal]] = [
            (v.TYPE, sz("Claim")),
            (sz("asserts"), situation),
            *((sz("claimant"), _node(iri)) for iri in claimants),
            (sz("modality"), sz(claim.modality.value)),
            (sz("negated"), _TRUE if claim.negated else _FALSE),
            (v.DERIVED_FROM, sentence),
            (v.GENERATED_BY, self.run),
            (sz("rule"), text_literal(claim.rule)),
            (sz("trigger"), self._stretch("phrase", claim.trigger, (v.PHRASE,))),
            (sz("confidence"), decimal_literal(claim.confidence)),
        ]
        if quotation is not None:
            facts.append((sz("inQuotation"), quotation))
        self._describe(node, facts)
