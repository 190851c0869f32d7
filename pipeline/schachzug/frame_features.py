"""What can be seen of a whole frame in its sentence: the features by which its confidence is judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Span

from schachzug.frames import Frame
from schachzug.modality import Stance
from schachzug.roles import ROLES, Judged
from schachzug.tokens import clause_of, is_verb

_COARSE = 5  # beliefs are told apart in fifths


def _step(value: float) -> int:
    return min(int(value * _COARSE), _COARSE - 1)


def name_density(known: int, sentences: int) -> int:
    """Names of the gazetteer in an article for each sentence, in halves, at most 6: how political it may be."""
    return min(int(2 * known / max(sentences, 1)), 6)


def frame_features(
    frame: Frame,
    stance: Stance,
    sentence: Span,
    number: int,
    judged: Sequence[Judged],
    others: Sequence[Frame],
    quoted: bool,
    density: int,
) -> Iterator[str]:
    """The features of a frame.

    Args:
        frame: the frame, its roles revised.
        stance: its modality and negation.
        sentence: where it stands.
        number: the sentence's number in the article (0 is the title).
        judged: the belief in its candidates' roles.
        others: all frames of the sentence, this one among them.
        quoted: whether it stands in reported speech.
        density: how many known names the article has for its length, as `name_density` tells.
    """
    entry, trigger = frame.entry, frame.trigger
    kind, pos = entry.type, entry.pos
    yield f"density={density}"
    yield f"density={density}|type={kind}"
    yield f"density={density}|pos={pos}"
    yield f"type={kind}"
    yield f"entry={entry.id}"
    yield f"pos={pos}"
    yield f"type={kind}|pos={pos}"
    yield f"required={bool(entry.requires)}|pos={pos}"
    filled = "".join(role[0] for role in ROLES if frame.role(role))
    yield f"filled={filled}"
    yield f"filled={filled}|type={kind}"
    yield f"filled={filled}|pos={pos}"
    beliefs = {j.candidate.referent.entity.iri: j.belief for j in judged}
    for role in ROLES:
        fillers = frame.role(role)
        if not fillers:
            if any(r == role for r, _ in entry.roles):
                yield f"unfilled={role}|type={kind}"
            best = max((j.belief[role] for j in judged), default=0.0)
            yield f"left-over={role}|{_step(best)}"
            continue
        yield f"count={role}|{min(len(fillers), 3)}"
        for referent in fillers:
            entity = referent.entity
            what = "local" + entity.type if entity.local else entity.type
            yield f"{role}={what}"
            yield f"{role}={what}|type={kind}"
            yield f"{role}-how={referent.how}"
        known = [beliefs[r.entity.iri][role] for r in fillers if r.entity.iri in beliefs]
        if known:
            yield f"belief={role}|{_step(min(known))}"
            yield f"belief={role}|{_step(min(known))}|pos={pos}"
    for role in ROLES:
        near = sum(1 for j in judged if 0.25 < j.belief[role] < 0.75)
        yield f"unsure={role}|{min(near, 3)}"
    yield f"rank={frame.rank}"
    yield f"dep={trigger.dep_}|pos={pos}"
    clause = clause_of(trigger)
    yield f"clause={clause.dep_}"
    yield f"finite={is_verb(clause)}|pos={pos}"
    yield f"modality={stance.modality}"
    yield f"modality={stance.modality}|pos={pos}"
    yield f"negated={stance.negated}"
    yield f"title={number == 0}"
    yield f"title={number == 0}|pos={pos}"
    yield f"length={min(len(sentence) // 8, 6)}"
    yield f"quoted={quoted}"
    same = [f for f in others if f is not frame and f.entry.type == kind]
    yield f"same-type={min(len(same), 2)}"
    yield f"frames={min(len(others), 5)}"
    for other in others:
        if other is not frame:
            yield f"beside={other.entry.type}|type={kind}"
    states = {j.candidate.referent.entity.iri for j in judged if not j.candidate.referent.entity.local}
    yield f"known={min(len(states), 4)}"
    yield f"known={min(len(states), 4)}|pos={pos}"
