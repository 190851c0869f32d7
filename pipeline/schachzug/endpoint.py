"""Questions to a triple store over the SPARQL 1.1 Protocol."""

from __future__ import annotations

import urllib.parse
from collections.abc import Sequence

import pyoxigraph as ox

from schachzug.errors import StoreError
from schachzug.graph_sources import RDFS_LABEL, Row, Take, handed_on
from schachzug.iris import SZ
from schachzug.query_text import without_header
from schachzug.sparql_http import request

# Beyond this many resources a query text becomes longer than some servers take.
_BATCH = 200
_CLAIM = f"SELECT ?claim WHERE {{ %s ?claim a <{SZ}Claim> %s }} LIMIT 1"


class EndpointSource:
    """A SPARQL endpoint whose default graph is, or can be asked to be, the union of its named graphs."""

    def __init__(self, url: str) -> None:
        self.url = url

    def select(
        self, query: str, seconds: float, *, ours: bool = False, take: Take | None = None
    ) -> tuple[list[str], list[Row]]:
        """See GraphSource. The query has been checked before: servers may take updates where queries go.

        Raises:
            StoreError: the server refuses, cuts the answer off, or keeps its graphs out of the default graph.
            UnreachableError: it does not answer in time.
        """
        names, rows = self._post(query, seconds)
        if not rows and self._hides_graphs(seconds):
            hint = "Let its default graph be the union of its named graphs (Fuseki: tdb2:unionDefaultGraph true)"
            raise StoreError("the server holds claims, but not in its default graph", where=self.url, hint=hint)
        return handed_on(names, rows, take)

    def _hides_graphs(self, seconds: float) -> bool:
        """Whether there are claims in named graphs and none in the default graph."""
        if self._post(_CLAIM % ("", ""), seconds)[1]:
            return False
        return bool(self._post(_CLAIM % ("GRAPH ?graph {", "}"), seconds)[1])

    def labels(self, iris: Sequence[str], seconds: float) -> list[tuple[str, str, str]]:
        """See GraphSource."""
        found = set()
        for start in range(0, len(iris), _BATCH):
            terms = " ".join(str(ox.NamedNode(iri)) for iri in iris[start : start + _BATCH])
            query = f"SELECT DISTINCT ?iri ?label WHERE {{ VALUES ?iri {{ {terms} }} ?iri {RDFS_LABEL} ?label }}"
            for iri, label in self._post(query, seconds)[1]:
                if isinstance(iri, ox.NamedNode) and isinstance(label, ox.Literal):
                    found.add((iri.value, label.value, label.language or ""))
        return sorted(found)

    def _post(self, query: str, seconds: float) -> tuple[list[str], list[Row]]:
        # union-default-graph is Oxigraph's own parameter; others overlook it.
        form = urllib.parse.urlencode({"query": without_header(query), "union-default-graph": ""}).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/sparql-results+json",
        }
        answer = request(self.url, "POST", form, headers, seconds=seconds)
        try:
            result = ox.parse_query_results(answer.body, format=ox.QueryResultsFormat.JSON)
            if not isinstance(result, ox.QuerySolutions):
                raise StoreError("the server answered with something else than rows", where=self.url)
            names = [variable.value for variable in result.variables]
            rows: list[Row] = [tuple(solution[name] for name in names) for solution in result]
        except (SyntaxError, ValueError) as error:
            hint = "Check that the address is that of a SPARQL endpoint"
            raise StoreError(f"the answer is not SPARQL results in JSON: {error}", where=self.url, hint=hint) from error
        limit = next((v for k, v in answer.headers.items() if k.lower() == "x-sparql-maxrows"), "")
        if limit.isdigit() and len(rows) >= int(limit) > 0:
            hint = "Raise ResultSetMaxRows in the server's settings, or narrow the question"
            raise StoreError(f"the server cut the answer off after {limit} rows", where=self.url, hint=hint)
        return names, rows
