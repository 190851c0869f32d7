"""Revising a frame's roles by the learned model: fillers that the slots missed come in, unlikely ones go out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from spacy.tokens import Span

from schachzug.frames import Frame
from schachzug.judgement import NONE, Judgement
from schachzug.referents import Referent, Referents
from schachzug.role_features import Candidate, RoleFeatures, candidates
from schachzug.syntax import Syntax

ROLES = ("actor", "target", "location")


@dataclass(frozen=True)
class Judged:
    """A candidate with the belief in each of its roles."""

    candidate: Candidate
    belief: dict[str, float]


class RoleReviser:
    """Revises the frames of one document."""

    def __init__(self, syntax: Syntax, referents: Referents, judgement: Judgement | None) -> None:
        self.features = RoleFeatures(syntax, referents)
        self.referents = referents
        self.judgement = judgement

    def candidates(self, sentence: Span) -> list[Candidate]:
        """Who and what may fill roles in a sentence."""
        return candidates(sentence, self.referents)

    def judge(self, frame: Frame, found: list[Candidate]) -> list[Judged]:
        """The belief in each candidate's roles, the best token for each entity."""
        if self.judgement is None:
            return []
        chosen = iris(frame)
        best: dict[str, Judged] = {}
        for candidate in found:
            seen = self.features.of(frame.entry, frame.trigger, frame.arguments, chosen, candidate)
            judged = Judged(candidate, self.judgement.roles.probabilities(seen))
            known = best.get(candidate.referent.entity.iri)
            if known is None or judged.belief[NONE] < known.belief[NONE]:
                best[candidate.referent.entity.iri] = judged
        return list(best.values())

    def revise(self, frame: Frame, judged: list[Judged]) -> Frame:
        """The frame with its roles as the model believes them."""
        if self.judgement is None:
            return frame
        beliefs = {j.candidate.referent.entity.iri: j for j in judged}
        keep, add = self.judgement.keep_at, self.judgement.add_at
        roles: dict[str, list[Referent]] = {role: [] for role in ROLES}
        for role in ROLES:
            for referent in frame.role(role):
                known = beliefs.get(referent.entity.iri)
                if known is None or known.belief[role] >= keep[role]:
                    roles[role].append(referent)
        placed = {r.entity.iri for found in roles.values() for r in found}
        for item in sorted(judged, key=lambda j: j.belief[NONE]):
            iri = item.candidate.referent.entity.iri
            if iri in placed:
                continue
            role = max(ROLES, key=item.belief.__getitem__)
            if item.belief[role] >= add["filled" if roles[role] else "empty"]:
                roles[role].append(item.candidate.referent)
                placed.add(iri)
        kept = {role: tuple(found) for role, found in roles.items() if found}
        topic = frame.role("topic")
        if topic:
            kept["topic"] = topic
        return replace(frame, roles=kept)


def iris(frame: Frame) -> dict[str, set[str]]:
    """The IRIs of a frame's fillers by role."""
    return {role: {r.entity.iri for r in referents} for role, referents in frame.roles.items()}
