"""Write the tables of known organisations, state organs, groups and persons of `seeds/entities/` from their sources.

    python pipeline/tools/build_organisations.py                  writes the .ttl files from the .yaml files
    python pipeline/tools/build_organisations.py --check          says which .ttl files are not up to date
    python pipeline/tools/build_organisations.py --factbook factbook.csv --country-codes country-codes.csv \\
        --supraverden organisations-supraverden.md                renews the two tables taken from elsewhere first

The sources are the hand-written lists of `seeds/entities/sources/`, whose first lines say what their keys mean, and two
tables that the last call writes there: memberships.yaml (current members, CIA World Factbook, public domain) and
wikidata.yaml (identifiers, Supraverden, CC BY-SA 4.0). The same sources give the same files, byte for byte.
"""

from __future__ import annotations

import argparse
import calendar
import csv
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ENTITIES = Path(__file__).resolve().parents[2] / "seeds" / "entities"
SOURCES = ENTITIES / "sources"

PREFIXES = {
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sz": "https://w3id.org/schachzug/ontology#",
    "szr": "https://w3id.org/schachzug/resource/",
    "wd": "http://www.wikidata.org/entity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# Letters that Unicode does not take apart into a letter and a mark.
UNDECOMPOSED = str.maketrans(
    {
        "ß": "ss",
        "ł": "l",
        "Ł": "L",
        "ı": "i",
        "ø": "o",
        "Ø": "O",
        "đ": "d",
        "Đ": "D",
        "ə": "a",
        "æ": "ae",
        "’": "",
        "'": "",
    }
)
NAME_KEYS = {"en", "de", "alt_en", "alt_de", "genus"}
KEYS = {
    "alliances": NAME_KEYS | {"class", "members", "factbook"},
    "organisations": NAME_KEYS | {"class", "members", "factbook"},
    "organs": NAME_KEYS | {"class", "of"},
    "groups": NAME_KEYS | {"class"},
    "persons": NAME_KEYS | {"she", "offices"},
}
DEFAULT_CLASS = {"organisations": "Organization", "organs": "StateOrgan", "groups": "Group", "persons": "Person"}


class SourceError(Exception):
    """A source says something that cannot be read; the message names file and entry."""


@dataclass(frozen=True)
class Interval:
    """From a day to a day, both as ISO dates; None where it is open or not known."""

    start: str | None = None
    end: str | None = None

    @classmethod
    def parse(cls, text: str) -> Interval:
        """Read `1994-04-20/2012-12-19`; a year or month alone is as wide as it can be.

        >>> Interval.parse("1994/2012-02")
        Interval(start='1994-01-01', end='2012-02-29')
        >>> Interval.parse("2004-03-29")
        Interval(start='2004-03-29', end=None)
        """
        if not re.fullmatch(r"(\d{4}(-\d\d){0,2})?(/(\d{4}(-\d\d){0,2})?)?", text):
            raise SourceError(f"not a date or an interval: {text!r}")
        begin, _, finish = text.partition("/")
        interval = cls(_first_day(begin) if begin else None, _last_day(finish) if finish else None)
        if interval.start and interval.end and interval.start > interval.end:
            raise SourceError(f"the interval ends before it starts: {text!r}")
        return interval

    def triples(self) -> Iterator[tuple[str, list[str]]]:
        """The properties that tell it."""
        if self.start:
            yield "sz:startTime", [f'"{self.start}T00:00:00Z"^^xsd:dateTime']
        if self.end:
            yield "sz:endTime", [f'"{self.end}T23:59:59Z"^^xsd:dateTime']


@dataclass(frozen=True)
class Office:
    """What somebody was: an office of a state or an organisation, and when."""

    key: str
    when: Interval
    of: str


@dataclass
class Known:
    """One entry of a source."""

    source: str
    name: str
    kind: str
    labels: dict[str, str]
    alternatives: dict[str, list[str]]
    of: str | None = None
    factbook: str | None = None
    she: bool = False
    members: list[tuple[str, Interval]] = field(default_factory=list)
    offices: list[Office] = field(default_factory=list)

    @property
    def term(self) -> str:
        return term(self.name)


def _first_day(date: str) -> str:
    return date + "-01" * (3 - len(date.split("-")))


def _last_day(date: str) -> str:
    parts = [int(part) for part in date.split("-")]
    if len(parts) == 1:
        parts.append(12)
    if len(parts) == 2:
        parts.append(calendar.monthrange(*parts)[1])
    return f"{parts[0]:04}-{parts[1]:02}-{parts[2]:02}"


def local_name(name: str) -> str:
    """The local name of the entity with that English name.

    >>> local_name("Recep Tayyip Erdoğan"), local_name("Côte d'Ivoire")
    ('Recep_Tayyip_Erdogan', 'Cote_dIvoire')
    """
    folded = unicodedata.normalize("NFKD", name.translate(UNDECOMPOSED)).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_-]", "", re.sub(r"\s+", "_", folded.strip().replace("+", "_Plus")))


def term(name: str) -> str:
    """The prefixed IRI of the entity with that English name."""
    return f"szr:{local_name(name)}"


# German names in other cases. Adjectives are told by their endings, so that "Weimarer" and "Haager" stay as they are.
_ADJECTIVE = re.compile(
    r"\w*(isch|deutsch|al|är|lich|ig|iv|ent|ant|end|eint|iert|los|neu|rot|hoh|link|grün|frei|weiß|schwarz|groß|gelb|roh"
    r"|arabell|onell|iell|ionell|staat|fremd|best|erst|nächst|oberst|wahr|bewaffnet|vereinigt|unabhängig|stark|stolz|auswärtig)(e|er|es)"
)
_ENDINGS = {"e": ("e", "en", "er"), "er": ("er", "e", "en", "em"), "es": ("es", "e", "en", "em")}


def inflected(name: str, genus: str = "") -> list[str]:
    """The other cases of a German name that starts with adjectives, or whose noun is masculine or neuter.

    >>> inflected("Europäische Union")
    ['Europäischen Union', 'Europäischer Union']
    >>> inflected("Auswärtiges Amt")[2:]
    ['Auswärtigem Amt', 'Auswärtigen Amts', 'Auswärtigen Amtes']
    >>> inflected("Weimarer Dreieck")
    []
    >>> inflected("Nationaler Volkskongress")[-1]
    'Nationalen Volkskongresses'
    """
    words = name.split(" ")
    count = 0
    while count < len(words) - 1 and words[count + 1][:1].isalpha() and _ADJECTIVE.fullmatch(words[count].lower()):
        if count and not words[count].endswith(words[0][-1]):
            break
        count += 1
    if count and not words[count][:1].isupper():
        count = 0
    ending = next((e for e in ("er", "es", "e") if count and words[0].endswith(e)), "")
    tail = words[count:]
    forms = [
        " ".join([word.removesuffix(ending) + other for word in words[:count]] + tail)
        for other in _ENDINGS.get(ending, ())
    ]
    if ending in ("er", "es") or genus in ("m", "n"):
        adjectives = [word.removesuffix(ending) + "en" for word in words[:count]]
        forms += [" ".join([*adjectives, noun, *tail[1:]]) for noun in _genitives(tail[0])]
    return [form for form in dict.fromkeys(forms) if form != name]


def _genitives(noun: str) -> list[str]:
    if noun.endswith(("-", ".")) or noun.isupper() or noun[-1:].isdigit():
        return []
    if noun.endswith(("s", "ß", "x", "z")):
        return [noun + "es"] if not noun.endswith(("ismus", "us", "fonds")) else []
    return [noun + "s"] if noun.endswith(("e", "er", "el", "en", "a", "o", "i")) else [noun + "s", noun + "es"]


def read_sources(folder: Path = SOURCES) -> dict[str, list[Known]]:
    """All entries of the hand-written sources, by source."""
    return {source: list(_read(folder / f"{source}.yaml")) for source in KEYS}


class _Loader(yaml.BaseLoader):
    """Every scalar as text (dates, numbers and `no` stay as they are written); a key that comes twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) < len(node.value):
            raise yaml.MarkedYAMLError(problem="a key comes twice", problem_mark=node.start_mark)
        return mapping


def load(path: Path) -> Any:
    """The content of a YAML file, strictly read."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except yaml.YAMLError as error:
        raise SourceError(f"{path.name}: {error}") from error


def _read(path: Path) -> Iterator[Known]:
    source = path.stem
    if source == "persons":
        groups: dict[str, list[dict[str, Any]]] = load(path)["persons"]
    else:
        groups = {"": load(path)}
    for of, entries in groups.items():
        for entry in entries:
            try:
                yield _known(source, entry, of)
            except (KeyError, TypeError, AttributeError, SourceError) as error:
                raise SourceError(f"{path.name}: {entry}: {error!r}") from error


def _known(source: str, entry: Mapping[str, Any], of: str) -> Known:
    unknown = set(entry) - KEYS[source]
    if unknown:
        raise SourceError(f"unknown keys {sorted(unknown)}")
    english = entry["en"]
    german = entry.get("de", english)
    alternatives = {"en": list(entry.get("alt_en", ())), "de": list(entry.get("alt_de", ()))}
    if source != "persons":
        genus = entry.get("genus", "")
        for name in [german, *alternatives["de"]]:
            alternatives["de"] += inflected(name, genus)
    known = Known(
        source=source,
        name=english,
        kind=entry.get("class") or DEFAULT_CLASS[source],
        labels={"en": english, "de": german},
        alternatives={
            lang: [name for name in dict.fromkeys(names) if name != (english if lang == "en" else german)]
            for lang, names in alternatives.items()
        },
        of=entry.get("of"),
        factbook=entry.get("factbook"),
        she=entry.get("she") == "true",
    )
    for when, states in (entry.get("members") or {}).items():
        known.members += [(state, Interval.parse(when)) for state in states]
    for text in entry.get("offices", ()):
        known.offices.append(_office(text, of))
    return known


def _office(text: str, of: str) -> Office:
    """Read `president 2000-05-07/2008-05-07` or `secretary-general@NATO 1999/2004`."""
    words = text.split()
    when = words.pop() if words[-1][0].isdigit() or words[-1].startswith("/") else ""
    key, _, other = " ".join(words).partition("@")
    return Office(key.strip(), Interval.parse(when), other.strip() or of)


def literal(text: str, language: str) -> str:
    """A Turtle literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"@{language}'


def block(subject: str, kind: str, properties: Iterable[tuple[str, list[str]]]) -> str:
    """One resource in Turtle."""
    lines = [f"{subject} a sz:{kind}"] + [f"    {name} {', '.join(values)}" for name, values in properties if values]
    return " ;\n".join(lines) + " .\n"


def names(known: Known) -> Iterator[tuple[str, list[str]]]:
    """The labels of an entity."""
    yield "rdfs:label", [literal(text, lang) for lang, text in known.labels.items()]
    yield "skos:altLabel", [literal(text, lang) for lang, texts in known.alternatives.items() for text in texts]


def write_all(sources: dict[str, list[Known]], folder: Path = SOURCES) -> dict[str, str]:
    """The text of each .ttl file, by its name."""
    current: dict[str, list[str]] = load(folder / "memberships.yaml")
    wikidata: dict[str, str] = load(folder / "wikidata.yaml")
    offices: dict[str, dict[str, Any]] = load(folder / "persons.yaml")["offices"]
    organisations = sources["alliances"] + sources["organisations"]
    return {
        "organisations.ttl": _file("Known organisations, alliances and blocs", _organisations(organisations, current)),
        "organisations-wikidata.ttl": _file(
            "Organisations at Wikidata; identifiers from Supraverden, CC BY-SA 4.0",
            [
                f"{one.term} owl:sameAs wd:{wikidata[one.name]} .\n"
                for one in _sorted(organisations)
                if one.name in wikidata
            ],
        ),
        "organs.ttl": _file("Known organs of states", map(_organ, _sorted(sources["organs"]))),
        "groups.ttl": _file(
            "Known armed groups, movements and parties",
            (block(one.term, one.kind, names(one)) for one in _sorted(sources["groups"])),
        ),
        "persons.ttl": _file("Known persons and their offices", _persons(sources["persons"], offices)),
    }


def _sorted(entries: Iterable[Known]) -> list[Known]:
    return sorted(entries, key=lambda one: one.term)


def _file(title: str, blocks: Iterable[str]) -> str:
    header = f"# {title}. Written by pipeline/tools/build_organisations.py from seeds/entities/sources.\n"
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    return f"{header}{prefixes}\n" + "\n".join(blocks)


def _organ(organ: Known) -> str:
    if not organ.of:
        raise SourceError(f"organs.yaml: {organ.name} is of no state")
    return block(organ.term, organ.kind, [*names(organ), ("sz:organOf", [term(organ.of)])])


def _organisations(organisations: list[Known], current: Mapping[str, list[str]]) -> Iterator[str]:
    """The organisations; then a record of each membership with a date; then who is a member today."""
    today: dict[str, set[str]] = defaultdict(set)
    records: dict[str, str] = {}
    for one in _sorted(organisations):
        yield block(one.term, one.kind, names(one))
        if one.factbook and one.factbook not in current:
            raise SourceError(f"memberships.yaml lacks {one.factbook} of {one.name}; renew it from the tables")
        dated = {state for state, _ in one.members}
        for state in current[one.factbook] if one.factbook else ():
            if state not in dated:
                today[term(state)].add(one.term)
        for state, when in one.members:
            if not when.end:
                today[term(state)].add(one.term)
            if when.start or when.end:
                subject = f"szr:membership-{local_name(one.name)}-{local_name(state)}"
                subject = next(name for name in _numbered(subject) if name not in records)
                records[subject] = block(
                    subject,
                    "MembershipRecord",
                    [("sz:member", [term(state)]), ("sz:organization", [one.term]), *when.triples()],
                )
    yield from (records[subject] for subject in sorted(records))
    yield from (f"{state} sz:memberOf {', '.join(sorted(today[state]))} .\n" for state in sorted(today))


def _persons(persons: list[Known], offices: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    taken: set[str] = set()
    for person in _sorted(persons):
        yield block(person.term, person.kind, names(person))
        for office in person.offices:
            if office.key not in offices:
                raise SourceError(f"persons.yaml: {person.name}: the office {office.key!r} has no names")
            of_state = (
                not offices[office.key].get("body") and "@" not in office.key and office.of not in offices["bodies"]
            )
            subject = f"szr:office-{local_name(person.name)}-{local_name(office.key)}"
            subject = next(name for name in _numbered(subject) if name not in taken)
            taken.add(subject)
            german = offices[office.key]["de_she" if person.she and "de_she" in offices[office.key] else "de"]
            yield block(
                subject,
                "OfficeRecord",
                [
                    ("sz:holder", [person.term]),
                    ("sz:ofState" if of_state else "sz:ofOrganization", [term(office.of)]),
                    ("sz:office", [literal(offices[office.key]["en"], "en"), literal(german, "de")]),
                    *office.when.triples(),
                ],
            )


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1


def renew_memberships(factbook: Path, country_codes: Path, sources: dict[str, list[Known]]) -> str:
    """The text of memberships.yaml: the full members of each organisation that names a factbook code."""
    corrections: dict[str, dict[str, Any]] = load(SOURCES / "states.yaml")
    with country_codes.open(encoding="utf-8", newline="") as file:
        states = {
            row["FIPS"].lower(): corrections.get(row["ISO3166-1-Alpha-2"], {}).get("en")
            or row["CLDR display name"].replace(" & ", " and ")
            for row in csv.DictReader(file)
            if row["is_independent"] == "Yes"
        }
    states["kv"] = "Kosovo"
    wanted = {one.factbook for source in ("alliances", "organisations") for one in sources[source] if one.factbook}
    members: dict[str, set[str]] = {code: set() for code in wanted}
    with factbook.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for code in row["organizations"].split(", "):
                if code in members and row["fips"] in states:
                    members[code].add(states[row["fips"]])
    header = (
        "# Members of organisations, by the code that the CIA World Factbook (public domain) has for them.\n"
        "# Written by pipeline/tools/build_organisations.py; do not edit: put right what is wrong in alliances.yaml.\n"
    )
    table = {code: sorted(members[code]) for code in sorted(members)}
    return header + yaml.safe_dump(table, allow_unicode=True, width=120, default_flow_style=None)


def renew_wikidata(supraverden: Path, sources: dict[str, list[Known]]) -> str:
    """The text of wikidata.yaml: the identifiers of organisations that the table names exactly as we do."""
    rows = re.findall(r"^\| ([^|]+?) \| \[(Q\d+)\]", supraverden.read_text(encoding="utf-8"), re.MULTILINE)
    identifiers = {name.casefold(): identifier for name, identifier in rows}
    table = {}
    for one in sources["alliances"] + sources["organisations"]:
        found = {identifiers.get(name.casefold()) for name in [one.name, *one.alternatives["en"]]} - {None}
        if len(found) == 1:
            table[one.name] = found.pop()
    header = (
        "# Wikidata identifiers of organisations, taken where the name is exactly the same from Supraverden,\n"
        "# the table All Supranational Bodies, CC BY-SA 4.0. This file and\n"
        "# organisations-wikidata.ttl, made from it, are under the same licence.\n"
        "# Written by pipeline/tools/build_organisations.py.\n"
    )
    return header + yaml.safe_dump(dict(sorted(table.items())), allow_unicode=True, width=120)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 if a file is not up to date")
    parser.add_argument("--factbook", type=Path, help="factbook.csv")
    parser.add_argument("--country-codes", type=Path, help="country-codes.csv")
    parser.add_argument("--supraverden", type=Path, help="organisations-supraverden.md")
    options = parser.parse_args(arguments)
    try:
        sources = read_sources()
        if options.factbook and options.country_codes:
            text = renew_memberships(options.factbook, options.country_codes, sources)
            (SOURCES / "memberships.yaml").write_text(text, encoding="utf-8")
        if options.supraverden:
            (SOURCES / "wikidata.yaml").write_text(renew_wikidata(options.supraverden, sources), encoding="utf-8")
        files = write_all(sources)
    except SourceError as error:
        print(f"error: {error}", file=sys.stderr)
        return 3
    stale = [name for name, text in files.items() if _text_of(ENTITIES / name) != text]
    for name in stale:
        if options.check:
            print(f"{name} is not up to date", file=sys.stderr)
        else:
            (ENTITIES / name).write_text(files[name], encoding="utf-8")
    return 1 if options.check and stale else 0


def _text_of(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main())
