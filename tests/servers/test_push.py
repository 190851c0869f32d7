"""Pushing to real servers: what arrives, what is sent again, and what happens when the server goes away."""

from __future__ import annotations

import base64
import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest

from schachzug.errors import StoreError
from schachzug.push import Pusher, PushReport, push
from schachzug.sparql_http import UnreachableError, credentials
from tests.servers.triple_stores import OXIGRAPH_HINT, Oxigraph, TripleStore, Virtuoso, oxigraph_program

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Oxigraph]:
    """An Oxigraph of a test's own."""
    if oxigraph_program() is None:
        pytest.skip(OXIGRAPH_HINT)
    (tmp_path / "server").mkdir()
    server = Oxigraph(tmp_path / "server")
    server.start()
    yield server
    server.stop()


def dump(server: Oxigraph) -> set[str]:
    """All quads of a server without blank nodes, and how many there are with them."""
    request = urllib.request.Request(server.store_url, headers={"Accept": "application/n-quads"})
    with OPENER.open(request, timeout=30) as response:
        return known(ox.parse(response.read(), format=ox.RdfFormat.N_QUADS))


def known(quads: object) -> set[str]:
    found: set[str] = set()
    blank = 0
    for quad in quads:  # type: ignore[attr-defined]
        if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
            blank += 1
        else:
            found.add(str(quad))
    return found | {f"{blank} with blank nodes"}


def test_everything_arrives_and_nothing_is_sent_twice(store: ox.Store, fresh: Oxigraph, tmp_path: Path) -> None:
    state = tmp_path / "pushed.jsonl"
    seen: list[tuple[int, int]] = []
    report = push(store, fresh.store_url, state=state, progress=lambda done, total: seen.append((done, total)))
    assert report == PushReport(sent=4, unchanged=0, removed=0, statements=len(store))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert dump(fresh) == known(store)
    assert push(store, fresh.store_url, state=state) == PushReport(0, 4, 0, 0)


def test_what_changes_is_sent_and_what_is_gone_is_removed(store: ox.Store, fresh: Oxigraph, tmp_path: Path) -> None:
    state, copy = tmp_path / "pushed.jsonl", ox.Store()
    copy.extend(store)
    push(copy, fresh.store_url, state=state)
    names = sorted((n for n in copy.named_graphs()), key=str)
    copy.remove_graph(names[0])
    copy.remove(next(iter(copy.quads_for_pattern(None, None, None, names[1]))))
    report = push(copy, fresh.store_url, state=state)
    assert (report.sent, report.unchanged, report.removed) == (1, 2, 1)
    assert dump(fresh) == known(copy)


def test_a_large_graph_goes_in_chunks_that_keep_blank_nodes_together(
    store: ox.Store, fresh: Oxigraph, tmp_path: Path
) -> None:
    knotted = ox.Store()
    knotted.extend(store)
    graph, follows = ox.NamedNode("urn:list"), ox.NamedNode("urn:follows")
    nodes = [ox.BlankNode(f"n{i}") for i in range(60)]
    knotted.extend(ox.Quad(one, follows, two, graph) for one, two in pairwise(nodes))
    push(knotted, state=tmp_path / "s", pusher=Pusher(fresh.store_url, chunk_bytes=700))
    assert dump(fresh) == known(knotted)
    # The chain of blank nodes is still one chain: 60 nodes, of which one begins it and one ends it.
    query = "SELECT (COUNT(*) AS ?n) { GRAPH <urn:list> { ?a <urn:follows>+ ?b } }"
    request = urllib.request.Request(
        fresh.query_url,
        query.encode(),
        {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"},
    )
    with OPENER.open(request, timeout=30) as response:
        assert json.load(response)["results"]["bindings"][0]["n"]["value"] == str(60 * 59 // 2)


def test_a_server_gone_in_mid_push_is_told_and_the_push_continues(
    store: ox.Store, fresh: Oxigraph, tmp_path: Path
) -> None:
    state = tmp_path / "pushed.jsonl"

    def pull_the_plug(done: int, total: int) -> None:
        if done == 2:
            fresh.kill()

    waits: list[float] = []
    with pytest.raises(UnreachableError, match="no answer"):
        push(store, state=state, pusher=Pusher(fresh.store_url, attempts=3, wait=waits.append), progress=pull_the_plug)
    assert waits == [0.5, 1.0]
    fresh.start()
    report = push(store, fresh.store_url, state=state)
    assert (report.sent, report.unchanged) == (2, 2)
    assert dump(fresh) == known(store)


def test_a_server_that_comes_back_is_waited_for(store: ox.Store, fresh: Oxigraph, tmp_path: Path) -> None:
    def restart(seconds: float) -> None:
        if seconds >= 1.0 and fresh.process is None:
            fresh.start()

    fresh.kill()
    report = push(store, state=tmp_path / "s", pusher=Pusher(fresh.store_url, wait=restart))
    assert report.sent == 4
    assert dump(fresh) == known(store)


def test_a_graph_half_sent_is_sent_again(store: ox.Store, fresh: Oxigraph, tmp_path: Path) -> None:
    state = tmp_path / "pushed.jsonl"
    push(store, fresh.store_url, state=state)
    lines = state.read_text().splitlines()
    # As if the power had gone while the last line was written.
    state.write_text("\n".join(lines[:-1]) + "\n" + lines[-1][:20])
    assert push(store, fresh.store_url, state=state).sent == 1
    assert push(store, fresh.store_url, state=state).sent == 0


def test_where_nothing_can_be_noted_nothing_is_sent(store: ox.Store, fresh: Oxigraph, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for state in (tmp_path / "file" / "pushed.jsonl", tmp_path):
        with pytest.raises(StoreError, match=r"cannot be noted.*--state"):
            push(store, fresh.store_url, state=state)
    assert dump(fresh) == {"0 with blank nodes"}


def test_a_file_without_named_graphs_goes_to_the_default_graph_or_a_given_one(
    store: ox.Store, fresh: Oxigraph, tmp_path: Path
) -> None:
    path = tmp_path / "graph.ttl"
    path.write_text("<urn:a> <urn:b> <urn:c> .")
    push(path, fresh.store_url, state=tmp_path / "one")
    push(path, fresh.store_url, state=tmp_path / "two", default_graph="urn:named")
    assert dump(fresh) >= {"<urn:a> <urn:b> <urn:c>", "<urn:a> <urn:b> <urn:c> <urn:named>"}


def test_virtuoso_wants_a_digest_and_gets_it(
    store: ox.Store, virtuoso: Virtuoso, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = virtuoso.authenticated_store_url
    with pytest.raises(StoreError, match=r"401.*SCHACHZUG_USER"):
        push(store, url, state=tmp_path / "s")
    monkeypatch.setenv("SCHACHZUG_USER", "dba")
    monkeypatch.setenv("SCHACHZUG_PASSWORD", "wrong")
    with pytest.raises(StoreError, match="401"):
        push(store, url, state=tmp_path / "s")
    monkeypatch.setenv("SCHACHZUG_PASSWORD", "dba")
    assert push(store, url, state=tmp_path / "s").sent == 4


def test_virtuoso_takes_megabytes_in_chunks(
    virtuoso: Virtuoso, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large, graph, says = ox.Store(), ox.NamedNode("urn:large"), ox.NamedNode("urn:says")
    large.extend(ox.Quad(ox.NamedNode(f"urn:{i}"), says, ox.Literal(f"{i} „ä“ " * 20), graph) for i in range(20_000))
    push(large, virtuoso.store_url, state=tmp_path / "s")
    assert "20000" in virtuoso.sql("SPARQL SELECT (COUNT(*) AS ?n) { GRAPH <urn:large> { ?s ?p ?o } };")
    large.remove_graph(graph)
    assert push(large, virtuoso.store_url, state=tmp_path / "s").removed == 1
    assert "20000" not in virtuoso.sql("SPARQL SELECT (COUNT(*) AS ?n) { GRAPH <urn:large> { ?s ?p ?o } };")


@contextmanager
def guarded(server: TripleStore, login: str) -> Iterator[str]:
    """A proxy that lets only those through to a server who log in (basic); its address."""
    expected = "Basic " + base64.b64encode(login.encode()).decode()

    class Guard(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.headers.get("Authorization") != expected:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="store"')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            url = server.store_url + "?" + self.path.partition("?")[2]
            headers = {"Content-Type": self.headers["Content-Type"]}
            passed = urllib.request.Request(url, body, headers, method="PUT")
            with OPENER.open(passed, timeout=30) as response:
                self.send_response(response.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing to the terminal."""

    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Guard)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{proxy.server_port}/store"
    finally:
        proxy.shutdown()
        proxy.server_close()


def test_a_basic_login_comes_from_the_netrc_file(
    store: ox.Store, fresh: Oxigraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with guarded(fresh, "me:geheim") as url:
        with pytest.raises(StoreError, match="401"):
            push(store, url, state=tmp_path / "s")
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login me password geheim\n")
        netrc.chmod(0o600)
        monkeypatch.setenv("NETRC", str(netrc))
        assert push(store, url, state=tmp_path / "s").sent == 4
    assert dump(fresh) == known(store)


def test_a_broken_netrc_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "netrc"
    path.write_text("machine\nfoo bar baz")
    with pytest.raises(StoreError, match="netrc"):
        credentials("http://127.0.0.1/", {"NETRC": str(path)})


def test_a_refusal_is_told_with_what_the_server_said(store: ox.Store, fresh: Oxigraph, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the server answered 40"):
        push(store, fresh.query_url, state=tmp_path / "s")
