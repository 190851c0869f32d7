"""The values that travel down the line: article, sentences, mentions, frames, claims.

All are frozen; each step takes some and returns new ones. Offsets are characters of
`Article.content`, begin inclusive, end exclusive.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Modality(StrEnum):
    """How surely a claim is made; values are local names of the ontology."""

    ASSERTED = "asserted"
    PREDICTED = "predicted"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    INTENDED = "intended"


class QuotationKind(StrEnum):
    """How speech is reported; values are local names of the ontology."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    REPORTED = "reported"
    FREE_INDIRECT = "freeIndirect"


@dataclass(frozen=True)
class Article:
    """A text to read, with what is known about it. All strings are Unicode NFC.

    `issued` is an ISO 8601 date of any width ("2022", "2022-01", "2022-01-15").
    """

    id: str
    text: str
    title: str = ""
    language: str = "de"
    creator: str = ""
    publisher: str = ""
    issued: str = ""
    source: str = ""

    @cached_property
    def content(self) -> str:
        """The title and the text, as stored in nif:isString; every offset counts its characters."""
        joined = f"{self.title}\n\n{self.text}" if self.title else self.text
        return unicodedata.normalize("NFC", joined)

    @cached_property
    def digest(self) -> str:
        """16 hexadecimal digits that stand for the article's id, content and metadata."""
        parts = (self.id, self.content, self.language, self.creator, self.publisher, self.issued, self.source)
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of an article's content."""

    begin: int
    end: int
    text: str


@dataclass(frozen=True)
class Entity:
    """Somebody or something known: one resource of seeds/entities, or one made from an article's words.

    `iri` is absolute. `type` is the local name of an ontology class (State, Person, Group …).
    `labels` and `alt_labels` are (text, language tag) pairs; a local entity has the source's words.
    `state` is the IRI of the state that a state organ belongs to or that a capital or seat stands for.
    """

    iri: str
    type: str
    labels: tuple[tuple[str, str], ...]
    alt_labels: tuple[tuple[str, str], ...] = ()
    same_as: tuple[str, ...] = ()
    state: str | None = None
    local: bool = False


@dataclass(frozen=True)
class Mention:
    """A phrase that names an entity; `how` names the way it was linked (name, adjective, capital, pronoun …)."""

    span: Span
    entity: Entity
    how: str
    confidence: float = 1.0


@dataclass(frozen=True)
class TimeExpression:
    """The words of a time, and the dateTimes that they fix (None where they fix none)."""

    text: str
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True)
class Situation:
    """What is claimed: a class of the ontology with its role fillers."""

    type: str
    actor: tuple[Entity, ...] = ()
    target: tuple[Entity, ...] = ()
    location: tuple[Entity, ...] = ()
    topic: str = ""
    time: TimeExpression | None = None


@dataclass(frozen=True)
class Quotation:
    """A stretch of reported speech. `speaker_span` holds the words that name the speaker, where there are any."""

    span: Span
    kind: QuotationKind
    speaker: Entity | None
    cue: str
    sentence: Span
    speaker_span: Span | None = None


@dataclass(frozen=True)
class Claim:
    """That somebody claims a situation, how surely, in which sentence, and what found it.

    `rule` is the id of the lexicon entry or rule; `trigger` the words that evoked the situation;
    `confidence` lies in 0..1.
    """

    situation: Situation
    claimants: tuple[Entity, ...]
    modality: Modality
    negated: bool
    sentence: Span
    trigger: Span
    rule: str
    confidence: float
    quotation: Quotation | None = None


@dataclass(frozen=True)
class Reading:
    """All that was read out of one article.

    `silent` counts the sentences that held a political predicate and gave no claim.
    """

    article: Article
    sentences: tuple[Span, ...]
    mentions: tuple[Mention, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    claims: tuple[Claim, ...] = ()
    silent: tuple[Span, ...] = field(default=())
