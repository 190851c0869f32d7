"""When a claim that was found is the statement that a careful reader found.

The rules are those of the vocabulary contract, so that every tool that follows it gives the same figures: strict
(type, all actors and all targets right, location and target taken together) and loose (type and one filler right).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from schachzug.evaluation_gold import GoldStatement
from schachzug.types import Entity, Reading

_TEXT = "text:"
_ALIKE = 0.7
_FEW_WORDS = 4


def norm(text: str) -> str:
    """A text without case, punctuation and white space, as sentences are compared.

    >>> norm("Er sagte: „Nein.“")
    'er sagte nein'
    """
    return " ".join(re.findall(r"\w+", text.lower()))


def local_name(iri: str) -> str:
    """The part of an IRI after its last hash or slash."""
    return re.split(r"[#/]", iri)[-1]


@dataclass(frozen=True)
class Found:
    """A claim as it is scored. Entities are IRIs; `types` holds its class and all superclasses."""

    type: str
    types: frozenset[str]
    actor: frozenset[str]
    target: frozenset[str]
    location: frozenset[str]
    modality: str
    negated: bool
    claimants: frozenset[str]
    rule: str = ""
    trigger: str = ""
    confidence: float = 0.0

    @property
    def key(self) -> tuple[frozenset[str], ...]:
        """What makes two claims of one sentence the same statement."""
        return self.types, self.actor, self.target, self.location

    @property
    def nodes(self) -> frozenset[str]:
        """The entities in all roles."""
        return self.actor | self.target | self.location


@dataclass
class Findings:
    """The claims to score, by normalised sentence, and the names of all entities in them (lower case)."""

    labels: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_sentence: dict[str, list[Found]] = field(default_factory=lambda: defaultdict(list))
    bare: int = 0

    @classmethod
    def of_readings(cls, readings: Iterable[Reading], superclasses: Mapping[str, frozenset[str]]) -> Findings:
        """The claims of articles that were just read.

        Args:
            readings: what was read.
            superclasses: for each class of the ontology all classes above it, by local names.
        """
        findings = cls()

        def iris(entities: Iterable[Entity]) -> frozenset[str]:
            found = set()
            for entity in entities:
                found.add(entity.iri)
                findings.labels[entity.iri].update(
                    text.strip().lower() for text, _ in (*entity.labels, *entity.alt_labels)
                )
            return frozenset(found)

        for reading in readings:
            for claim in reading.claims:
                situation = claim.situation
                findings.add(
                    claim.sentence.text,
                    Found(
                        type=situation.type,
                        types=frozenset({situation.type}) | superclasses.get(situation.type, frozenset()),
                        actor=iris(situation.actor),
                        target=iris(situation.target),
                        location=iris(situation.location),
                        modality=str(claim.modality),
                        negated=claim.negated,
                        claimants=iris(claim.claimants),
                        rule=claim.rule,
                        trigger=claim.trigger.text,
                        confidence=claim.confidence,
                    ),
                )
        return findings

    def add(self, sentence: str, found: Found) -> None:
        """Put a claim to its sentence, unless the sentence has the same statement already."""
        claims = self.by_sentence[norm(sentence)]
        if all(found.key != other.key for other in claims):
            claims.append(found)

    def names(self, iri: str) -> set[str]:
        """What an entity is called."""
        return self.labels.get(iri) or {local_name(iri).replace("_", " ").lower()}

    def is_named(self, iri: str, filler: str) -> bool:
        """Whether a filler of the gold names this entity."""
        for alternative in filler.split("|"):
            name = alternative.strip()
            if name.startswith(_TEXT):
                if any(name[len(_TEXT) :].lower() in label for label in self.names(iri)):
                    return True
            elif name.lower() in self.names(iri):
                return True
        return False

    def sentences_like(self, text: str) -> list[str]:
        """The sentences with claims that are this sentence, or, if it is not among them, overlap it."""
        key = norm(text)
        if key in self.by_sentence:
            return [key]
        words = set(key.split())
        hits = []
        for other in self.by_sentence:
            theirs = set(other.split())
            if min(len(words), len(theirs)) < _FEW_WORDS:
                continue
            common = len(words & theirs)
            if common * 1.0 / (len(words) + len(theirs) - common) > _ALIKE or other in key or key in other:
                hits.append(other)
        return hits

    def describe(self, found: Found) -> str:
        """One line that shows a claim."""

        def show(nodes: Iterable[str]) -> str:
            return "; ".join(sorted(min(sorted(self.names(node)), key=len) for node in nodes))

        roles = (("actor", found.actor), ("target", found.target), ("location", found.location))
        parts = [found.type, *(f"{name}[{show(nodes)}]" for name, nodes in roles if nodes), found.modality]
        parts += ["negated"] * found.negated + [f"says {show(found.claimants)}"]
        if found.rule:
            parts.append(f"({found.trigger} → {found.rule})")
        return " ".join(parts)


Rule = Callable[[Findings, Found, GoldStatement], bool]


def covers(findings: Findings, nodes: Iterable[str], fillers: Iterable[str], spare: Iterable[str] = ()) -> bool:
    """Whether every filler names a node of its own (or one of `spare`) and no node is left over."""
    left, more = sorted(nodes), sorted(spare)
    for filler in fillers:
        for pool in (left, more):
            hit = next((node for node in pool if findings.is_named(node, filler)), None)
            if hit is not None:
                pool.remove(hit)
                break
        else:
            return False
    return not left


def type_fits(found: Found, gold: GoldStatement) -> bool:
    """Whether the claim's class, or one above it, is one that the gold accepts."""
    return any(name in found.types for name in gold.types)


def strict(findings: Findings, found: Found, gold: GoldStatement) -> bool:
    """Type, all actors and all targets right; a target may stand as the location."""
    if not type_fits(found, gold):
        return False
    if gold.actor is not None and not covers(findings, found.actor, gold.actor):
        return False
    if not gold.target and not gold.location:
        return True
    where = found.target | found.location
    if not all(any(findings.is_named(node, filler) for node in where) for filler in gold.location):
        return False
    return gold.target is None or covers(findings, found.target, gold.target, found.location)


def loose(findings: Findings, found: Found, gold: GoldStatement) -> bool:
    """Type right, and at least one filler."""
    if not type_fits(found, gold):
        return False
    fillers = gold.fillers
    return not fillers or any(findings.is_named(node, filler) for node in found.nodes for filler in fillers)


def assign(
    findings: Findings, claims: Sequence[Found], statements: Sequence[GoldStatement], rule: Rule
) -> dict[int, int]:
    """A largest one-to-one matching, as {index of the statement: index of the claim}."""
    edges = {
        g: [i for i, found in enumerate(claims) if rule(findings, found, statement)]
        for g, statement in enumerate(statements)
    }
    owner: dict[int, int] = {}

    def place(g: int, seen: set[int]) -> bool:
        for i in edges[g]:
            if i not in seen:
                seen.add(i)
                if i not in owner or place(owner[i], seen):
                    owner[i] = g
                    return True
        return False

    for g in edges:
        place(g, set())
    return {g: i for i, g in owner.items()}
