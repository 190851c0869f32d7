"""Each step of the line for one sentence, as text: sentences, parse, mentions, quotations, claims."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schachzug.errors import InputError
from schachzug.types import Article, Claim, Entity, Reading

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

    from schachzug.lexicon import Entry, Slot
    from schachzug.reading import Reader

_MAX_CHARACTERS = 10_000
_COLUMNS = 46


def explain(reader: Reader, text: str, *, issued: str = "") -> str:
    """How a sentence is read, step by step.

    Args:
        reader: what reads.
        text: one German sentence, or a few.
        issued: the date that times are told from, as in an article.

    Raises:
        InputError: there is no text, or far more than a few sentences.
    """
    text = " ".join(text.split())
    if not text:
        raise InputError("there is no sentence", hint="Give a German sentence, in quotes")
    if len(text) > _MAX_CHARACTERS:
        what = f"the text is longer than {_MAX_CHARACTERS:,} characters"
        raise InputError(what, hint="Explain one sentence at a time")
    article = Article(id="explain", text=text, issued=issued)
    doc = reader.nlp(article.content)
    reading = reader.read_doc(article, doc)
    entries = {entry.id: entry for entry in reader.lexicon.entries}
    parts = [_heading(1, "Sentences", [f"{n}. {s.text}" for n, s in enumerate(reading.sentences, 1)])]
    parts.append(_heading(2, "Parse", [line for sentence in doc.sents for line in (*tree_lines(sentence), "")][:-1]))
    parts.append(_heading(3, "Mentions", list(_mention_lines(reading))))
    parts.append(_heading(4, "Reported speech", list(_quotation_lines(reading))))
    parts.append(_heading(5, "Frames", list(_frame_lines(reading, entries, doc))))
    parts.append(_heading(6, "Claims", [line for claim in reading.claims for line in claim_lines(claim)]))
    return "\n\n".join(parts)


def _heading(number: int, title: str, lines: list[str]) -> str:
    return "\n".join([f"{number} {title}", *(f"  {line}".rstrip() for line in lines or ["none"])])


def tree_lines(sentence: Span) -> Iterator[str]:
    """The parse of a sentence as a tree on its side: words from top to bottom, heads to the left."""
    for token in sentence:
        if token.head.i == token.i:
            yield from _subtree(token, "", "", "")


def _subtree(token: Token, above: str, here: str, below: str) -> Iterator[str]:
    lefts = [child for child in token.children if child.i < token.i]
    rights = [child for child in token.children if child.i > token.i]
    for child in lefts:
        first = child is lefts[0]
        yield from _subtree(
            child, above + ("   " if first else "│  "), above + ("┌─ " if first else "├─ "), above + "│  "
        )
    features = "|".join(value for value in (token.pos_, token.tag_, str(token.morph)) if value)
    yield f"{here + token.text:<{_COLUMNS}} {token.dep_:<12} {token.lemma_:<18} {features}".rstrip()
    for child in rights:
        last = child is rights[-1]
        yield from _subtree(
            child, below + "│  ", below + ("└─ " if last else "├─ "), below + ("   " if last else "│  ")
        )


def name_of(entity: Entity) -> str:
    """An entity's English name, or whatever it is called."""
    english = [text for text, language in entity.labels if language == "en"]
    return english[0] if english else entity.labels[0][0] if entity.labels else entity.iri


def _mention_lines(reading: Reading) -> Iterator[str]:
    for mention in reading.mentions:
        entity = mention.entity
        known = "of this article" if entity.local else f"szr:{entity.iri.rsplit('/', 1)[-1]}"
        how = f"{mention.how}, {mention.confidence:.2f}"
        yield f"{mention.span.text} → {name_of(entity)} ({entity.type}, {known}; {how})"


def _quotation_lines(reading: Reading) -> Iterator[str]:
    for quotation in reading.quotations:
        speaker = name_of(quotation.speaker) if quotation.speaker else "nobody named"
        cue = f", introduced by “{quotation.cue}”" if quotation.cue else ""
        yield f"{quotation.kind.value}, by {speaker}{cue}: {quotation.span.text}"


def _frame_lines(reading: Reading, entries: dict[str, Entry], doc: Doc) -> Iterator[str]:
    for claim in reading.claims:
        entry = entries.get(claim.rule)
        yield f"{claim.trigger.text} → {claim.situation.type}, by {claim.rule}" + (f" ({entry.where})" if entry else "")
        if entry:
            roles = "; ".join(f"{role} from {', '.join(map(written, slots))}" for role, slots in entry.roles)
            yield f"    {entry.pos} {entry.lemma}: {roles}"
    if reading.silent:
        for sentence in reading.silent:
            yield f"a predicate of the lexicon stands in “{sentence.text}”, but no role of it could be filled"


def written(slot: Slot) -> str:
    """A slot as it is written in the lexicon."""
    steps = ".".join(f"{name}+{case}" if case else name for name, case in slot.steps)
    return f"?{steps}" if slot.fallback else steps


def claim_lines(claim: Claim) -> Iterator[str]:
    """A claim in a few lines: who claims what, how surely."""
    claimants = ", ".join(map(name_of, claim.claimants))
    negated = "not: " if claim.negated else ""
    situation = claim.situation
    how = f"{claim.modality.value}, confidence {claim.confidence:.2f}"
    yield f"{claimants} claims ({how}): {negated}{situation.type}"
    for role, fillers in (("actor", situation.actor), ("target", situation.target), ("location", situation.location)):
        if fillers:
            yield f"    {role:<9} {', '.join(map(name_of, fillers))}"
    if situation.topic:
        yield f"    topic     {situation.topic}"
    if situation.time:
        when = f" ({situation.time.start} to {situation.time.end})" if situation.time.start else ""
        yield f"    time      {situation.time.text}{when}"
