"""Every stored question gives the same rows embedded, on Oxigraph and on Virtuoso."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from schachzug.errors import QuestionError, StoreError
from schachzug.questions import ask, questions
from tests.queries.corpus import Corpus
from tests.queries.expectations import Case, cases, in_short
from tests.servers.triple_stores import Oxigraph, TripleStore, free_port


@pytest.mark.parametrize("case", cases(), ids=str)
def test_a_server_answers_as_the_embedded_store(
    case: Case, server: TripleStore, store: ox.Store, corpus: Corpus
) -> None:
    table = ask(case.question, server.query_url, case.params)
    assert in_short(table, case.columns, corpus) == case.rows
    embedded = ask(case.question, store, case.params)
    assert table.rows == embedded.rows
    assert table.labels == embedded.labels


def test_a_server_answers_in_english_too(server: TripleStore, store: ox.Store) -> None:
    for stored in questions():
        there, here = (ask(stored, graph, language="en") for graph in (server.query_url, store))
        assert there.to_json() == here.to_json()


def test_hostile_names_find_their_owner_on_a_server(server: TripleStore, corpus: Corpus) -> None:
    name = corpus.data["entities"]["local-00000000000000cc"]["de"]
    assert len(ask("withdrawals", server.query_url, {"actor": name}).rows) == 1
    assert ask("withdrawals", server.query_url, {"actor": "szr:x} # DROP"[:5]}).rows == ()
    with pytest.raises(QuestionError, match="nothing here is called"):
        ask("withdrawals", server.query_url, {"actor": '"} UNION { ?s ?p ?o } #'})


def test_updates_never_reach_a_server(server: TripleStore, tmp_path: Path) -> None:
    path = tmp_path / "own.rq"
    path.write_text("CLEAR GRAPH <https://w3id.org/schachzug/resource/graph-a>")
    with pytest.raises(QuestionError, match="not a query"):
        ask(path, server.query_url)
    assert len(ask("abstentions", server.query_url).rows) == 1


def test_no_server_is_told_with_its_address() -> None:
    url = f"http://127.0.0.1:{free_port()}/query"
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:\d+/query: no answer: .*refused.*Check that the server runs"):
        ask("threats", url, seconds=5)


def test_a_wrong_path_is_told(oxigraph: Oxigraph) -> None:
    with pytest.raises(StoreError, match="404"):
        ask("threats", oxigraph.query_url.replace("/query", "/none"))


def test_an_address_must_not_hold_a_password(oxigraph: Oxigraph) -> None:
    with pytest.raises(StoreError, match="must not hold a user") as caught:
        ask("threats", oxigraph.query_url.replace("127", "me:secret@127"))
    assert "secret" not in str(caught.value)


def test_something_else_than_an_endpoint(virtuoso: TripleStore) -> None:
    with pytest.raises(StoreError):
        ask("threats", virtuoso.query_url.replace("/sparql", "/"))
