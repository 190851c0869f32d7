"""The German lexicon: which words evoke which situations, and which slots of their valency fill which roles.

The words are data (`ontology/lexicon/de/`); this module loads, checks and indexes them.
A slot is written as in `gegen+acc`, `obj.gen` or `?of` (see CONTRIBUTING.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from schachzug.errors import LexiconError
from schachzug.resources import resource
from schachzug.senses import Senses

ROLES = ("actor", "target", "location", "topic")
_PARTS_OF_SPEECH = ("verb", "noun", "adjective")
_KEYS = {
    "id", "lemma", "pos", "particle", "reflexive", "type", "roles", "requires", "excludes",
    "negated", "only_negated", "modality", "also", "compound", "examples", "counterexamples",
}  # fmt: skip
_BARE_SLOTS = {
    "subj", "obj", "iobj", "dass", "inf", "of", "gen", "adj", "comp", "poss", "head", "app", "als", "wie",
}  # fmt: skip
_MODALITIES = ("asserted", "predicted", "probable", "possible", "intended")
CLASSES = ("$actor", "$place", "$state", "$org", "$person", "$known", "$any")


@dataclass(frozen=True)
class Slot:
    """One argument position: a path of steps, each a bare slot or a preposition with its case.

    `fallback` slots (written with a leading `?`) fill a role only if it is still empty.
    """

    steps: tuple[tuple[str, str], ...]
    fallback: bool = False

    @classmethod
    def parse(cls, text: str) -> Slot:
        """Read the written form.

        >>> Slot.parse("?obj.gegen+acc")
        Slot(steps=(('obj', ''), ('gegen', 'acc')), fallback=True)

        Raises:
            ValueError: the text is no slot.
        """
        steps = []
        for step in text.removeprefix("?").split("."):
            name, _, case = step.partition("+")
            if not case and name not in _BARE_SLOTS:
                raise ValueError(f"'{step}' is no slot")
            if case and case not in ("acc", "dat", "gen", "nom"):
                raise ValueError(f"'{case}' in '{step}' is no case (acc, dat, gen)")
            steps.append((name, case))
        return cls(tuple(steps), text.startswith("?"))


@dataclass(frozen=True)
class Entry:
    """A predicate of the lexicon, in one sense. `where` is its file and line.

    `negated`: the word itself denies the situation. `only_negated`: the word evokes it only where it is negated
    ("erkennt … nicht an" is a Rejection), and the situation is then affirmed.
    """

    id: str
    lemma: str
    pos: str
    type: str
    roles: tuple[tuple[str, tuple[Slot, ...]], ...]
    particle: str = ""
    reflexive: bool = False
    requires: tuple[tuple[Slot, tuple[str, ...]], ...] = ()
    excludes: tuple[tuple[Slot, tuple[str, ...]], ...] = ()
    negated: bool = False
    only_negated: bool = False
    modality: str = ""
    also: bool = False
    compound: bool = True
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()
    topic: str = ""
    where: str = ""


class _LineLoader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """A YAML loader that keeps the line of every mapping under the key `__line__`."""


def _mapping_with_line(loader: Any, node: yaml.MappingNode) -> dict[str, Any]:
    seen: set[str] = set()
    for key_node, _ in node.value:
        if key_node.value in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"duplicate key '{key_node.value}'", key_node.start_mark
            )
        seen.add(key_node.value)
    mapping: dict[str, Any] = loader.construct_mapping(node, deep=True)
    mapping["__line__"] = node.start_mark.line + 1
    return mapping


_LineLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_with_line)


def load_yaml(path: Path) -> Any:
    """A YAML file's content; mappings carry their line as `__line__`.

    Raises:
        LexiconError: the file is no valid YAML.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LineLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise LexiconError(
            f"not valid YAML: {problem}", where=path, line=mark.line + 1 if mark else None, hint="Mend the file"
        ) from error


def plain(value: Any) -> Any:
    """The same data without the `__line__` keys."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k != "__line__"}
    return [plain(v) for v in value] if isinstance(value, list) else value


def _strings(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(v) for v in value or ())


WordClasses = Mapping[str, tuple[str, ...]]


def load_word_classes(folder: Path) -> WordClasses:
    """The named sets of nouns (`word-classes.yaml`), by name with its `$`."""
    path = folder / "word-classes.yaml"
    content = plain(load_yaml(path)) if path.exists() else {}
    return {f"${name}": _strings(words) for name, words in content.items()}


def _constraints(value: Mapping[str, Any], word_classes: WordClasses) -> tuple[tuple[Slot, tuple[str, ...]], ...]:
    """Slots with the words that may stand in them; a word class is written out."""
    found = []
    for slot, words in value.items():
        if slot == "__line__":
            continue
        spelled = [w for word in _strings(words) for w in word_classes.get(word, (word,))]
        found.append((Slot.parse(slot), tuple(dict.fromkeys(spelled))))
    return tuple(found)


def _entry(
    raw: dict[str, Any], topic: str, path: Path, classes: frozenset[str] | None, word_classes: WordClasses
) -> Entry:
    line = raw.pop("__line__", None)

    def wrong(what: str) -> LexiconError:
        return LexiconError(f"entry '{raw.get('id', '?')}': {what}", where=path, line=line, hint="See CONTRIBUTING.md")

    if unknown := set(raw) - _KEYS:
        raise wrong(f"unknown key '{min(unknown)}'")
    if missing := {"id", "lemma", "pos", "type", "roles", "examples", "counterexamples"} - set(raw):
        raise wrong(f"key '{min(missing)}' is missing")
    if raw["pos"] not in _PARTS_OF_SPEECH:
        raise wrong(f"pos '{raw['pos']}' is none of {', '.join(_PARTS_OF_SPEECH)}")
    if classes is not None and raw["type"] not in classes:
        raise wrong(f"the ontology has no situation class '{raw['type']}'")
    if raw.get("modality", "asserted") not in _MODALITIES:
        raise wrong(f"modality '{raw['modality']}' is none of {', '.join(_MODALITIES)}")
    if not raw["examples"] or not raw["counterexamples"]:
        raise wrong("it needs at least one example and one counterexample")
    if raw.get("particle") and not raw["lemma"].startswith(raw["particle"]):
        raise wrong(f"lemma '{raw['lemma']}' does not begin with its particle '{raw['particle']}'")
    try:
        roles = tuple(
            (role, tuple(Slot.parse(s) for s in _strings(slots)))
            for role, slots in raw["roles"].items()
            if role != "__line__"
        )
        if unknown := {role for role, _ in roles} - set(ROLES):
            raise wrong(f"unknown role '{min(unknown)}'")
        requires = _constraints(raw.get("requires") or {}, word_classes)
        excludes = _constraints(raw.get("excludes") or {}, word_classes)
    except ValueError as error:
        raise wrong(str(error)) from error
    for _, words in (*requires, *excludes):
        for word in words:
            if word.startswith("$") and word not in CLASSES:
                raise wrong(f"'{word}' is none of {', '.join((*CLASSES, *word_classes))}")
    return Entry(
        id=str(raw["id"]),
        lemma=raw["lemma"],
        pos=raw["pos"],
        type=raw["type"],
        roles=roles,
        particle=raw.get("particle") or "",
        reflexive=bool(raw.get("reflexive")),
        requires=requires,
        excludes=excludes,
        negated=bool(raw.get("negated")),
        only_negated=bool(raw.get("only_negated")),
        modality=raw.get("modality") or "",
        also=bool(raw.get("also")),
        compound=raw.get("compound", True) is not False,
        examples=_strings(raw["examples"]),
        counterexamples=_strings(raw["counterexamples"]),
        topic=topic,
        where=f"{path.name}:{line}",
    )


def load_entries(
    paths: Iterable[Path], classes: frozenset[str] | None = None, word_classes: WordClasses | None = None
) -> Iterator[Entry]:
    """The entries of lexicon files, checked.

    Args:
        paths: files with `topic` and `entries`.
        classes: the situation classes that the ontology has; None leaves that unchecked.
        word_classes: named sets of nouns that constraints may use.

    Raises:
        LexiconError: a file breaks the schema, or an id stands twice.
    """
    seen: dict[str, str] = {}
    for path in paths:
        content = load_yaml(path)
        if not isinstance(content, dict) or "entries" not in content:
            raise LexiconError(
                "no 'entries' in it", where=path, hint="See CONTRIBUTING.md for the form of a lexicon file"
            )
        for raw in content["entries"]:
            entry = _entry(raw, str(content.get("topic", path.stem)), path, classes, word_classes or {})
            if entry.id in seen:
                raise LexiconError(f"id '{entry.id}' stands already at {seen[entry.id]}", where=entry.where)
            seen[entry.id] = entry.where
            yield entry


@cache
def _noun_data() -> dict[str, tuple[str, ...]]:
    """How nouns inflect and which look like compounds and are none."""
    data = plain(load_yaml(resource("ontology", "lexicon", "de", "noun-forms.yaml")))
    return {key: tuple(values) for key, values in data.items()}


@lru_cache(maxsize=65536)
def noun_forms(word: str) -> tuple[str, ...]:
    """The word and what it may be an inflected form of: its ending taken off ("Demonstrationen" to "Demonstration")."""
    stems = [word.removesuffix(ending) for ending in _noun_data()["endings"] if word.endswith(ending)]
    forms = [word, *(stem for stem in stems if len(stem) > 3)]
    return tuple(dict.fromkeys((*forms, *(plain for form in forms for plain in _without_umlaut(form)))))


def _without_umlaut(form: str) -> Iterator[str]:
    """A plural's stem with its last umlaut undone ("Anschläg" to "Anschlag")."""
    umlauts = _umlauts()
    for place in range(len(form) - 1, max(len(form) - 6, -1), -1):
        bare = umlauts.get(form[place])
        if bare is not None:
            yield form[:place] + bare + form[place + 1 :]
            return


@cache
def _umlauts() -> dict[str, str]:
    """The vowel that each umlaut, small or capital, comes from."""
    small = {pair[0]: pair[1] for pair in _noun_data()["umlauts"]}
    return small | {umlaut.upper(): vowel.upper() for umlaut, vowel in small.items()}


@lru_cache(maxsize=65536)
def bare_forms(form: str) -> tuple[str, ...]:
    """A written form, and the form without the ending of an adjective, where it has one."""
    endings = _noun_data()["adjective_endings"]
    return (form, *(form.removesuffix(ending) for ending in endings if form.endswith(ending)))


@lru_cache(maxsize=65536)
def is_compound(lemma: str, head: str) -> bool:
    """Whether a noun is a compound with another as its last part; some only look so (Nachbarschaft, Haft)."""
    low, tail = lemma.lower(), head.lower()
    if len(lemma) <= len(head) + 2 or not low.endswith(tail):
        return False
    lookalikes = (other for other in _noun_data()["lookalikes"] if other != tail and other.endswith(tail))
    return not any(low.endswith(other) for other in lookalikes)


_UNKNOWN: Senses = Senses()


class Lexicon:
    """The entries, found by lemma. Nouns are found as the last part of a compound too."""

    def __init__(self, entries: Iterable[Entry], forms: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self.entries = tuple(entries)
        by_lemma: dict[tuple[str, str], list[Entry]] = {}
        for entry in self.entries:
            by_lemma.setdefault((entry.pos, entry.lemma), []).append(entry)
        self._by_lemma = {
            word: Senses(sorted(group, key=lambda e: -len(e.requires))) for word, group in by_lemma.items()
        }
        nouns = [lemma for pos, lemma in self._by_lemma if pos == "noun"]
        # The last part of a compound begins small, or behind a hyphen with a capital.
        self._heads = {tail: noun for noun in nouns for tail in (noun, noun[:1].lower() + noun[1:])}
        self._forms = dict(forms or {})
        self._noun_lookup = lru_cache(maxsize=65536)(self._nouns)

    @classmethod
    def load(cls, folder: Path | None = None, classes: frozenset[str] | None = None) -> Lexicon:
        """The lexicon of a folder (default: the one that ships).

        Raises:
            LexiconError: a file breaks the schema.
        """
        folder = folder or resource("ontology", "lexicon", "de")
        paths = sorted((folder / "predicates").glob("*.yaml"))
        return cls(load_entries(paths, classes, load_word_classes(folder)), load_forms(folder))

    def verbs(self, lemma: str) -> Senses:
        """Entries of a verb by its full lemma."""
        return self._by_lemma.get(("verb", lemma), _UNKNOWN)

    def adjectives(self, lemma: str, form: str = "") -> Senses:
        """Entries of an adjective by its base form, or by a written form with or without an ending."""
        for base in (lemma, *bare_forms(form)):
            found = self._by_lemma.get(("adjective", base))
            if found:
                return found
        return _UNKNOWN

    def nouns(self, lemma: str) -> Senses:
        """Entries of a noun, or of the noun that a compound ends in."""
        return self._noun_lookup(lemma)

    def _nouns(self, lemma: str) -> Senses:
        for form in noun_forms(lemma):
            exact = self._by_lemma.get(("noun", form))
            if exact:
                return exact
        for form in noun_forms(lemma):
            found = self._as_tail(form)
            if found:
                return found
        return _UNKNOWN

    def _as_tail(self, lemma: str) -> Senses:
        for cut in range(2, len(lemma) - 3):
            head = self._heads.get(lemma[cut:])
            if head is not None and is_compound(lemma, head):
                return Senses(e for e in self._by_lemma["noun", head] if e.compound)
        return _UNKNOWN

    def lemmas_of(self, form: str) -> tuple[str, ...]:
        """The verb lemmas that a written form may belong to ("abgezogen" to "abziehen")."""
        return self._forms.get(form, ())


def load_forms(folder: Path) -> dict[str, tuple[str, ...]]:
    """The inflected forms table, `forms.tsv` (form, lemma), where there is one."""
    path = folder / "forms.tsv"
    forms: dict[str, tuple[str, ...]] = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                form, lemma = line.split("\t")[:2]
                forms[form] = (*forms.get(form, ()), lemma)
    return forms
