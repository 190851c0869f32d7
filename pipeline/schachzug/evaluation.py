"""How well the reading agrees with a careful reader: counts, figures, and what went wrong.

`score` compares the claims of an article with its gold file; `Evaluation` adds up articles by kind of text and by
whether they were held back from development. Nothing of a held-back article but its counts is ever kept.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from schachzug.evaluation_gold import GoldArticle, GoldStatement
from schachzug.evaluation_matching import Findings, Found, assign, loose, strict, type_fits
from schachzug.resources import resource

if TYPE_CHECKING:
    from schachzug.reading import Reader
    from schachzug.types import Reading

KINDS = ("written", "wikinews", "ntrex", "real", "all")
CAUSES = ("no predicate", "wrong type", "role missed", "wrong link", "spurious", "claimant", "modality", "negation")


@dataclass(frozen=True)
class Note:
    """One thing that went wrong: what the gold has, what was found instead, and why that is not the same."""

    cause: str
    sentence: str
    wanted: str = ""
    found: str = ""


@dataclass
class Outcome:
    """What scoring one article, or several, came to.

    `sureness` counts claims, and right ones, by tenths of confidence (5 is 0.5 to 0.6), with their confidence in
    thousandths; claims that the gold has as optional are left out.
    """

    counts: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    types: Counter[tuple[str, str]] = field(default_factory=Counter)
    sureness: Counter[tuple[int, str]] = field(default_factory=Counter)
    notes: list[Note] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Count another outcome in."""
        self.counts.update(other.counts)
        self.causes.update(other.causes)
        self.types.update(other.types)
        self.sureness.update(other.sureness)
        self.notes += other.notes


@dataclass(frozen=True)
class Score:
    """Precision, recall and their harmonic mean, each in 0..1."""

    p: float
    r: float

    @property
    def f1(self) -> float:
        """The harmonic mean."""
        return 2 * self.p * self.r / (self.p + self.r) if self.p + self.r else 0.0


@dataclass(frozen=True)
class Figures:
    """The scores of the vocabulary contract. The last three are shares of the statements that were strictly right."""

    required: int
    strict: Score
    loose: Score
    entity: Score
    modality: float
    negated: float
    claimant: float


def figures(counts: Mapping[str, int]) -> Figures:
    """The scores that some counts come to."""

    def ratio(part: str, *whole: str) -> float:
        total = sum(counts.get(name, 0) for name in whole)
        return counts.get(part, 0) / total if total else 0.0

    right = counts.get("strict_tp", 0) or 1
    return Figures(
        required=counts.get("required", 0),
        strict=Score(ratio("strict_tp", "strict_tp", "strict_fp"), ratio("strict_tp", "required")),
        loose=Score(ratio("loose_tp", "loose_tp", "loose_fp"), ratio("loose_tp", "required")),
        entity=Score(ratio("entity_right", "entity_found"), ratio("entity_hit", "entity_gold")),
        modality=counts.get("modality_ok", 0) / right,
        negated=counts.get("negated_ok", 0) / right,
        claimant=counts.get("claimant_ok", 0) / right,
    )


def score(findings: Findings, gold: GoldArticle) -> Outcome:
    """Compare what was found in the sentences of an article with its gold."""
    outcome = Outcome()
    used: set[str] = set()
    for sentence in gold.sentences:
        keys = [key for key in findings.sentences_like(sentence.text) if key not in used]
        used.update(keys)
        claims = [found for key in keys for found in findings.by_sentence[key]]
        required = [statement for statement in sentence.statements if not statement.optional]
        optional = [statement for statement in sentence.statements if statement.optional]
        outcome.counts["sentences"] += 1
        outcome.counts["required"] += len(required)
        for name, rule in (("strict", strict), ("loose", loose)):
            matched = assign(findings, claims, required, rule)
            rest = [found for i, found in enumerate(claims) if i not in matched.values()]
            free = assign(findings, rest, optional, loose)
            outcome.counts[f"{name}_tp"] += len(matched)
            outcome.counts[f"{name}_fp"] += len(rest) - len(free)
            if rule is strict:
                for g, i in sorted(matched.items()):
                    _count_slots(outcome, findings, claims[i], required[g], gold.creator, sentence.text)
                missed = [statement for g, statement in enumerate(required) if g not in matched]
                wrong = [found for i, found in enumerate(rest) if i not in free.values()]
                _count_types(outcome, required, matched, wrong)
                _count_sureness(outcome, [claims[i] for i in matched.values()], wrong)
                _explain(outcome, findings, missed, wrong, sentence.text)
        _count_entities(outcome, findings, claims, required, optional)
    return outcome


def _count_types(
    outcome: Outcome, required: list[GoldStatement], matched: Mapping[int, int], wrong: list[Found]
) -> None:
    for g, statement in enumerate(required):
        outcome.types[statement.types[0], "required"] += 1
        outcome.types[statement.types[0], "right"] += g in matched
    for found in wrong:
        outcome.types[found.type, "wrong"] += 1


def _count_sureness(outcome: Outcome, right: list[Found], wrong: list[Found]) -> None:
    for found in (*right, *wrong):
        tenth = min(int(found.confidence * 10), 9)
        outcome.sureness[tenth, "claims"] += 1
        outcome.sureness[tenth, "thousandths"] += round(1000 * found.confidence)
    for found in right:
        outcome.sureness[min(int(found.confidence * 10), 9), "right"] += 1


def _count_slots(
    outcome: Outcome, findings: Findings, found: Found, wanted: GoldStatement, creator: str, text: str
) -> None:
    claimants = "|".join(f"{creator or 'author'}|author" if name == "author" else name for name in wanted.claimants)
    right = {
        "modality": found.modality in wanted.modalities,
        "negated": found.negated == wanted.negated,
        "claimant": any(findings.is_named(node, claimants) for node in found.claimants),
    }
    for slot, ok in right.items():
        outcome.counts[f"{slot}_ok"] += ok
        if not ok:
            cause = "negation" if slot == "negated" else slot
            _note(outcome, Note(cause, text, str(wanted), findings.describe(found)))


def _count_entities(
    outcome: Outcome,
    findings: Findings,
    claims: list[Found],
    required: list[GoldStatement],
    optional: list[GoldStatement],
) -> None:
    wanted = {filler for statement in required for filler in statement.fillers}
    allowed = wanted | {filler for statement in optional for filler in statement.fillers}
    nodes = {node for found in claims for node in found.nodes}
    outcome.counts["entity_gold"] += len(wanted)
    outcome.counts["entity_found"] += len(nodes)
    outcome.counts["entity_hit"] += sum(any(findings.is_named(n, filler) for n in nodes) for filler in wanted)
    outcome.counts["entity_right"] += sum(any(findings.is_named(n, filler) for filler in allowed) for n in nodes)


def _explain(outcome: Outcome, findings: Findings, missed: list[GoldStatement], wrong: list[Found], text: str) -> None:
    """Give each missed statement, with the wrong claim that comes nearest to it, its cause; the rest is spurious."""
    indexes = itertools.product(range(len(missed)), range(len(wrong)))
    pairs = sorted(((_nearness(findings, wrong[i], missed[g]), -g, -i) for g, i in indexes), reverse=True)
    nearest: dict[int, int] = {}
    for near, g, i in pairs:
        if near and -g not in nearest and -i not in nearest.values():
            nearest[-g] = -i
    for g, wanted in enumerate(missed):
        if g not in nearest:
            _note(outcome, Note("no predicate", text, str(wanted)))
            continue
        found = wrong[nearest[g]]
        _note(outcome, Note(_cause(findings, found, wanted), text, str(wanted), findings.describe(found)))
    for i, found in enumerate(wrong):
        if i not in nearest.values():
            _note(outcome, Note("spurious", text, found=findings.describe(found)))


def _note(outcome: Outcome, note: Note) -> None:
    outcome.causes[note.cause] += 1
    outcome.notes.append(note)


def _shared(findings: Findings, found: Found, wanted: GoldStatement) -> int:
    return sum(any(findings.is_named(node, filler) for node in found.nodes) for filler in wanted.fillers)


def _nearness(findings: Findings, found: Found, wanted: GoldStatement) -> int:
    """0 if a claim has nothing to do with a statement: neither its type nor any filler."""
    return 10 * type_fits(found, wanted) + _shared(findings, found, wanted)


def _cause(findings: Findings, found: Found, wanted: GoldStatement) -> str:
    if not type_fits(found, wanted):
        return "wrong type"
    strangers = [node for node in found.nodes if not any(findings.is_named(node, filler) for filler in wanted.fillers)]
    fewer = len(found.nodes) < len(wanted.fillers) or not strangers
    return "role missed" if fewer else "wrong link"


@dataclass
class Evaluation:
    """Outcomes by kind of text and part (development, held back)."""

    outcomes: dict[tuple[str, bool], Outcome] = field(default_factory=dict)
    articles: Counter[tuple[str, bool]] = field(default_factory=Counter)
    listing: list[tuple[str, Outcome]] = field(default_factory=list)

    @classmethod
    def of(cls, findings: Findings, golds: Iterable[GoldArticle], held_back: frozenset[str]) -> Evaluation:
        """Score articles. What is known of single articles is kept for development only."""
        evaluation = cls()
        for gold in golds:
            held = gold.id in held_back
            outcome = score(findings, gold)
            if held:
                outcome.notes.clear()
            else:
                evaluation.listing.append((gold.id, outcome))
            evaluation.articles[gold.kind, held] += 1
            evaluation.outcomes.setdefault((gold.kind, held), Outcome()).add(outcome)
        return evaluation

    def outcome(self, kind: str, held: bool | None) -> Outcome:
        """The sum of a kind (`real` is Wikinews and NTREX, `all` is everything) and part (None: both)."""
        total = Outcome()
        for key in self._keys(kind, held):
            total.add(self.outcomes[key])
        return total

    def count(self, kind: str, held: bool | None) -> int:
        """How many articles a kind and part has."""
        return sum(self.articles[key] for key in self._keys(kind, held))

    def _keys(self, kind: str, held: bool | None) -> Iterator[tuple[str, bool]]:
        for own, part in self.outcomes:
            fits = kind in (own, "all") or (kind == "real" and own != "written")
            if fits and held in (None, part):
                yield own, part


def superclasses() -> dict[str, frozenset[str]]:
    """For each class of the ontology all classes above it, by local names."""
    from pyoxigraph import NamedNode, RdfFormat, parse

    subclass = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
    above: dict[str, set[str]] = {}
    for path in sorted(resource("ontology").glob("*.ttl")):
        for triple in parse(path=str(path), format=RdfFormat.TURTLE):
            if triple.predicate == subclass and isinstance(triple.object, NamedNode):
                above.setdefault(_local(str(triple.subject)), set()).add(_local(triple.object.value))
    closed: dict[str, frozenset[str]] = {}
    for name in above:
        seen: set[str] = set()
        queue = list(above[name])
        while queue:
            higher = queue.pop()
            if higher not in seen:
                seen.add(higher)
                queue += above.get(higher, ())
        closed[name] = frozenset(seen)
    return closed


def _local(iri: str) -> str:
    return iri.strip("<>").replace("/", "#").rsplit("#", 1)[-1]


def read_gold(reader: Reader, golds: Iterable[GoldArticle]) -> Iterator[Reading]:
    """Read the articles of gold files."""
    yield from reader.read_many(gold.to_article() for gold in golds)


def evaluate(
    reader: Reader, golds: list[GoldArticle], held_back: frozenset[str], readings: Iterable[Reading] | None = None
) -> Evaluation:
    """Read the articles of gold files and score what was read.

    Args:
        reader: what reads.
        golds: the gold files.
        held_back: ids of articles of which only totals are kept.
        readings: what was read already, to not read again.
    """
    found = Findings.of_readings(read_gold(reader, golds) if readings is None else readings, superclasses())
    return Evaluation.of(found, golds, held_back)


def findings_of_graph(path: str | Path) -> Findings:
    """The claims of a graph file or of the graph in a build's folder.

    Raises:
        StoreError: there is no graph, or it cannot be parsed.
    """
    from schachzug.evaluation_graph import read_findings

    return read_findings(Path(path), superclasses())
