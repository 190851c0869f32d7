"""The fast engine says what pyshacl says: on good graphs and on hundreds of mutated ones."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pyoxigraph as ox
import pytest

from schachzug.shacl_engines import PyshaclEngine, RustEngine, comparable
from schachzug.validation import Validator

_HERE = Path(__file__).parent
_SEED = 20221
_MUTANTS = int(os.environ.get("SCHACHZUG_MUTANTS", "300"))  # thousands by hand: each takes pyshacl 0.08 s
_LITERALS = (
    ox.Literal(""),
    ox.Literal("7"),
    ox.Literal("x", language="de"),
    ox.Literal("x", language="fr"),
    ox.Literal("1.5", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
    ox.Literal("-1", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
    ox.Literal("2021-01-01T00:00:00Z", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")),
    ox.Literal("2021-01-01", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")),
    ox.Literal("true", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean")),
)


def _read(path: Path) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]


def _part(triples: list[ox.Triple], chance: random.Random) -> list[ox.Triple]:
    """What is said of half of the nodes: fewer are validated sooner, and what is missing is found missing."""
    subjects = sorted({t.subject.value for t in triples if isinstance(t.subject, ox.NamedNode)})
    kept = set(chance.sample(subjects, k=len(subjects) // 2))
    return [t for t in triples if not isinstance(t.subject, ox.NamedNode) or t.subject.value in kept]


def _mutate(triples: list[ox.Triple], chance: random.Random) -> list[ox.Triple]:
    """Some triples dropped, doubled, or with subject or object exchanged for another of the graph or for a literal."""
    mutated = list(triples)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(mutated))
        triple, other = mutated[place], chance.choice(triples)
        match chance.randrange(5):
            case 0:
                del mutated[place]
            case 1:
                mutated[place] = ox.Triple(triple.subject, triple.predicate, other.object)
            case 2:
                mutated.append(ox.Triple(triple.subject, triple.predicate, other.object))
            case 3:
                mutated.append(ox.Triple(other.subject, triple.predicate, triple.object))
            case _:
                mutated[place] = ox.Triple(triple.subject, triple.predicate, chance.choice(_LITERALS))
    return mutated


@pytest.mark.slow
def test_both_engines_agree_on_mutated_graphs() -> None:
    validator = Validator(fast=False)
    fast, sure = RustEngine(validator.shapes.text), PyshaclEngine(validator.shapes.text)
    example = _read(_HERE / "valid" / "example.ttl")
    invalid = [_read(path) for path in sorted((_HERE / "invalid").glob("*.ttl"))]
    chance = random.Random(_SEED)
    broken: set[tuple[str, str]] = set()
    for number in range(_MUTANTS):
        graph = [*_part(example, chance), *chance.choice(invalid)] if number % 3 else example
        data = validator.complete(_mutate(graph, chance)).text
        said, known = comparable(fast.results(data)), comparable(sure.results(data))
        assert said == known, f"mutant {number}: {set(said) ^ set(known)}"
        broken |= {(r.shape, r.component) for r in known}
    # Mutation that breaks little would prove little.
    assert len(broken) > 60


def test_a_fast_engine_that_lies_is_found_out_and_dropped() -> None:
    class Liar:
        name = "liar"

        def results(self, data: str) -> frozenset[object]:
            return frozenset()

    validator = Validator(strict=True)
    validator._fast = Liar()  # type: ignore[assignment]
    invalid = [*_read(_HERE / "valid" / "example.ttl"), *_read(_HERE / "invalid" / "claim-without-rule.ttl")]
    report = validator.check(invalid)
    assert not report.conforms
    assert report.engine == "pyshacl"
    assert len(validator.disagreements) == 1
    assert validator.check(invalid).engine == "pyshacl"
