"""Feeding inputs to the whole line: reader, model, claims, graph, shapes, store. Nothing may crash, hang or lie.

An input has ten seconds of the processor (other work on the machine is not its fault) and minutes by the clock. What
counts them is another process, which kills a worker that is held up, even in code that no signal interrupts.
"""

from __future__ import annotations

import hashlib
import random
import resource
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from schachzug.articles import read_articles
from schachzug.derivation import derive
from schachzug.errors import InputError
from schachzug.extraction import Extraction, Extractor
from schachzug.graph import entity_quads
from schachzug.line import Options, make_extractor
from schachzug.serialise import sorted_lines
from schachzug.store import ArticleStore
from schachzug.validation import Validator
from tests.faults.generated import generate
from tests.faults.mutating import Made, mutated

AUTHORITY_SAMPLE = 25
"""Of so many graphs, pyshacl checks one again beside the fast engine."""


class FaultError(Exception):
    """The line did with an input what it must not do."""


@dataclass(frozen=True)
class Fed:
    """What came of one input: articles read or refused, claims, quads, and quads that violate a shape."""

    what: str = ""
    read: int = 0
    refused: int = 0
    claims: int = 0
    rejected: int = 0
    quads: int = 0
    violations: int = 0
    by_authority: int = 0
    digest: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Block:
    """Some inputs that belong together: of the seeded mutator or of Hypothesis; the first `skip` were fed before."""

    source: str
    number: int
    count: int
    skip: int = 0

    def each(self, take: Callable[[Made], None]) -> None:
        """Make the inputs, the same at every time, and hand each on."""
        if self.source == "Hypothesis":
            generate(self.count, self.number, take)
            return
        chance = random.Random(f"{self.source}-{self.number}")
        for _ in range(self.count):
            take(mutated(chance))


class Feeder:
    """The line, loaded once, and what looks at what it makes."""

    def __init__(self, extractor: Extractor | None = None) -> None:
        self.extractor = extractor or make_extractor(Options())
        self.again = Validator(sample=AUTHORITY_SAMPLE)
        self.kept: list[Extraction] = []

    def feed(self, made: Made, folder: Path) -> Fed:
        """Put one input through the line.

        Returns:
            What came of it; a crash is its `fault`.
        """
        name = f"input{made.ending}"
        (folder / name).write_bytes(made.raw)
        if made.beside is not None:
            (folder / "input.meta.yaml").write_bytes(made.beside)
        try:
            return self._fed(folder / name, made)
        except Exception as error:
            kept = Path(tempfile.gettempdir()) / f"schachzug-fault-{_digest(made)[:12]}{made.ending}"
            kept.write_bytes(made.raw)
            return Fed(made.what, digest=_digest(made), fault=f"{type(error).__name__}: {error} (kept as {kept})"[:600])
        finally:
            for path in folder.iterdir():
                path.unlink()

    def _fed(self, path: Path, made: Made) -> Fed:
        articles, refused = [], 0
        for result in read_articles([path]):
            if isinstance(result, InputError):
                if not str(result):
                    raise FaultError("an error without a message")
                refused += 1
            else:
                articles.append(result)
        extractions: list[Extraction] = []
        for extraction in self.extractor.extract_many(articles):
            if isinstance(extraction, Extraction):
                extractions.append(extraction)
            elif extraction.__cause__ is not None:
                raise FaultError(f"the line stumbled: {extraction}") from extraction.__cause__
            else:
                refused += 1
        if not extractions and not refused:
            raise FaultError("neither read nor refused")
        self.kept += extractions
        graphs = [list(parse(e.quads, format=RdfFormat.N_QUADS)) for e in extractions]
        checked = [self._violations(e, quads) for e, quads in zip(extractions, graphs, strict=True)]
        return Fed(
            made.what,
            read=len(extractions),
            refused=refused,
            claims=sum(e.figures.claims for e in extractions),
            rejected=sum(e.figures.rejected for e in extractions),
            quads=sum(map(len, graphs)),
            violations=sum(found for found, _ in checked),
            by_authority=sum(sure for _, sure in checked),
            digest=_digest(made),
        )

    def _violations(self, extraction: Extraction, quads: list[Quad]) -> tuple[int, bool]:
        """How many violations the kept quads have, and whether pyshacl had its say."""
        gazetteer = self.extractor.reader.gazetteer
        known = [gazetteer.entity(iri) for iri in extraction.entities]
        report = self.again.check([*quads, *entity_quads(known, NamedNode(extraction.graph))])
        if self.again.disagreements:
            raise FaultError(f"the engines disagree: {list(self.again.disagreements[0])[:2]}")
        return len(report.findings), report.engine.startswith("pyshacl")

    def store(self, folder: Path) -> None:
        """Put all that was kept into a store, and find it there again.

        Raises:
            FaultError: the store holds something else.
        """
        latest = {e.id: e for e in self.kept}
        self.kept = []
        with ArticleStore(folder) as store:
            store.put(list(latest.values()))
            derive(store, self.extractor.reader.gazetteer)
            for extraction in latest.values():
                found = store.graphs.quads_for_pattern(None, None, None, NamedNode(extraction.graph))
                if sorted_lines(found) != extraction.quads:
                    raise FaultError(f"the store does not hold the article {extraction.id!r} as it was read")


Tell = Callable[[int, Fed | None], None]
"""Is told the number of an input before it is fed (with None), and again with what came of it."""


def feed_block(block: Block, tell: Tell, place: Path) -> None:
    """Feed a block with a line that this process loads once, and put what was read into a store.

    Args:
        block: which inputs.
        tell: is told before and after each input; the store counts as one more.
        place: a folder of this worker's own, in which the input lies that is being fed.
    """
    feeder = _feeder()
    number = 0

    def take(made: Made) -> None:
        nonlocal number
        if number >= block.skip:
            tell(number, None)
            tell(number, feeder.feed(made, place))
        number += 1

    block.each(take)
    tell(number, None)
    with tempfile.TemporaryDirectory() as folder:
        try:
            feeder.store(Path(folder) / "store")
            tell(number, Fed())
        except Exception as error:
            tell(number, Fed(fault=f"in the store: {type(error).__name__}: {error}"[:500]))


_loaded: list[Feeder] = []


def _feeder() -> Feeder:
    if not _loaded:
        _loaded.append(Feeder())
    return _loaded[0]


def blocks(count: int, of_hypothesis: int, size: int, seed: int) -> list[Block]:
    """So many inputs of the mutator and so many of Hypothesis, in blocks, in turn.

    >>> [(b.source, b.count) for b in blocks(5, 3, 3, 1)]
    [('mutator', 3), ('Hypothesis', 3), ('mutator', 2)]
    """

    def divided(source: str, wanted: int) -> list[Block]:
        starts = range(0, wanted, size)
        return [Block(source, 1000 * seed + n, min(size, wanted - start)) for n, start in enumerate(starts)]

    one, other = divided("mutator", count), divided("Hypothesis", of_hypothesis)
    turns: list[Sequence[Block]] = [[*one[n : n + 1], *other[n : n + 1]] for n in range(max(len(one), len(other)))]
    return [block for turn in turns for block in turn]


def peak_megabytes() -> float:
    """The most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _digest(made: Made) -> str:
    return hashlib.sha256(b"\x00".join((made.ending.encode(), made.raw, made.beside or b""))).hexdigest()
