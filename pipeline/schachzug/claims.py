"""Claims: each frame of a sentence, with who claims it, how surely, and the words that show it."""

from __future__ import annotations

from functools import lru_cache

from spacy.tokens import Span as DocSpan

from schachzug.frames import ALL_ACTORS, Frame
from schachzug.modality import Stance
from schachzug.referents import Referent
from schachzug.speech import Speech
from schachzug.times import FoundTime, find_times
from schachzug.types import Claim, Entity, Modality, Quotation, Situation, Span, TimeExpression

# What happens in these classes happens to a place: where it is told is what it is done to.
PLACE_IS_TARGET = frozenset(
    {
        "Intervention",
        "MilitaryIntervention",
        "PeacekeepingMission",
        "Deployment",
        "Withdrawal",
        "Abstention",
        "InfluenceGain",
        "InfluenceLoss",
        "Destabilization",
        "Investment",
    }
)
# What happens in these classes may be known by its place alone.
LOCATED = PLACE_IS_TARGET | {"Crisis", "Uprising", "Protest", "PowerTransition", "Assault", "Coercion"}
_ORDER = list(Modality)


def claim_of(
    frame: Frame,
    stance: Stance,
    speeches: list[Speech],
    quotations: dict[int, Quotation],
    author: Entity,
    sentence: Span,
    issued: str,
) -> Claim | None:
    """The claim that a frame makes; None where the text takes it back (a past counterfactual).

    Args:
        frame: an entry that fired, with its fillers.
        stance: its modality and negation in the sentence.
        speeches: the reported speech of the sentence.
        quotations: the quotation made of each speech, by index in `speeches`.
        author: whom what is not attributed belongs to.
        sentence: the sentence it stands in.
        issued: the article's date, for times.
    """
    if stance.counterfactual:
        return None
    modality = Modality(frame.entry.modality) if frame.entry.modality else stance.modality
    negated = stance.negated != frame.entry.negated
    claimants: tuple[Entity, ...] = (author,)
    quotation = None
    inside = [(n, s) for n, s in enumerate(speeches) if s.holds(frame.trigger) and s.cue != frame.trigger]
    if inside:
        number, innermost = min(inside, key=lambda pair: len(pair[1].tokens))
        if innermost.speakers:
            claimants = tuple(r.entity for r in innermost.speakers)
        quotation = quotations.get(number)
        if innermost.negated:
            negated = not negated
        if innermost.modality is not None and _ORDER.index(innermost.modality) > _ORDER.index(modality):
            modality = innermost.modality
    situation = _situation(frame, sentence, issued)
    if situation is None:
        return None
    doc_trigger = frame.trigger
    return Claim(
        situation=situation,
        claimants=claimants,
        modality=modality,
        negated=negated,
        sentence=sentence,
        trigger=Span(doc_trigger.idx, doc_trigger.idx + len(doc_trigger.text), doc_trigger.text),
        rule=frame.entry.id,
        confidence=frame.confidence,
        quotation=quotation,
    )


def span_of(span: DocSpan) -> Span:
    """The stretch of the article that a spaCy span covers."""
    return Span(span.start_char, span.end_char, span.text)


def _entities(referents: tuple[Referent, ...], without: set[str]) -> tuple[Entity, ...]:
    found = {r.entity.iri: r.entity for r in referents if r.entity.iri not in without}
    return tuple(found.values())


def _situation(frame: Frame, sentence: Span, issued: str) -> Situation | None:
    actor = _entities(frame.role("actor"), set())
    target = _entities(frame.role("target"), {e.iri for e in actor} if len(actor) == 1 else set())
    if frame.entry.type in ALL_ACTORS:
        merged = {e.iri: e for e in (*actor, *target)}
        actor, target = tuple(merged.values()), ()
    location = _entities(frame.role("location"), {e.iri for e in target})
    if not target and frame.entry.type in PLACE_IS_TARGET:
        target, location = location, ()
    if not (actor or target or location):
        return None
    topic = "; ".join(r.entity.labels[0][0] for r in frame.role("topic"))
    return Situation(frame.entry.type, actor, target, location, topic, _time(frame, sentence, issued))


@lru_cache(maxsize=16)
def _times_of(sentence: str, issued: str) -> tuple[FoundTime, ...]:
    """The times of a sentence, looked for once however many claims it makes."""
    return tuple(find_times(sentence, issued))


def _time(frame: Frame, sentence: Span, issued: str) -> TimeExpression | None:
    """The time expression nearest to the trigger, unless a clause boundary stands between."""
    trigger = frame.trigger.idx - sentence.begin
    best = None
    for found in _times_of(sentence.text, issued):
        between = sentence.text[min(found.end, trigger) : max(found.begin, trigger)]
        distance = len(between) + 200 * between.count(",") + 400 * between.count(";")
        if distance < 250 and (best is None or distance < best[0]):
            best = (distance, found.time)
    return best[1] if best else None
