"""Making a damaged store again, from its ledger or from its graphs."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Store

from schachzug import vocabulary as v
from schachzug.errors import StoreError
from schachzug.extraction import ArticleFigures, Extraction
from schachzug.iris import DERIVED_GRAPHS, ENTITIES_GRAPH, SZR, graph_iri
from schachzug.ledger import FILE, DamagedLedgerError, Ledger
from schachzug.serialise import graphs_of, sorted_lines
from schachzug.store import ArticleStore, is_lost, is_store
from schachzug.vocabulary import dcterms, sz

_BATCH = 64
# What Oxigraph keeps in its folder; whatever else lies there is somebody's.
_OXIGRAPH = re.compile(r"CURRENT|IDENTITY|LOCK|LOG(\.old.*)?|(MANIFEST|OPTIONS)-.*|.*\.(sst|log|blob|dbtmp)")


def recovered(folder: Path) -> int:
    """Make a store whole again; see `schachzug.store.recover`."""
    if not is_store(folder):
        raise StoreError("there is no store", where=folder, hint="Name the folder of a store")
    _refuse_if_open(folder)
    if not is_lost(folder) and _is_whole(folder):
        return _from_ledger(folder)
    return _from_graphs(folder)


def _is_whole(folder: Path) -> bool:
    """Whether every entry of the ledger can be read: the graphs are given up only then."""
    try:
        ledger = Ledger(folder)
        try:
            for _ in ledger.extractions():
                pass
        finally:
            ledger.close()
    except DamagedLedgerError:
        return False
    return True


def _refuse_if_open(folder: Path) -> None:
    """Oxigraph locks its folder before it looks at anything else in it."""
    try:
        Store(str(folder))
    except (OSError, RuntimeError) as error:
        if "lock" in str(error).lower():
            hint = "Wait until the other build has ended"
            raise StoreError("the store is open in another process", where=folder, hint=hint) from error


def _from_ledger(folder: Path) -> int:
    for path in folder.iterdir():
        if path.is_file() and _OXIGRAPH.fullmatch(path.name):
            path.unlink()
    # Opening a store loads what the ledger has and the graphs lack.
    with ArticleStore(folder) as store:
        return len(store.ledger)


def _from_graphs(folder: Path) -> int:
    try:
        graphs = Store.read_only(str(folder))
        extractions = [_extraction(graphs, g) for g in graphs_of(graphs) if g.value not in DERIVED_GRAPHS]
    except (OSError, RuntimeError, ValueError) as error:
        hint = "Delete the folder and build it again, or load an exported graph.nq with `oxigraph load`"
        raise StoreError(f"neither ledger nor graphs can be read: {error}", where=folder, hint=hint) from error
    found = [e for e in extractions if e is not None]
    if not found:
        what = "neither the ledger nor the graphs hold an article"
        raise StoreError(what, where=folder, hint="Delete the folder and build it again")
    # Half a ledger would pass for a whole one, and the rest for what a killed build left: it is made beside.
    try:
        with tempfile.TemporaryDirectory(prefix=".recover-", dir=folder) as scratch:
            ledger = Ledger(Path(scratch))
            for start in range(0, len(found), _BATCH):
                ledger.put(found[start : start + _BATCH])
            ledger.close()
            for journal in folder.glob(f"{FILE}-*"):
                journal.unlink()
            (Path(scratch) / FILE).replace(folder / FILE)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"the ledger cannot be written: {error}", where=folder, hint="Make room") from error
    with ArticleStore(folder) as store:
        return len(store.ledger)


def _extraction(graphs: Store, graph: NamedNode) -> Extraction | None:
    """What came of an article, as far as its graph tells; None where it is no whole article's."""
    digest = graph.value.removeprefix(graph_iri(""))
    quads = list(graphs.quads_for_pattern(None, None, None, graph))
    texts = {q.predicate: q.object.value for q in quads if isinstance(q.object, Literal)}
    runs = [q.object.value for q in quads if q.predicate == v.GENERATED_BY and isinstance(q.object, NamedNode)]
    runs += [q.subject.value for q in quads if q.object == sz("ExtractionRun") and isinstance(q.subject, NamedNode)]
    identifier = texts.get(dcterms("identifier"))
    if identifier is None or not runs:
        return None
    kinds = [q.object for q in quads if q.predicate == v.TYPE]
    known = {
        q.object.value
        for q in quads
        if isinstance(q.object, NamedNode)
        and q.object.value.startswith(SZR)
        and any(True for _ in graphs.quads_for_pattern(q.object, v.TYPE, None, NamedNode(ENTITIES_GRAPH)))
    }
    figures = ArticleFigures(
        sentences=kinds.count(v.SENTENCE),
        mentions=sum(1 for q in quads if q.predicate == v.IDENTIFIES),
        quotations=kinds.count(sz("Quotation")),
        claims=kinds.count(sz("Claim")),
        silent=sum(1 for q in quads if q.predicate == sz("unread")),
    )
    return Extraction(
        id=identifier,
        digest=digest,
        run=runs[0],
        title=texts.get(dcterms("title"), ""),
        quads=sorted_lines(quads),
        entities=tuple(sorted(known)),
        figures=figures,
    )
