"""Who and what is named in a document: the gazetteer's names first, then the names that the model recognises.

A named person or organisation that the gazetteer lacks becomes an entity of the article's own,
labelled with the article's words; a later surname alone is the same person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from spacy.strings import get_string_id
from spacy.tokens import Doc, Span

from schachzug.gazetteer import Gazetteer
from schachzug.iris import local_iri
from schachzug.nouns import nouns
from schachzug.tokens import feature
from schachzug.types import Entity

_LOCAL_TYPES = {"PER": "Person", "ORG": "Organization", "LOC": "Place"}
_LONGEST_NAME = 4  # tokens of a name after a title
_PROPER = get_string_id("NE")


@dataclass(frozen=True)
class Naming:
    """Tokens start..end (exclusive) that name an entity. `kind` as in `Gazetteer.match`, or "recognised"."""

    start: int
    end: int
    entity: Entity
    kind: str
    sure: float = 1.0


def local_entity(digest: str, label: str, kind: str, *more: str) -> Entity:
    """An entity made from an article's own words."""
    alternatives = tuple((text, "de") for text in dict.fromkeys(more) if text and text != label)
    return Entity(local_iri(digest, label), kind, ((label, "de"),), alternatives, local=True)


class Namings:
    """The namings of one document, found by token."""

    def __init__(self, found: list[Naming]) -> None:
        self.all = sorted(found, key=lambda n: (n.start, n.end))
        self._at: dict[int, list[Naming]] = {}
        for naming in self.all:
            for i in range(naming.start, naming.end):
                self._at.setdefault(i, []).append(naming)

    def at(self, i: int) -> Naming | None:
        """The naming that covers a token, the first where there are several."""
        found = self._at.get(i)
        return found[0] if found else None

    def all_at(self, i: int) -> list[Naming]:
        """All namings that cover a token: "russisch-chinesisch" names two states."""
        return self._at.get(i, [])


def find_namings(doc: Doc, gazetteer: Gazetteer, digest: str) -> Namings:
    """All namings of a document.

    Args:
        doc: tagged, parsed, with entities.
        gazetteer: whom we know.
        digest: the article's digest, which local entities are hashed with.
    """
    found: list[Naming] = []
    tokens = [t.text for t in doc]
    for match in gazetteer.match(tokens, [t.lemma_ for t in doc]):
        entity = _choose(doc, match.start, match.end, match.kind, match.entities)
        if entity is not None:
            found.append(Naming(match.start, match.end, entity, str(match.kind)))
    taken = {i: n for n in found for i in range(n.start, n.end)}
    people: dict[str, Entity] = {}
    for span in doc.ents:
        kind = _LOCAL_TYPES.get(span.label_)
        if kind is None:
            continue
        inside = [taken[i] for i in range(span.start, span.end) if i in taken]
        if inside and not _is_other_person(span, inside):
            continue
        span = _without_title(_with_first_name(span, taken) if kind == "Person" else span)
        if not span.text.strip() or not any(c.isalpha() for c in span.text):
            continue
        for naming in inside:
            found.remove(naming)
        entity = _recognised(span, kind, digest, people)
        found.append(Naming(span.start, span.end, entity, "recognised", 0.8))
        for i in range(span.start, span.end):
            taken[i] = found[-1]
    for span in _after_titles(doc, taken):
        entity = _recognised(span, "Person", digest, people)
        found.append(Naming(span.start, span.end, entity, "recognised", 0.7))
    return Namings(found)


def _with_first_name(span: Span, taken: Mapping[int, Naming]) -> Span:
    """A recognised surname with the first name before it that the recogniser left out."""
    start, doc = span.start, span.doc
    if len(span) == 1 and start > span.sent.start and start - 1 not in taken:
        before = doc[start - 1]
        if before.tag_ == "NE" and before.text.istitle() and before.text.isalpha():
            start -= 1
    return doc[start : span.end]


def _after_titles(doc: Doc, taken: Mapping[int, Naming]) -> Iterator[Span]:
    """Names that follow a title and that nobody has recognised ("Präsident Évariste Ndayishimiye")."""
    names = (i for i, tag in enumerate(doc.to_array("TAG").tolist()) if tag == _PROPER and i > 0)
    for token in (doc[i - 1] for i in names if i not in taken and i - 1 not in taken):
        if not nouns().is_title(token.lemma_):
            continue
        end = token.i + 1
        while (
            end < len(doc)
            and end - token.i <= _LONGEST_NAME
            and end not in taken
            and doc[end].tag_ == "NE"
            and doc[end].text[:1].isupper()
        ):
            end += 1
        if end > token.i + 1:
            yield doc[token.i + 1 : end]


def _choose(doc: Doc, start: int, end: int, kind: str, candidates: tuple[Entity, ...]) -> Entity | None:
    if not candidates:
        return None
    if len(candidates) == 1:
        return candidates[0]
    person = doc[start].ent_type_ == "PER"
    ranked = sorted(candidates, key=lambda e: (e.type == "Person") is not person)
    return ranked[0]


def _is_other_person(span: Span, inside: list[Naming]) -> bool:
    """A recognised full name that holds only the surname (or part) of somebody known is somebody else."""
    if span.label_ != "PER" or len(inside) != 1:
        return False
    naming = inside[0]
    return naming.end - naming.start < len(_without_title(span)) and naming.end == span.end and len(span) <= 4


def _without_title(span: Span) -> Span:
    start = span.start
    while start < span.end - 1 and nouns().is_title(span.doc[start].lemma_):
        start += 1
    return span.doc[start : span.end]


def _recognised(span: Span, kind: str, digest: str, people: dict[str, Entity]) -> Entity:
    label = _bare_genitive(span)
    if kind != "Person":
        return local_entity(digest, label, kind)
    surname = label.split()[-1]
    if len(label.split()) == 1 and surname in people:
        return people[surname]
    entity = local_entity(digest, label, kind)
    people.setdefault(surname, entity)
    return entity


def _bare_genitive(span: Span) -> str:
    """The name without a genitive -s, where the parse says genitive."""
    text = span.text
    last = span[-1]
    if text.endswith("s") and feature(last, "Case") == "Gen" and len(last.text) > 3 and not text.endswith("ss"):
        return text[:-1]
    return text
