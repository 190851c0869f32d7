"""A claim with its sentence, what stands around it, and its source: what the graph says to who doubts it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from schachzug.errors import QuestionError
from schachzug.iris import SZ, SZR
from schachzug.vocabulary import DCTERMS, NIF, PROV, RDF, RDFS

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode, Store

_ROLES = ("actor", "target", "location", "topic", "timeText")
_AROUND = 240
_WIDTH = 118
_MARK, _DIM, _PLAIN = "\x1b[1;33m", "\x1b[2m", "\x1b[0m"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def show(store: Store, iri: str, *, colour: bool = False) -> str:
    """A resource of the graph as text.

    Args:
        store: the graph.
        iri: a claim; or an entity, situation, sentence or article, which shows the claims it is part of.
            Short forms are understood: szr:claim-…, claim-….
        colour: whether the words that evoked the claim are coloured; otherwise they stand in brackets.

    Raises:
        QuestionError: the graph knows no such resource, or no claim that it is part of.
    """
    view = _View(store, colour)
    full = full_iri(iri)
    if view.has(full, f"{RDF}type", f"{SZ}Claim"):
        return "\n".join(view.claim_lines(full))
    claims = view.claims_about(full)
    if not claims:
        raise QuestionError(
            f"the graph has no claim that {iri} is, or is part of", hint="`schachzug ask claims-about` lists claims"
        )
    name = view.name(full)
    noun = "claim" if len(claims) == 1 else "claims"
    parts = [f"{name} ({short_iri(full)}) is part of {len(claims)} {noun}"]
    return "\n\n".join((*parts, *("\n".join(view.claim_lines(claim)) for claim in claims)))


def full_iri(iri: str) -> str:
    """The whole IRI that a short form stands for.

    >>> full_iri("szr:Kazakhstan")
    'https://w3id.org/schachzug/resource/Kazakhstan'
    >>> full_iri("claim-0a") == full_iri("<https://w3id.org/schachzug/resource/claim-0a>")
    True
    """
    iri = iri.strip().removeprefix("<").removesuffix(">")
    if iri.startswith("szr:"):
        return SZR + iri.removeprefix("szr:")
    return iri if "://" in iri else SZR + iri


def short_iri(iri: str) -> str:
    """An IRI as it is written short, where it can be."""
    return f"szr:{iri.removeprefix(SZR)}" if iri.startswith(SZR) else iri


class _View:
    """Questions to a graph, in order of their answers' text."""

    def __init__(self, store: Store, colour: bool) -> None:
        from pyoxigraph import Literal, NamedNode

        self._store = store
        self._node = NamedNode
        self._value = (NamedNode, Literal)
        self._colour = colour

    def values(self, iri: str, predicate: str) -> list[NamedNode | Literal]:
        try:
            quads = self._store.quads_for_pattern(self._node(iri), self._node(predicate), None, None)
        except ValueError as error:
            raise QuestionError(f"{iri!r} is no IRI", hint="Write it as szr:claim-…") from error
        found = {quad.object for quad in quads if isinstance(quad.object, self._value)}
        return sorted(found, key=str)

    def texts(self, iri: str, predicate: str) -> list[str]:
        return [_CONTROL.sub(" ", value.value) for value in self.values(iri, predicate)]

    def text(self, iri: str, predicate: str) -> str:
        return next(iter(self.texts(iri, predicate)), "")

    def told(self, iri: str, predicate: str) -> str:
        """A value in words: a resource by its name, but a web page by its address."""
        value = self.text(iri, predicate)
        return self.name(value) if value.startswith((SZ, SZR)) else value

    def has(self, iri: str, predicate: str, value: str) -> bool:
        return value in self.texts(iri, predicate)

    def subjects(self, predicate: str, iri: str) -> list[str]:
        quads = self._store.quads_for_pattern(None, self._node(predicate), self._node(iri), None)
        return sorted({quad.subject.value for quad in quads if isinstance(quad.subject, self._node)})

    def name(self, iri: str) -> str:
        """A resource's English label, or any, or what its IRI ends in."""
        labels = self.values(iri, f"{RDFS}label")
        english = [label for label in labels if getattr(label, "language", None) == "en"]
        chosen = (english or labels)[:1]
        return _CONTROL.sub(" ", chosen[0].value) if chosen else re.split(r"[#/]", iri)[-1]

    def claims_about(self, iri: str) -> list[str]:
        """The claims that a resource is part of."""
        found = {*self.subjects(f"{SZ}claimant", iri), *self.subjects(f"{SZ}inQuotation", iri)}
        situations = {iri, *(s for role in ("actor", "target", "location") for s in self.subjects(SZ + role, iri))}
        sentences = {iri, *self.subjects(f"{NIF}referenceContext", iri)}
        for situation in situations:
            found.update(self.subjects(f"{SZ}asserts", situation))
        for sentence in sentences:
            found.update(self.subjects(f"{PROV}wasDerivedFrom", sentence))
        return sorted(claim for claim in found if self.has(claim, f"{RDF}type", f"{SZ}Claim"))

    def claim_lines(self, claim: str) -> Iterator[str]:
        """A claim in lines."""
        situation = self.text(claim, f"{SZ}asserts")
        kind = ", ".join(self.name(t) for t in self.texts(situation, f"{RDF}type") if t.startswith(SZ))
        negated = "not: " if self.text(claim, f"{SZ}negated") == "true" else ""
        yield f"Claim {short_iri(claim)}"
        claimants = ", ".join(map(self.name, self.texts(claim, f"{SZ}claimant")))
        yield f"  {'claimant':<12}{claimants}"
        modality = self.name(self.text(claim, f"{SZ}modality"))
        yield f"  {'claims':<12}{negated}{kind} ({modality}, confidence {self.text(claim, f'{SZ}confidence')})"
        for role in _ROLES:
            if values := self.texts(situation, SZ + role):
                names = ", ".join(self.name(v) if v.startswith("http") else v for v in values)
                yield f"  {'time' if role == 'timeText' else role:<12}{names}"
        by = self.text(claim, f"{SZ}byRule")
        yield f"  {'found by':<12}{self.text(claim, f'{SZ}rule')}{f', inferred by {by}' if by else ''}"
        for sentence in self.texts(claim, f"{PROV}wasDerivedFrom"):
            yield from self._source_lines(claim, sentence)

    def _source_lines(self, claim: str, sentence: str) -> Iterator[str]:
        article = self.text(sentence, f"{NIF}referenceContext")
        content = next((v.value for v in self.values(article, f"{NIF}isString")), "")
        begin, end = self._span(sentence)
        trigger = self.text(claim, f"{SZ}trigger")
        at = self._span(trigger) if trigger else (begin, begin)
        yield from _wrapped("sentence", self._marked(content, begin, end, at))
        before, after = _before(content[:begin]), _after(content[end:])
        if before or after:
            for line in _wrapped("context", f"{before} […] {after}".strip()):
                yield self._dim(line)
        about = [self.told(article, f"{DCTERMS}{key}") for key in ("creator", "title", "publisher", "issued", "source")]
        yield from _wrapped("source", ". ".join(part for part in about if part) or short_iri(article))
        yield f"  {'':<12}{short_iri(article)}, characters {begin} to {end}"

    def _span(self, iri: str) -> tuple[int, int]:
        return int(self.text(iri, f"{NIF}beginIndex") or 0), int(self.text(iri, f"{NIF}endIndex") or 0)

    def _marked(self, content: str, begin: int, end: int, at: tuple[int, int]) -> str:
        first, last = max(begin, at[0]), min(end, at[1])
        if first >= last:
            return _flat(content[begin:end])
        left, right = (_MARK, _PLAIN) if self._colour else ("[", "]")
        return _flat(content[begin:first]) + left + _flat(content[first:last]) + right + _flat(content[last:end])

    def _dim(self, text: str) -> str:
        return f"{_DIM}{text}{_PLAIN}" if self._colour else text


def _wrapped(name: str, text: str) -> list[str]:
    """Some prose beside its name."""
    return textwrap.wrap(
        text, _WIDTH, initial_indent=f"  {name:<12}", subsequent_indent=" " * 14, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def _flat(text: str) -> str:
    return _CONTROL.sub(" ", text.replace("\n", " "))


def _before(text: str) -> str:
    """The end of what stands before, from a word on."""
    flat = " ".join(_flat(text).split())
    return flat if len(flat) <= _AROUND else f"… {flat[-_AROUND:].split(' ', 1)[-1]}"


def _after(text: str) -> str:
    """The beginning of what stands after, up to a word."""
    flat = " ".join(_flat(text).split())
    return flat if len(flat) <= _AROUND else f"{flat[:_AROUND].rsplit(' ', 1)[0]} …"
