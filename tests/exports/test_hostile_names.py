"""Names and quotes with quotes, braces, newlines and SPARQL in them break no export (property tests)."""

from __future__ import annotations

import csv
import io
import json
import re
import string
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import networkx
import pyoxigraph as ox
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from schachzug.exports import EXPORTS, export
from schachzug.exports.bulk import write_bulk
from tests.queries.corpus import RDFS_LABEL, SZR, Corpus, szr

# No surrogates, which no encoding takes; rdflib drops U+0000 on its way, so that is tried with pyoxigraph alone.
HOSTILE = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
    st.text(alphabet=string.printable, min_size=1),
    st.text(alphabet="\"'{}<>?$#\\\n\r\t.;,()^@|&*` abc\u202e\ufeff\u2028\u0085\ufffe\U0010ffff", min_size=1),
    st.sampled_from(
        ['"} UNION { ?s ?p ?o } #', "]]>", '<!ENTITY x "y">', "&amp;", "\"\"\"'''\\", "=cmd|' /C calc'!A0"]
    ),
)
ANCHOR = ox.NamedNode("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#anchorOf")
_CORPUS = Corpus()
# The machine may be busy: no example has a deadline of its own.
_SETTINGS = settings(deadline=None, max_examples=60)


def hostile_store(name: str, sentence: str) -> ox.Store:
    """The corpus with another name for the actor of b-leave, and another text for its sentence."""
    store = _CORPUS.whole_store()
    for subject, predicate, text in (
        (szr("local-00000000000000cc"), RDFS_LABEL, ox.Literal(name, language="de")),
        (SENTENCE_OF_LEAVE, ANCHOR, ox.Literal(sentence)),
    ):
        for quad in list(store.quads_for_pattern(subject, predicate, None)):
            store.remove(quad)
            store.add(ox.Quad(subject, predicate, text, quad.graph_name))
    return store


def _sentence_of(claim: str) -> ox.NamedNode:
    derived = ox.NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom")
    (quad,) = _CORPUS.store().quads_for_pattern(szr(claim), derived, None)
    assert isinstance(quad.object, ox.NamedNode)
    return quad.object


SENTENCE_OF_LEAVE = _sentence_of("claim-b-leave")


@_SETTINGS
@given(name=HOSTILE, sentence=HOSTILE)
def test_what_is_written_is_read_back(name: str, sentence: str) -> None:
    store = hostile_store(name, sentence)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        paths = {one: folder / EXPORTS[one].file for one in EXPORTS if one != "catalogue"}
        for one, path in paths.items():
            export(store, one, path)
        _check_table(paths["csv"], name, sentence)
        _check_events(paths["events"], name, sentence)
        _check_networks(paths, name)
        _check_rdf(paths, name, sentence)


def _check_table(path: Path, name: str, sentence: str) -> None:
    text = path.read_bytes().decode()
    rows = {row["claim"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert len(rows) == len(_CORPUS.claims)
    assert (rows["claim-b-leave"]["actors"], rows["claim-b-leave"]["sentence"]) == (name, sentence)


def _check_events(path: Path, name: str, sentence: str) -> None:
    lines = path.read_bytes().split(b"\n")
    events = {event["id"]: event for event in map(json.loads, lines[:-1])}
    leave = events[_CORPUS.claims["b-leave"]]
    assert (leave["actor"][0]["name"], leave["event_text"]) == (name, [sentence])


def _check_networks(paths: dict[str, Path], name: str) -> None:
    allowed = re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", name)
    expected = " ".join(allowed.split())
    for one in ("graphml", "gexf"):
        ElementTree.parse(paths[one])
    graphml = networkx.read_graphml(paths["graphml"], force_multigraph=True)
    gexf = networkx.read_gexf(paths["gexf"])
    for graph in (graphml, gexf):
        node = graph.nodes[f"{SZR}local-00000000000000cc"]
        assert node.get("label", "") in (expected, None) if not expected else node["label"] == expected


def _check_rdf(paths: dict[str, Path], name: str, sentence: str) -> None:
    owner, label = szr("local-00000000000000cc"), ox.Literal(name, language="de")
    publications = ox.Store()
    publications.load(path=str(paths["nanopublications"]), format=ox.RdfFormat.TRIG)
    assert list(publications.quads_for_pattern(owner, RDFS_LABEL, label))
    assert list(publications.quads_for_pattern(SENTENCE_OF_LEAVE, ANCHOR, ox.Literal(sentence)))
    reified = ox.Store()
    reified.load(path=str(paths["reifiers"]), format=ox.RdfFormat.TURTLE)
    assert ox.Quad(owner, RDFS_LABEL, label) in reified
    read = rdflib.Dataset()
    read.parse(paths["nanopublications"], format="trig")
    found = {str(o) for _, _, o, _ in read.quads((rdflib.URIRef(owner.value), rdflib.RDFS.label, None, None))}
    assert found == {name}
    loaded = ox.Store()
    for part in sorted(paths["bulk"].glob("part-*.nq")):
        loaded.bulk_load(path=str(part), format=ox.RdfFormat.N_QUADS)
    assert list(loaded.quads_for_pattern(owner, RDFS_LABEL, label))


@_SETTINGS
@given(name=st.text(alphabet="'\"\\; ü\n", min_size=1, max_size=20))
def test_a_folder_of_any_name_is_one_text_of_sql(name: str) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / f"x{name}x"
        write_bulk(_CORPUS.store(), folder)
        command = (folder / "load.sql").read_text(encoding="utf-8")
        # One text: between the first apostrophe and the next that is not doubled stands the folder.
        text = re.match(r"ld_dir\('((?:[^']|'')*)', 'part", command)
        assert text is not None and text[1].replace("''", "'") == str(folder.resolve())
