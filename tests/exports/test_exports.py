"""Every export says what the graph says, and is read back by another tool than the one that wrote it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections import Counter
from pathlib import Path

import networkx
import pyoxigraph as ox
import pytest
import rdflib

from schachzug.exports import EXPORTS, ExportError, export
from schachzug.exports.bulk import write_bulk
from schachzug.exports.catalogue import BASE
from schachzug.exports.networks import network
from schachzug.exports.reifiers import REIFIES
from schachzug.questions import ask, questions
from tests.queries.corpus import SZ, SZR, Corpus, sz, szr
from tests.servers.triple_stores import OXIGRAPH_HINT, VIRTUOSO_HINT, Virtuoso, oxigraph_program, virtuoso_programs

NP = rdflib.Namespace("http://www.nanopub.org/nschema#")


def written(store: ox.Store, name: str, folder: Path, language: str = "de") -> Path:
    path = folder / EXPORTS[name].file
    assert export(store, name, path, language=language) > 0
    return path


@pytest.mark.parametrize("name", sorted(set(EXPORTS) - {"bulk"}))
def test_the_same_graph_gives_the_same_bytes(name: str, store: ox.Store, corpus: Corpus, tmp_path: Path) -> None:
    shuffled = ox.Store()
    shuffled.extend(sorted(store, key=lambda quad: str(quad)[::-1]))
    first, second = (written(one, name, tmp_path / str(i)) for i, one in enumerate((store, shuffled)))
    if name == "catalogue":
        # The names of blank nodes are all that may differ, and do not.
        assert first.read_bytes() == second.read_bytes()
    assert sorted(first.read_bytes().splitlines()) == sorted(second.read_bytes().splitlines())


def test_csv_has_a_line_a_claim(store: ox.Store, corpus: Corpus, tmp_path: Path) -> None:
    text = written(store, "csv", tmp_path).read_bytes().decode()
    rows = {row["claim"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert set(rows) == {iri.removeprefix(SZR) for iri in corpus.claims.values()}
    loss = rows["claim-a-loss"]
    assert (loss["actors"], loss["targets"], loss["claimants"]) == ("EU | USA", "Zentralasien", "Anna Autorin")
    assert (loss["type"], loss["modality"], loss["negated"], loss["confidence"]) == (
        "InfluenceLoss",
        "asserted",
        "false",
        "0.9",
    )
    assert loss["sentence"] == corpus.sentences["a-loss"]
    assert (loss["title"], loss["publisher"], loss["issued"]) == ("Der Zug", "Beispielzeitung", "2022-01-10")
    assert loss["actor_iris"].split() == [f"{SZR}European_Union", f"{SZR}United_States"]
    assert rows["claim-a-denial"]["negated"] == "true"
    assert rows["claim-a-mission"]["start"] == "2022-01-01T00:00:00Z"
    assert rows["claim-b-leave"]["actors"] == corpus.data["entities"]["local-00000000000000cc"]["de"]


def test_events_have_types_of_plover(store: ox.Store, corpus: Corpus, tmp_path: Path) -> None:
    lines = written(store, "events", tmp_path).read_text(encoding="utf-8").split("\n")
    assert lines.pop() == ""
    events = {event["id"].removeprefix(SZR): event for event in map(json.loads, lines)}
    assert events["claim-a-threat"]["event_type"] == "THREATEN"
    assert [party["name"] for party in events["claim-a-threat"]["recipient"]] == ["Ukraine"]
    assert events["claim-a-denial"]["event_type"] == "ASSAULT" and events["claim-a-denial"]["negated"] is True
    assert events["claim-b-intervention"]["event_type"] is None
    assert events["claim-b-intervention"]["event_types"] == ["ASSAULT", "MOBILIZE"]
    assert events["claim-a-mission"]["event_date"]["end"] == "2022-01-31T23:59:59Z"
    # Belonging, leading and gaining influence are no events.
    assert not {"claim-a-member", "claim-a-leads", "claim-a-gain"} & set(events)
    assert events["claim-b-leave"]["event_text"] == [corpus.sentences["b-leave"]]


@pytest.mark.parametrize("name", ["graphml", "gexf"])
def test_networkx_reads_the_network(name: str, store: ox.Store, tmp_path: Path) -> None:
    path = written(store, name, tmp_path)
    graph = networkx.read_graphml(path, force_multigraph=True) if name == "graphml" else networkx.read_gexf(path)
    expected = network(store)
    assert set(graph.nodes) == set(expected.nodes)
    edges = Counter((one, other) for one, other in graph.edges())
    assert edges == Counter((edge.source, edge.target) for edge in expected.edges)
    assert graph.nodes[f"{SZR}Central_Asia"]["label"] == "Zentralasien"
    threats = [data for _, _, data in graph.out_edges(f"{SZR}Russia", data=True) if "claim-a-threat" in data["claims"]]
    assert len(threats) == 1
    assert threats[0]["weight"] == 2 and threats[0]["claimants"] == 2
    assert threats[0]["claims"].split() == ["claim-a-threat", "claim-b-threat"]
    assert str(threats[0]["denied"]).lower() == "false"


def test_parties_to_each_other_have_a_mutual_edge(store: ox.Store) -> None:
    edges = [edge for edge in network(store).edges if edge.kind == "Cooperation"]
    assert [(e.source, e.target, e.mutual) for e in edges] == [(f"{SZR}China", f"{SZR}Russia", True)]
    denied = [edge for edge in network(store).edges if edge.denied]
    assert [edge.claims for edge in denied] == [("claim-a-denial",)]


def test_every_claim_is_a_well_formed_nanopublication(store: ox.Store, corpus: Corpus, tmp_path: Path) -> None:
    path = written(store, "nanopublications", tmp_path)
    read = rdflib.Dataset()
    read.parse(path, format="trig")
    publications = set(read.subjects(rdflib.RDF.type, NP.Nanopublication)) | {
        s for s, _, _, _ in read.quads((None, rdflib.RDF.type, NP.Nanopublication, None))
    }
    assert len(publications) == len(corpus.claims)
    for publication in publications:
        parts: dict[str, rdflib.URIRef] = {}
        for part in ("hasAssertion", "hasProvenance", "hasPublicationInfo"):
            found = {o for _, _, o, _ in read.quads((publication, NP[part], None, None))}
            assert len(found) == 1
            (graph,) = found
            assert isinstance(graph, rdflib.URIRef)
            parts[part] = graph
        assert len(set(parts.values())) == 3
        sizes = {name: len(read.graph(graph)) for name, graph in parts.items()}
        assert all(sizes.values())
        about = read.graph(parts["hasProvenance"])
        assert (parts["hasAssertion"], None, None) in about, "provenance must speak of the assertion"
        assert (publication, None, None) in read.graph(parts["hasPublicationInfo"])
        head = {c for _, _, _, c in read.quads((publication, rdflib.RDF.type, NP.Nanopublication, None))}
        assert len(head) == 1
    denial = read.graph(rdflib.URIRef(f"{SZR}np-claim-a-denial-assertion"))
    claim = rdflib.URIRef(corpus.claims["a-denial"])
    assert (claim, rdflib.URIRef(f"{SZ}negated"), rdflib.Literal(True)) in denial
    assert (claim, rdflib.URIRef(f"{SZ}claimant"), rdflib.URIRef(f"{SZR}Kassym-Jomart_Tokayev")) in denial


def test_reifiers_claim_without_stating(store: ox.Store, corpus: Corpus, tmp_path: Path) -> None:
    read = ox.Store()
    read.load(path=str(written(store, "reifiers", tmp_path)), format=ox.RdfFormat.TURTLE)
    attack = ox.Triple(szr("Russia"), sz("attacks"), szr("Kazakhstan"))
    denial = ox.NamedNode(corpus.claims["a-denial"])
    reifiers = {q.subject for q in read.quads_for_pattern(None, REIFIES, attack)}
    assert denial in reifiers and ox.NamedNode(corpus.claims["b-assault"]) in reifiers
    assert ox.Quad(denial, sz("negated"), ox.Literal(True)) in read
    # What is only predicted is reified, not stated; what is asserted is both.
    gain = ox.Triple(szr("Russia"), sz("gainsInfluenceOver"), szr("Kazakhstan"))
    assert list(read.quads_for_pattern(None, REIFIES, gain))
    assert not list(read.quads_for_pattern(gain.subject, gain.predicate, gain.object))
    stated = {
        (q.subject, q.predicate, q.object)
        for q in read
        if "ontology#" in q.predicate.value and q.subject == szr("Turkey")
    }
    assert stated == {(szr("Turkey"), sz("intervenesIn"), szr("Syria"))}
    query = f"""PREFIX sz: <{SZ}> PREFIX szr: <{SZR}> SELECT ?claim ?rule {{
        ?r <{REIFIES.value}> <<( szr:Turkey sz:intervenesIn szr:Syria )>> ; sz:byRule ?rule ;
           <http://www.w3.org/ns/prov#wasDerivedFrom> ?claim }}"""
    rows = [(row["claim"].value, row["rule"].value) for row in read.query(query)]  # type: ignore[union-attr]
    assert rows == [(corpus.claims["b-intervention"], "organ-acts-for-state")]


def test_the_catalogue_holds_every_question_and_each_runs(store: ox.Store, tmp_path: Path) -> None:
    read = rdflib.Graph()
    read.parse(written(store, "catalogue", tmp_path), format="turtle")
    select = rdflib.URIRef("http://www.w3.org/ns/shacl#select")
    found = {str(s).removeprefix(BASE): str(o) for s, _, o in read.triples((None, select, None))}
    assert set(found) == {question.name for question in questions()}
    for name, text in found.items():
        rows = list(store.query(text, use_default_graph_as_union=True))  # type: ignore[arg-type]
        assert len(rows) == len(ask(name, store).rows)
    for name in found:
        comments = read.objects(rdflib.URIRef(BASE + name), rdflib.RDFS.comment)
        assert {comment.language for comment in comments if isinstance(comment, rdflib.Literal)} == {"de", "en"}
    assert len(set(read.objects(None, rdflib.URIRef("http://www.w3.org/ns/shacl#prefixes")))) == 1


def bulk_of(store: ox.Store, folder: Path) -> list[Path]:
    with_default = ox.Store()
    with_default.extend(store)
    write_bulk(with_default, folder, part_bytes=20_000)
    return sorted(folder.glob("part-*.nq"))


def test_bulk_files_hold_every_graph_in_one_part(store: ox.Store, tmp_path: Path) -> None:
    parts = bulk_of(store, tmp_path)
    assert len(parts) > 1
    graphs = [{q.graph_name for q in ox.parse(path=str(part), format=ox.RdfFormat.N_QUADS)} for part in parts]
    assert sum(map(len, graphs)) == len(set().union(*graphs)) == 4
    read = ox.Store()
    for part in parts:
        read.bulk_load(path=str(part), format=ox.RdfFormat.N_QUADS)
    assert len(read) == len(store)
    assert ask("evidence", read).rows == ask("evidence", store).rows
    # Another export into the same folder leaves no part of the first.
    write_bulk(ox.Store(), tmp_path)
    assert not list(tmp_path.glob("part-*.nq"))


def test_oxigraph_loads_the_bulk_files(store: ox.Store, tmp_path: Path) -> None:
    program = oxigraph_program()
    if program is None:
        pytest.skip(OXIGRAPH_HINT)
    command = [program, "load", "-l", str(tmp_path / "data")]
    for part in bulk_of(store, tmp_path / "bulk"):
        command += ["-f", str(part)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    loaded = ox.Store.read_only(str(tmp_path / "data"))
    assert len(loaded) == len(store)
    assert ask("contradictions", loaded).rows == ask("contradictions", store).rows


def test_virtuoso_loads_the_bulk_files(store: ox.Store, tmp_path: Path) -> None:
    if virtuoso_programs() is None:
        pytest.skip(VIRTUOSO_HINT)
    server = Virtuoso(tmp_path)
    folder = tmp_path / "it's bulk"
    bulk_of(store, folder)
    server.start()
    try:
        for command in (folder / "load.sql").read_text().split(";\n"):
            if command.strip():
                said = server.sql(command + ";")
                assert "Error" not in said, said
        for name in ("contradictions", "evidence", "withdrawals"):
            assert ask(name, server.query_url).rows == ask(name, store).rows
    finally:
        server.stop()


def test_an_unknown_export_is_told(store: ox.Store, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="Did you mean graphml"):
        export(store, "graph-ml", tmp_path / "x")
    with pytest.raises(ExportError, match="There are nanopublications"):
        export(store, "xyzzy", tmp_path / "x")
