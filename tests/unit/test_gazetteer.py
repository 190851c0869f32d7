"""The gazetteer: the tables hold what they must, and names are found in whatever form German gives them."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schachzug.errors import EntityError
from schachzug.gazetteer import Gazetteer, NameKind
from schachzug.name_rules import name_rules
from schachzug.resources import resource

PREFIXES = """\
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix sz: <https://w3id.org/schachzug/ontology#> .
@prefix szr: <https://w3id.org/schachzug/resource/> .
"""
PEOPLE = (
    PREFIXES
    + """
szr:Eastland a sz:State ; rdfs:label "Eastland"@en, "Ostland"@de ; sz:adjective "ostländisch"@de .
szr:Treaty a sz:Alliance ; rdfs:label "Treaty"@en, "Paktum"@de .
szr:Old_Pact a sz:Alliance ; rdfs:label "Old Pact"@en, "Altpakt"@de .
szr:membership-Treaty-Eastland a sz:MembershipRecord ; sz:member szr:Eastland ; sz:organization szr:Treaty ;
    sz:startTime "1994-04-20T00:00:00Z"^^xsd:dateTime .
szr:membership-Old_Pact-Eastland a sz:MembershipRecord ; sz:member szr:Eastland ; sz:organization szr:Old_Pact ;
    sz:startTime "1980-01-01T00:00:00Z"^^xsd:dateTime ; sz:endTime "1991-01-01T00:00:00Z"^^xsd:dateTime .
szr:Ilse_Testow a sz:Person ; rdfs:label "Ilse Testow"@en, "Ilse Testow"@de ; skos:altLabel "Ilse Testov"@en .
szr:Ute_von_der_Probe a sz:Person ; rdfs:label "Ute von der Probe"@en, "Ute von der Probe"@de .
szr:Xi_Beispiel a sz:Person ; rdfs:label "Xi Beispiel"@en, "Xi Beispiel"@de .
szr:Anna_Doppel a sz:Person ; rdfs:label "Anna Doppel"@en, "Anna Doppel"@de .
szr:Bert_Doppel a sz:Person ; rdfs:label "Bert Doppel"@en, "Bert Doppel"@de .
szr:office-1 a sz:OfficeRecord ; sz:holder szr:Ilse_Testow ; sz:ofState szr:Eastland ;
    sz:office "president"@en, "Präsidentin"@de ; sz:startTime "2020-01-01T00:00:00Z"^^xsd:dateTime .
"""
)


@lru_cache(maxsize=1)
def states_and_places() -> Gazetteer:
    return Gazetteer.load(resource("seeds", "entities") / name for name in ("states.ttl", "places.ttl"))


@pytest.fixture
def known() -> Gazetteer:
    """The states and places alone, whatever else travels with the package."""
    return states_and_places()


@pytest.fixture
def small(tmp_path: Path) -> Gazetteer:
    path = tmp_path / "people.ttl"
    path.write_text(PEOPLE, encoding="utf-8")
    return Gazetteer.load([path])


def found(gazetteer: Gazetteer, text: str) -> list[tuple[str, str, str]]:
    tokens = text.split()
    matches = gazetteer.match(tokens)
    return [(" ".join(tokens[m.start : m.end]), m.entity.iri.rpartition("/")[2], m.kind.value) for m in matches]


@pytest.mark.parametrize(
    ("text", "quoted", "entity", "kind"),
    [
        # one word, with its genitive
        ("Die Führung Kasachstans schwieg .", "Kasachstans", "Kazakhstan", "name"),
        ("Die Junta Malis trat zurück .", "Malis", "Mali", "name"),
        ("Die Lage des Iraks blieb ernst .", "Iraks", "Iraq", "name"),
        ("Im Tschad wird gewählt .", "Tschad", "Chad", "name"),
        ("Weißrussland lud ein .", "Weißrussland", "Belarus", "name"),
        ("Die USA zögern .", "USA", "United_States", "acronym"),
        ("Die DDR zerfiel .", "DDR", "East_Germany", "acronym"),
        # several words, inflected
        ("Die Vereinigten Staaten von Amerika litten .", "Vereinigten Staaten von Amerika", "United_States", "name"),
        ("Nach den Vereinigten Arabischen Emiraten .", "Vereinigten Arabischen Emiraten", "United_Arab_Emirates",
         "name"),
        ("Die Regierung der Demokratischen Republik Kongo zahlte .", "Demokratischen Republik Kongo",
         "Democratic_Republic_of_the_Congo", "name"),
        ("Die Staaten des Nahen Ostens berieten .", "Nahen Ostens", "Middle_East", "name"),
        ("Der Nahe Osten ist groß .", "Nahe Osten", "Middle_East", "name"),
        ("Einfluss im postsowjetischen Raum schwindet .", "postsowjetischen Raum", "post-Soviet_space", "name"),
        ("Schiffe im Roten Meer warteten .", "Roten Meer", "Red_Sea", "name"),
        ("An den Küsten des Schwarzen Meeres ist es warm .", "Schwarzen Meeres", "Black_Sea", "name"),
        ("Tanker fahren durch die Straße von Hormus .", "Straße von Hormus", "Strait_of_Hormuz", "name"),
        ("Die Côte d’Ivoire wählt .", "Côte d’Ivoire", "Ivory_Coast", "name"),
        ("Nord- und Südkorea reden .", "Nord-", "North_Korea", "name"),
        ("Die nord- und südkoreanische Grenze .", "nord-", "North_Korea", "adjective"),
        # adjectives
        ("Das kasachische Parlament tagt .", "kasachische", "Kazakhstan", "adjective"),
        ("Kasachische Truppen übten .", "Kasachische", "Kazakhstan", "adjective"),
        ("Ein US-amerikanischer Gesandter kam .", "US-amerikanischer", "United_States", "adjective"),
        ("Eine weißrussische Abordnung kam .", "weißrussische", "Belarus", "adjective"),
        ("Die Schweizer Regierung riet ab .", "Schweizer", "Switzerland", "adjective"),
        ("Die Moskauer Führung schwieg .", "Moskauer", "Moscow", "adjective"),
        ("Eine nordsyrische Stadt brannte .", "nordsyrische", "Syria", "adjective"),
        # demonyms
        ("Viele Kasachinnen protestierten .", "Kasachinnen", "Kazakhstan", "demonym"),
        ("Man traf sich mit Amerikanern .", "Amerikanern", "United_States", "demonym"),
        ("Eine Französin sprach .", "Französin", "France", "demonym"),
        ("Unter den Deutschen wuchs der Unmut .", "Deutschen", "Germany", "demonym"),
        ("Die Israelis zogen ab .", "Israelis", "Israel", "demonym"),
        ("Die Türken wählten .", "Türken", "Turkey", "demonym"),
        ("Der Nigrer und ein Freund .", "Nigrer", "Niger", "demonym"),
        # seats
        ("Brüssel berät .", "Brüssel", "Brussels", "capital"),
        ("Washington warnt .", "Washington", "Washington_DC", "capital"),
        ("Im Weißen Haus brannte Licht .", "Weißen Haus", "White_House", "capital"),
        ("Nach Angaben des Kremls war es anders .", "Kremls", "Kremlin", "capital"),
        ("In Den Haag wird verhandelt .", "Den Haag", "The_Hague", "capital"),
        # compounds
        ("Neue Russland-Sanktionen drohen .", "Russland-Sanktionen", "Russia", "compound"),
        ("Der Irakkrieg dauerte lange .", "Irakkrieg", "Iraq", "compound"),
        ("Eine Saudi-Arabien-Reise folgte .", "Saudi-Arabien-Reise", "Saudi_Arabia", "compound"),
        ("Der US-geführte Einsatz endete .", "US-geführte", "United_States", "compound"),
        ("Im Nordirak wurde gekämpft .", "Nordirak", "Iraq", "name"),
        ("Im ehemaligen Ex-Jugoslawien blieb es ruhig .", "Ex-Jugoslawien", "Yugoslavia", "name"),
    ],
)  # fmt: skip
def test_finds(known: Gazetteer, text: str, quoted: str, entity: str, kind: str) -> None:
    assert (quoted, entity, kind) in found(known, text)


@pytest.mark.parametrize(
    "text",
    [
        "Die Union und die Allianz stritten .",
        "Der Indie Film lief .",
        "Zum ersten Male regnete es .",
        "Sie essen und regen sich auf .",
        "Der Basketballspieler Michael Jordan kam .",
        "Sie zahlten hundert US-Dollar .",
        "Sie spricht fließend Deutsch .",
        "Abgeordnete wie Frau Meyer-Kasan fehlten .",
        "Dort tagt die Neue Deutsche Welle .",
        "Ein niger Ton , ein mali , ein oman .",
    ],
)
def test_leaves_alone(known: Gazetteer, text: str) -> None:
    assert found(known, text) == []


def test_a_token_may_name_two(known: Gazetteer) -> None:
    assert found(known, "Das russisch-chinesische Bündnis") == [
        ("russisch-chinesische", "Russia", "adjective"),
        ("russisch-chinesische", "China", "adjective"),
    ]
    assert [e for _, e, _ in found(known, "Der Russland-China-Gipfel")] == ["Russia", "China"]


def test_ambiguous_names_keep_their_candidates(known: Gazetteer) -> None:
    (match,) = known.match(["Kongo"])
    assert [e.iri.rpartition("/")[2] for e in match.entities] == [
        "Democratic_Republic_of_the_Congo",
        "Republic_of_the_Congo",
    ]


def test_polen_is_the_state_first(known: Gazetteer) -> None:
    (match,) = known.match(["Polen"])
    assert (match.entity, match.kind) == (known.entity("szr:Poland"), NameKind.NAME)


def test_relations(known: Gazetteer) -> None:
    kazakhstan = known.entity("szr:Kazakhstan")
    assert known.capital_of(kazakhstan) == known.entity("szr:Astana")
    assert known.stands_for(known.entity("szr:Astana")) == kazakhstan
    assert known.state_of(known.entity("szr:Almaty")) == kazakhstan
    assert known.state_of(known.entity("szr:Kremlin")) == known.entity("szr:Russia")
    assert known.state_of(known.entity("szr:Brussels")) == known.entity("szr:Belgium")
    assert known.adjective_of(kazakhstan) == "kasachisch"
    assert known.class_of(known.entity("szr:Crimea")) == "Territory"
    assert known.entity("szr:Kremlin").state == known.entity("szr:Russia").iri


def test_memberships_and_offices(small: Gazetteer) -> None:
    eastland, treaty = small.entity("szr:Eastland"), small.entity("szr:Treaty")
    assert small.members(treaty) == (eastland,)
    assert small.members(small.entity("szr:Old_Pact")) == ()
    assert [m.end for m in small.memberships(eastland)] == [None, "1991-01-01T00:00:00Z"]
    (office,) = small.offices(small.entity("szr:Ilse_Testow"))
    assert (office.state, office.titles[1]) == (eastland.iri, ("Präsidentin", "de"))


def test_surnames(small: Gazetteer) -> None:
    assert found(small, "Testows Rede gefiel Xi , nicht aber von der Probe und Doppel .") == [
        ("Testows", "Ilse_Testow", "name"),
        ("Xi", "Xi_Beispiel", "name"),
        ("von der Probe", "Ute_von_der_Probe", "name"),
    ]
    assert found(small, "Anna Doppel kam .") == [("Anna Doppel", "Anna_Doppel", "name")]


@pytest.mark.parametrize(
    ("turtle", "line", "message"),
    [
        ("szr:A a sz:State ; rdfs:label ] .", 6, "not valid Turtle"),
        ('szr:A a sz:State ; rdfs:label "A"@en .', 6, "no label in 'de'"),
        ('szr:A a sz:State ; rdfs:label "A"@en, "A"@de, "B"@de .', 6, "several labels in 'de'"),
        ('szr:A a sz:State, sz:City ; rdfs:label "A"@en, "A"@de .', 6, "several classes"),
        ('szr:A rdfs:label "A"@en, "A"@de .', 6, "no class"),
        ('szr:A a sz:State ; rdfs:label "A"@en, "A"@de ; skos:altLabel "A" .', 6, "no text with a language tag"),
        ("szr:m a sz:MembershipRecord ; sz:member szr:A .", 6, "values of sz:organization"),
    ],
)
def test_bad_tables_are_named_with_file_and_line(tmp_path: Path, turtle: str, line: int, message: str) -> None:
    path = tmp_path / "bad.ttl"
    path.write_text(PREFIXES + turtle + "\n", encoding="utf-8")
    with pytest.raises(EntityError, match=message) as caught:
        Gazetteer.load([path])
    assert (caught.value.where, caught.value.line) == (path, line)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(EntityError, match="absent"):
        Gazetteer.load([tmp_path / "absent.ttl"])


def test_an_unknown_iri_is_an_error(known: Gazetteer) -> None:
    with pytest.raises(EntityError, match="no known entity"):
        known.entity("szr:Atlantis")


WORDS = st.sampled_from(
    ["Russlands", "der", "Nahe", "Osten", "Vereinigte", "Staaten", "von", "Amerika", "US-Truppen", "Kasachen",
     "russisch-chinesische", "Republik", "Kongo", "Demokratische", "-", "--", ".", "„", "Deutsche", "'", "", "und"]
)  # fmt: skip


@given(st.lists(WORDS | st.text(max_size=12), max_size=30))
def test_matches_quote_the_tokens(tokens: list[str]) -> None:
    gazetteer = states_and_places()
    matches = gazetteer.match(tokens, tokens)
    for match in matches:
        assert 0 <= match.start < match.end <= len(tokens)
        assert match.entities
        assert any(character.isalpha() for character in "".join(tokens[match.start : match.end]))
    spans = sorted({(m.start, m.end) for m in matches})
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert [m.start for m in matches] == sorted(m.start for m in matches)
    assert gazetteer.match(tokens, tokens) == matches


def test_every_entity_has_a_label_in_both_languages() -> None:
    for entity in Gazetteer.load().entities():
        assert {"de", "en"} <= {language for _, language in entity.labels}, entity.iri


def test_no_label_is_shared_unless_the_rules_say_who_is_meant() -> None:
    rules = name_rules()
    bearers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entity in Gazetteer.load().entities():
        for text, language in entity.labels:
            bearers[text, language].add(entity.iri)
    shared = {key: iris for key, iris in bearers.items() if len(iris) > 1 and key[0] not in rules.preferred}
    assert not shared


def test_no_name_of_a_state_or_place_is_shared_unless_the_rules_say_who_is_meant(known: Gazetteer) -> None:
    rules = name_rules()
    bearers: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for text, kind, entity in known.names():
        bearers[text, kind is NameKind.DEMONYM].add(entity.iri)
    shared = {text: iris for (text, demonym), iris in bearers.items() if len(iris) > 1 and not demonym}
    assert set(shared) <= set(rules.preferred), shared


def test_every_link_leads_to_somebody_known() -> None:
    gazetteer = Gazetteer.load()
    lost = [
        (iri, predicate, target)
        for iri, links in gazetteer._tables.links.items()
        for predicate, targets in links.items()
        for target in targets
        if target not in gazetteer
    ]
    assert not lost


def test_every_state_has_what_reading_needs(known: Gazetteer) -> None:
    states = [e for e in known.entities() if e.type == "State"]
    assert len([s for s in states if s.same_as]) >= 193
    for iri, links in known._tables.links.items():
        if known.entity(iri).type == "City":
            assert known.state_of(known.entity(iri)) is not None, iri
        for capital in links.get("capital", ()):
            assert known.entity(iri).iri in known._tables.links[capital]["capitalOf"]


def test_no_name_is_both_barred_and_preferred() -> None:
    rules = name_rules()
    assert not rules.never_alone & set(rules.preferred)
