"""The picture of a graph: its arrows, the same file for the same graph, and boxes that do not lie upon each other."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import combinations
from pathlib import Path

import pyoxigraph as ox
import pytest

from schachzug.errors import StoreError
from schachzug.picture import Arrow, arrows, draw
from schachzug.picture_layout import layout

_GRAPH = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sz: <https://w3id.org/schachzug/ontology#> .
@prefix szr: <https://w3id.org/schachzug/resource/> .
szr:A a sz:State ; rdfs:label "Aland & <Bland>"@en, "Aland"@de .
szr:B a sz:State ; rdfs:label "Beland"@en .
szr:C a sz:Region ; rdfs:label "Celand"@de .
szr:T a sz:Thing ; rdfs:label "Ding"@de .
szr:c1 a sz:Claim ; sz:asserts szr:s1 ; sz:modality sz:asserted ; sz:negated false .
szr:s1 a sz:Threat ; sz:actor szr:A ; sz:target szr:B .
szr:c2 a sz:Claim ; sz:asserts szr:s2 ; sz:modality sz:possible ; sz:negated true .
szr:s2 a sz:InfluenceGain ; sz:actor szr:B ; sz:location szr:C .
szr:c3 a sz:Claim ; sz:asserts szr:s3 ; sz:modality sz:asserted ; sz:negated false .
szr:s3 a sz:Support ; sz:actor szr:A ; sz:target szr:T, szr:A .
"""
_SZR = "https://w3id.org/schachzug/resource/"


@pytest.fixture
def store() -> ox.Store:
    store = ox.Store()
    store.load(_GRAPH.encode(), format=ox.RdfFormat.TURTLE)
    return store


def test_arrows_lead_from_actors_to_targets_and_places_but_not_to_things(store: ox.Store) -> None:
    assert arrows(store) == [
        Arrow(f"{_SZR}A", f"{_SZR}B", "Threat", True, False),
        Arrow(f"{_SZR}B", f"{_SZR}C", "InfluenceGain", False, True),
    ]


def test_the_picture_is_svg_with_every_name_and_the_same_again(store: ox.Store, tmp_path: Path) -> None:
    assert draw(store, tmp_path / "a.svg") == 2
    draw(store, tmp_path / "b.svg")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    words = "|".join(ET.parse(tmp_path / "a.svg").getroot().itertext())
    for name in ("Aland & <Bland>", "Beland", "Celand", "threat", "not: influence gain"):
        assert name in words


def test_the_picture_does_not_depend_on_the_order_of_sets(tmp_path: Path) -> None:
    pairs = (
        ("A", "B"),
        ("B", "C"),
        ("A", "D"),
        ("D", "E"),
        ("F", "G"),
        ("G", "H"),
    )  # two parts, so that each is laid out on its own
    claims = "".join(
        f"szr:c{a}{b} a sz:Claim ; sz:asserts szr:s{a}{b} ; sz:modality sz:asserted ; sz:negated false .\n"
        f"szr:s{a}{b} a sz:Threat ; sz:actor szr:{a} ; sz:target szr:{b} .\n"
        for a, b in pairs
    )
    states = "".join(f'szr:{name} a sz:State ; rdfs:label "{name}land"@en .\n' for name in "ABCDEFGH")
    prefixes = "".join(line + "\n" for line in _GRAPH.splitlines() if line.startswith("@prefix"))
    (tmp_path / "graph.ttl").write_text(prefixes + states + claims, encoding="utf-8")
    drawn = []
    for seed in ("1", "2", "3"):
        target = tmp_path / f"{seed}.svg"
        command = [sys.executable, "-m", "schachzug.picture", str(tmp_path / "graph.ttl"), str(target)]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True)
        drawn.append(target.read_bytes())
    assert drawn[0] == drawn[1] == drawn[2]


def test_a_graph_without_arrows_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no claim of one actor"):
        draw(ox.Store(), tmp_path / "a.svg")
    assert not (tmp_path / "a.svg").exists()


def test_boxes_do_not_lie_upon_each_other() -> None:
    nodes = [f"n{i}" for i in range(14)]
    edges = [("n0", node) for node in nodes[1:9]] + [("n9", "n10"), ("n11", "n12"), ("n12", "n13")]
    boxes = dict.fromkeys(nodes, (1.2, 0.4))
    places = layout(edges, boxes, dict.fromkeys(edges, (0.9, 0.2)))
    assert set(places) == set(nodes)
    for one, other in combinations(nodes, 2):
        dx, dy = (abs(a - b) for a, b in zip(places[one], places[other], strict=True))
        assert dx >= 1.2 or dy >= 0.4, (one, other)
