"""Write states.ttl, places.ttl and peoples.ttl of seeds/entities from open tables and seeds/entities/sources.

    python pipeline/tools/build_entities.py --data DIR --nationalities de.json

DIR holds country-codes.csv (datasets/country-codes, PDDL) and factbook.csv (CIA World Factbook, public
domain); de.json is langs/de.json of the npm package i18n-nationality (MIT). The German names of states come
from CLDR by way of babel. The same input gives the same files, byte for byte.
"""

from __future__ import annotations

import argparse
import csv
import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from babel import Locale

ENTITIES = Path(__file__).resolve().parents[2] / "seeds" / "entities"
WIKIDATA = "https://www.wikidata.org/wiki/"
HEADER = """\
# {title}
# Made by pipeline/tools/build_entities.py; do not edit: correct seeds/entities/sources and build again.
# Licence: CC BY 4.0.
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix sz: <https://w3id.org/schachzug/ontology#> .
@prefix szr: <https://w3id.org/schachzug/resource/> .
@prefix wd: <http://www.wikidata.org/entity/> .
"""
_FOLDED = str.maketrans({"ł": "l", "Ł": "L", "ı": "i", "ə": "e", "ø": "o", "Ø": "O", "ß": "ss", "đ": "d", "æ": "ae"})


def folded(text: str) -> str:
    """The text in ASCII, without diacritics.

    >>> folded("Kraków, Tromsø")
    'Krakow, Tromso'
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_FOLDED))
    return decomposed.encode("ascii", "ignore").decode()


def local_name(label: str) -> str:
    """The local name of an entity's IRI, from its English label.

    >>> local_name("Washington, D.C.")
    'Washington_DC'
    """
    return re.sub(r"[^\w-]", "", folded(label).replace(" ", "_"), flags=re.ASCII)


@dataclass
class Record:
    """One entity, before it is written."""

    type: str
    en: list[str]
    de: list[str]
    name: str = ""
    adjectives: list[str] = field(default_factory=list)
    demonyms: list[str] = field(default_factory=list)
    iso: str = ""
    wikidata: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.name = self.name or local_name(self.en[0])

    def lines(self) -> Iterator[str]:
        """The predicates and objects, in a fixed order."""
        yield f"a sz:{self.type}"
        yield "rdfs:label " + ", ".join((literal(self.en[0], "en"), literal(self.de[0], "de")))
        alternatives = [literal(n, "en") for n in unique(self.en)[1:]] + [literal(n, "de") for n in unique(self.de)[1:]]
        for predicate, values in (
            ("skos:altLabel", alternatives),
            ("sz:adjective", [literal(a, "de") for a in unique(self.adjectives)]),
            ("sz:demonym", [literal(d, "de") for d in unique(self.demonyms)]),
        ):
            if values:
                yield f"{predicate} " + ", ".join(values)
        if self.iso:
            yield f'sz:isoCode "{self.iso}"'
        for predicate, target in sorted(set(self.links)):
            yield f"sz:{predicate} szr:{target}"
        if self.wikidata:
            yield f"owl:sameAs wd:{self.wikidata}"


def literal(text: str, language: str) -> str:
    """A Turtle literal."""
    return json.dumps(unicodedata.normalize("NFC", text), ensure_ascii=False) + f"@{language}"


def unique(values: Iterable[str]) -> list[str]:
    """The values without repetitions, in their order."""
    return list(dict.fromkeys(values))


def strings(value: Any) -> list[str]:
    """A list of strings, from a list, a single string or nothing."""
    return [value] if isinstance(value, str) else [str(v) for v in value or ()]


def demonym_forms(words: Mapping[str, Any], rules: Mapping[str, Any]) -> list[str]:
    """All inflected noun forms of an entry's demonyms."""
    forms = strings(words.get("forms"))
    feminine = strings(words.get("feminine"))
    for masculine in strings(words.get("demonym")):
        rule = next(r for r in rules["demonym"] if masculine.endswith(r["ending"]))
        forms += [masculine + ending for ending in rule["add"]]
        if not feminine:
            stem = masculine[: len(masculine) - rule["cut"]]
            forms += [stem + ending for ending in rule["feminine"]]
    return forms + [form for f in feminine for form in (f, f + rules["feminine_plural"])]


@dataclass
class Tables:
    """The foreign tables, and ours."""

    countries: dict[str, dict[str, str]]
    capitals: dict[str, str]
    nationalities: dict[str, str]
    german: Mapping[str, str]
    states: dict[str, dict[str, Any]]
    places: dict[str, Any]
    rules: dict[str, Any]

    @classmethod
    def read(cls, data: Path, nationalities: Path) -> Tables:
        """Read all of them."""
        with (data / "country-codes.csv").open(encoding="utf-8", newline="") as file:
            countries = {row["ISO3166-1-Alpha-2"]: row for row in csv.DictReader(file)}
        with (data / "factbook.csv").open(encoding="utf-8", newline="") as file:
            capitals = {row["fips"].upper(): html.unescape(row["capital"]) for row in csv.DictReader(file)}
        ours = {n: yaml.safe_load((ENTITIES / "sources" / f"{n}.yaml").read_text(encoding="utf-8"))
                for n in ("states", "places", "rules")}  # fmt: skip
        table = json.loads(nationalities.read_text(encoding="utf-8"))["nationalities"]
        return cls(countries, capitals, table, Locale("de").territories, ours["states"], ours["places"], ours["rules"])

    def adjectives(self, code: str, words: Mapping[str, Any]) -> list[str]:
        """Ours, or the table's where it holds a proper adjective."""
        if "adjective" in words:
            return strings(words["adjective"])
        word = self.nationalities.get(code, "").lower()
        proper = " " not in word and word.endswith(self.rules["adjective_ending"])
        return [word] if proper or word in self.rules["also_adjectives"] else []

    def capital(self, code: str, words: Mapping[str, Any]) -> str | None:
        """The English name of a state's capital."""
        if "capital" in words:
            return str(words["capital"]) if words["capital"] else None
        row = self.countries.get(code)
        if row is None:
            return None
        name = self.capitals.get(row["FIPS"]) or row["Capital"]
        return re.split(r"\s*[(;,]| in ", name)[0].strip()


def state_records(tables: Tables) -> dict[str, Record]:
    """The states by their code."""
    records = {}
    for code, words in tables.states.items():
        row = tables.countries.get(code, {})
        en = [words.get("en") or row["CLDR display name"], *strings(words.get("alt_en"))]
        de = [words.get("de") or tables.german[code], *strings(words.get("alt_de"))]
        formal = row.get("UNTERM English Formal", "").rstrip(" *")
        if formal:
            en.append(formal.removeprefix("the "))
        for english, german in tables.rules["formal"].items():
            if formal.startswith(english) and words.get("formal", True):
                de.append(german + de[0])
        if row and row["CLDR display name"] not in en and len(row["CLDR display name"]) > 2:
            en.append(row["CLDR display name"])
        if code in tables.german and tables.german[code] not in de:
            de.append(tables.german[code])
        records[code] = Record(
            "State",
            en,
            de,
            adjectives=tables.adjectives(code, words),
            demonyms=demonym_forms(words, tables.rules),
            iso=code if row or code == "XK" else "",
            wikidata=row.get("wikidata_id", "").removeprefix(WIKIDATA),
        )
    return records


def capital_records(tables: Tables, states: Mapping[str, Record]) -> Iterator[Record]:
    """The capitals and other seats, which stand for their states."""
    named = {folded(en): (en, strings(de)) for en, de in tables.places["capitals"].items()}
    for code, words in tables.states.items():
        if capital := tables.capital(code, words):
            en, de = named.get(folded(capital), (capital, []))
            state = states[code]
            city = Record("City", [en], de or [en], links=[("capitalOf", state.name), ("standsFor", state.name)])
            state.links.append(("capital", city.name))
            yield city
    for seat in tables.places["seats"]:
        state = states[seat["state"]]
        city = Record("City", [seat["en"], *strings(seat.get("alt_en"))], strings(seat.get("de")) or [seat["en"]])
        city.links.append(("locatedIn", state.name))
        if seat.get("capital") or seat.get("stands"):
            city.links.append(("standsFor", state.name))
        if seat.get("capital"):
            city.links.append(("capitalOf", state.name))
        yield city


def building_records(tables: Tables, states: Mapping[str, Record]) -> Iterator[Record]:
    """The buildings whose names mean a government."""
    for entry in tables.places["buildings"]:
        state = states[entry["state"]].name
        links = [("organOf", state), ("standsFor", state)]
        yield Record("StateOrgan", [entry["en"], *strings(entry.get("alt_en"))], entry["de"], entry["iri"], links=links)


def dependent_records(tables: Tables, states: Mapping[str, Record]) -> Iterator[Record]:
    """The dependent territories of the table."""
    for code, row in tables.countries.items():
        owner = re.fullmatch(r".* of ([A-Z]{2})", row["is_independent"])
        if code in tables.states or not owner or code in tables.places["not_from_table"]:
            continue
        en = row["CLDR display name"].replace(" & ", " and ").replace("St. ", "Saint ")
        de = tables.german[code].removeprefix(tables.rules["territory_name_cut"])
        yield Record(
            "Territory", [en], [de], iso=code, wikidata=row["wikidata_id"].removeprefix(WIKIDATA),
            adjectives=tables.adjectives(code, {}), links=[("locatedIn", states[owner[1]].name)],
        )  # fmt: skip


def located_records(tables: Tables, states: Mapping[str, Record], section: str, type_: str) -> Iterator[Record]:
    """Cities or territories, listed by their state."""
    for code, names in tables.places[section].items():
        for en, de in names.items():
            yield Record(type_, [en], strings(de) or [en], links=[("locatedIn", states[code].name)])


def region_records(tables: Tables, section: str, type_: str) -> Iterator[Record]:
    """Regions, seas and straits, or the blocs named after them."""
    for en, words in tables.places[section].items():
        yield Record(
            type_, [en, *strings(words.get("alt_en"))], words["de"],
            adjectives=strings(words.get("adjective")), demonyms=demonym_forms(words, tables.rules),
        )  # fmt: skip


def people_records(tables: Tables) -> Iterator[Record]:
    """Peoples: their German names are all forms of their demonyms, the plural first."""
    for en, words in tables.places["peoples"].items():
        plurals = [
            masculine + next(r["plural"] for r in tables.rules["demonym"] if masculine.endswith(r["ending"]))
            for masculine in strings(words.get("demonym"))
        ]
        names = unique([*strings(words.get("de")), *plurals, *demonym_forms(words, tables.rules)])
        yield Record("Group", [en, *strings(words.get("alt_en"))], names, adjectives=strings(words.get("adjective")))


def place_records(tables: Tables, states: Mapping[str, Record]) -> list[Record]:
    """All places and buildings, with their further names and words."""
    records = [
        *capital_records(tables, states),
        *building_records(tables, states),
        *located_records(tables, states, "cities", "City"),
        *located_records(tables, states, "territories", "Territory"),
        *dependent_records(tables, states),
        *region_records(tables, "regions", "Region"),
        *region_records(tables, "blocs", "Bloc"),
    ]
    by_label = {record.en[0]: record for record in records}
    for section in ("english", "territory_english"):
        for label, names in tables.places[section].items():
            by_label[label].en += strings(names)
    for label, adjectives in tables.places["city_adjectives"].items():
        by_label[label].adjectives += strings(adjectives)
    for label, words in tables.places["territory_words"].items():
        by_label[label].adjectives = strings(words.get("adjective"))
        by_label[label].demonyms += demonym_forms(words, tables.rules)
    for label, links in tables.places["links"].items():
        by_label[label].links = [(predicate, target) for predicate, target in links]
    return records


def write(path: Path, title: str, records: Iterable[Record]) -> None:
    """Write the records in the order of their names."""
    parts = [HEADER.format(title=title)]
    previous = ""
    for record in sorted(records, key=lambda r: r.name):
        if record.name == previous:
            raise SystemExit(f"{path.name}: szr:{record.name} is there twice; correct seeds/entities/sources")
        previous = record.name
        parts.append(f"szr:{record.name} " + " ;\n    ".join(record.lines()) + " .\n")
    path.write_text("\n".join(parts), encoding="utf-8")


def main() -> None:
    """Read the tables, write the three files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of country-codes.csv and factbook.csv")
    parser.add_argument("--nationalities", type=Path, required=True, help="langs/de.json of i18n-nationality")
    parser.add_argument("--out", type=Path, default=ENTITIES, help="where to write (default: seeds/entities)")
    arguments = parser.parse_args()
    tables = Tables.read(arguments.data, arguments.nationalities)
    states = state_records(tables)
    places = place_records(tables, states)
    write(arguments.out / "states.ttl", "States: their names, adjectives, demonyms and codes.", states.values())
    write(arguments.out / "places.ttl", "Cities, territories, regions, and buildings that stand for a state.", places)
    write(arguments.out / "peoples.ttl", "Peoples: groups named by what they share.", people_records(tables))


if __name__ == "__main__":
    main()
