"""Readings made by hand and by Hypothesis, so that graphs are tested without a model."""

from __future__ import annotations

import string

from hypothesis import strategies as st

from schachzug.extraction import ArticleFigures, Extraction
from schachzug.graph import Run, article_quads, known_entities
from schachzug.iris import SZR, local_iri
from schachzug.serialise import sorted_lines
from schachzug.types import (
    Article,
    Claim,
    Entity,
    Mention,
    Modality,
    Quotation,
    QuotationKind,
    Reading,
    Situation,
    Span,
    TimeExpression,
)

RUN = Run("test 1", "0123456789abcdef", "0")
RUSSIA = Entity(f"{SZR}Russia", "State", (("Russia", "en"), ("Russland", "de")))
KAZAKHSTAN = Entity(f"{SZR}Kazakhstan", "State", (("Kazakhstan", "en"), ("Kasachstan", "de")))
CSTO = Entity(f"{SZR}CSTO", "MilitaryAlliance", (("CSTO", "en"), ("OVKS", "de")))
KNOWN = (RUSSIA, KAZAKHSTAN, CSTO)
AUTHOR = Entity(local_iri("author", "Erika Beispiel"), "Actor", (("Erika Beispiel", "de"),), local=True)

HOSTILE = (
    'a "quoted" name',
    "<http://evil.example/> a <x>",
    "} DROP ALL ; INSERT DATA { <a> <b> <c> }",
    "line\nbreak\r\nand\ttab",
    "back\\slash \\u0041 ''' \"\"\"",
    "\u202ebidi\u202c \u200bzero \x00 \x1f \x7f \ufffe",
    "#not a comment . ;",
    "]]> <!-- & &amp; &#x41; <![CDATA[",
    '{"@id": "x", "@context": {}}',
    "e\u0301 combining \U0001f600",
)


def local(article: Article, label: str, kind: str = "Person") -> Entity:
    """An entity that only an article names."""
    return Entity(local_iri(article.digest, label), kind, ((label, "de"),), local=True)


def claim(
    sentence: Span,
    kind: str = "InfluenceLoss",
    actor: tuple[Entity, ...] = (RUSSIA,),
    target: tuple[Entity, ...] = (KAZAKHSTAN,),
    *,
    claimant: Entity = AUTHOR,
    modality: Modality = Modality.ASSERTED,
    negated: bool = False,
    confidence: float = 0.9,
    quotation: Quotation | None = None,
    time: TimeExpression | None = None,
    topic: str = "",
) -> Claim:
    """A claim of a sentence, evoked by its first word."""
    word = sentence.text.split()[0] if sentence.text.split() else sentence.text
    begin = sentence.begin + sentence.text.index(word)
    trigger = Span(begin, begin + len(word), word)
    situation = Situation(kind, actor, target, topic=topic, time=time)
    return Claim(situation, (claimant,), modality, negated, sentence, trigger, "rule.id", confidence, quotation)


def spans_of(article: Article) -> tuple[Span, ...]:
    """The lines of an article as its sentences."""
    spans, begin = [], 0
    for line in article.content.split("\n"):
        if line.strip():
            spans.append(Span(begin, begin + len(line), line))
        begin += len(line) + 1
    return tuple(spans)


def article(identifier: str = "one", *sentences: str, **fields: str) -> Article:
    """An article of some sentences, one a line."""
    text = "\n".join(sentences or ("Russland verliert Einfluss auf Kasachstan.",))
    return Article(id=identifier, text=text, **({"creator": "Erika Beispiel"} | fields))


def reading(identifier: str = "one", *sentences: str, **fields: str) -> Reading:
    """A reading with one claim a sentence."""
    made = article(identifier, *sentences, **fields)
    spans = spans_of(made)
    return Reading(made, spans, claims=tuple(claim(span) for span in spans))


def extraction(read: Reading) -> Extraction:
    """What comes of a reading where nothing is rejected."""
    figures = ArticleFigures(sentences=len(read.sentences), claims=len(read.claims))
    made = read.article
    quads = sorted_lines(article_quads(read, RUN))
    return Extraction(
        made.id, made.digest, RUN.iri, made.title, quads, entities=tuple(known_entities(read)), figures=figures
    )


_texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(
        alphabet=st.one_of(st.sampled_from(string.printable), st.characters(exclude_categories=["Cs"])), max_size=40
    ),
)
_words = _texts.filter(lambda text: bool(text.strip()))


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    """Readings of articles whose every string is hostile."""
    made = Article(
        id=draw(_words),
        text="\n".join(draw(st.lists(_words, min_size=1, max_size=4))),
        title=draw(_texts),
        creator=draw(_texts),
        publisher=draw(_texts),
        issued=draw(st.sampled_from(["", "2022", "2022-01", "2022-01-15"])),
        source=draw(st.one_of(_texts, st.just("https://example.org/a?b=c&d=(e)'"))),
    )
    sentences = spans_of(made)
    locals_ = [local(made, draw(_words), kind) for kind in ("Person", "Organization")]
    entities = st.sampled_from([*KNOWN, *locals_])
    mentions, quotations, claims = [], [], []
    for sentence in sentences:
        begin = draw(st.integers(0, len(sentence.text) - 1))
        end = draw(st.integers(begin + 1, len(sentence.text)))
        span = Span(sentence.begin + begin, sentence.begin + end, sentence.text[begin:end])
        mentions.append(Mention(span, draw(entities), "name"))
        quotation = Quotation(
            span, draw(st.sampled_from(list(QuotationKind))), draw(st.none() | entities), draw(_texts), sentence
        )
        quotations.append(quotation)
        time = draw(
            st.none()
            | st.just(TimeExpression("2022", "2022-01-01T00:00:00Z", "2022-12-31T23:59:59Z"))
            | st.builds(TimeExpression, _words)
        )
        claims.append(
            claim(
                sentence,
                actor=(draw(entities),),
                target=(draw(entities),),
                claimant=draw(entities),
                modality=draw(st.sampled_from(list(Modality))),
                negated=draw(st.booleans()),
                confidence=draw(st.floats(0, 1)),
                quotation=draw(st.none() | st.just(quotation)),
                time=time,
                topic=draw(_texts),
            )
        )
    silent = tuple(s for s in sentences if draw(st.booleans()))
    return Reading(made, sentences, tuple(mentions), tuple(quotations), tuple(claims), silent)
