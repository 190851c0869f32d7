"""Turns corpus.yaml into quads of the vocabulary, by itself: so that the questions are tested without the extractor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml

from schachzug.links import link_quads
from schachzug.rules import direct_quads, load_rules

HERE = Path(__file__).parent
SZ = "https://w3id.org/schachzug/ontology#"
SZR = "https://w3id.org/schachzug/resource/"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
PROV = "http://www.w3.org/ns/prov#"
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
RDFS_LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
ALT_LABEL = ox.NamedNode("http://www.w3.org/2004/02/skos/core#altLabel")
DCTERMS = "http://purl.org/dc/terms/"
XSD = "http://www.w3.org/2001/XMLSchema#"


def sz(name: str) -> ox.NamedNode:
    return ox.NamedNode(SZ + name)


def szr(name: str) -> ox.NamedNode:
    return ox.NamedNode(SZR + name)


def typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))


class Corpus:
    """The quads of the two articles; `claims` leads from a claim's name to its IRI."""

    def __init__(self) -> None:
        self.data: dict[str, Any] = yaml.safe_load((HERE / "corpus.yaml").read_text(encoding="utf-8"))
        self.quads: list[ox.Quad] = []
        self.claims: dict[str, str] = {}
        self.sentences: dict[str, str] = {}
        for article in self.data["articles"]:
            self._add_article(article)

    def store(self) -> ox.Store:
        """An embedded store of all of it."""
        store = ox.Store()
        store.extend(self.quads)
        return store

    def whole_store(self) -> ox.Store:
        """The same with direct statements and links, as the line draws them from the claims."""
        store = self.store()
        store.extend(direct_quads(store, load_rules()))
        store.extend(list(link_quads(store)))
        return store

    def _add(self, graph: ox.NamedNode, subject: ox.NamedNode, *pairs: tuple[ox.NamedNode, Any]) -> None:
        self.quads.extend(ox.Quad(subject, predicate, value, graph) for predicate, value in pairs)

    def _add_entity(self, graph: ox.NamedNode, name: str) -> None:
        entity, node = self.data["entities"][name], szr(name)
        self._add(graph, node, (RDF_TYPE, sz(entity["type"])))
        self._add(graph, node, *[(RDFS_LABEL, ox.Literal(entity[t], language=t)) for t in ("de", "en") if t in entity])
        self._add(graph, node, *[(ALT_LABEL, ox.Literal(text, language="de")) for text in entity.get("alt", [])])
        for other in entity.get("memberOf", []):
            self._add(graph, node, (sz("memberOf"), szr(other)))
        if "organOf" in entity:
            self._add(graph, node, (sz("organOf"), szr(entity["organOf"])))

    def _add_article(self, data: dict[str, Any]) -> None:
        graph, article = szr(f"graph-{data['id']}"), szr(f"article-{data['id']}")
        text = "\n\n".join(s["text"] for s in data["sentences"])
        self._add(
            graph,
            article,
            (RDF_TYPE, sz("Article")),
            (RDF_TYPE, ox.NamedNode(f"{NIF}Context")),
            (ox.NamedNode(f"{NIF}isString"), ox.Literal(text)),
            (ox.NamedNode(f"{DCTERMS}title"), ox.Literal(data["title"], language="de")),
            (ox.NamedNode(f"{DCTERMS}creator"), szr(data["creator"])),
            (ox.NamedNode(f"{DCTERMS}publisher"), ox.Literal(data["publisher"])),
            (ox.NamedNode(f"{DCTERMS}issued"), ox.Literal(data["issued"])),
        )
        names = {data["creator"], *data.get("also", [])}
        begin = 0
        for number, sentence in enumerate(data["sentences"]):
            node = szr(f"sentence-{data['id']}{number}")
            self._add_span(graph, node, "Sentence", sentence["text"], begin, article)
            for quotation in sentence.get("quotations", []):
                names.add(quotation["speaker"])
                self._add_quotation(graph, quotation, sentence["text"], begin, article, node)
            for claim in sentence.get("claims", []):
                names |= {n for role in ("actor", "target", "location", "claimant") for n in claim.get(role, [])}
                self._add_claim(graph, data, claim, sentence["text"], begin, article, node)
                self.sentences[claim["name"]] = sentence["text"]
            begin += len(sentence["text"]) + 2
        names |= {self.data["entities"][n]["organOf"] for n in names if "organOf" in self.data["entities"][n]}
        names |= {a for n in set(names) for a in self.data["entities"][n].get("memberOf", [])}
        members = {n for n, e in self.data["entities"].items() if set(e.get("memberOf", [])) & names}
        for name in sorted(names | members):
            self._add_entity(graph, name)

    def _add_span(
        self, graph: ox.NamedNode, node: ox.NamedNode, kind: str, text: str, begin: int, article: ox.NamedNode
    ) -> None:
        self._add(
            graph,
            node,
            (RDF_TYPE, ox.NamedNode(NIF + kind)),
            (ox.NamedNode(f"{NIF}anchorOf"), ox.Literal(text)),
            (ox.NamedNode(f"{NIF}beginIndex"), typed(str(begin), "integer")),
            (ox.NamedNode(f"{NIF}endIndex"), typed(str(begin + len(text)), "integer")),
            (ox.NamedNode(f"{NIF}referenceContext"), article),
        )

    def _add_quotation(
        self,
        graph: ox.NamedNode,
        data: dict[str, Any],
        text: str,
        begin: int,
        article: ox.NamedNode,
        sentence: ox.NamedNode,
    ) -> None:
        node = szr(f"quotation-{data['name']}")
        self._add_span(graph, node, "Phrase", data["text"], begin + text.index(data["text"]), article)
        self._add(
            graph,
            node,
            (RDF_TYPE, sz("Quotation")),
            (sz("speaker"), szr(data["speaker"])),
            (sz("cue"), ox.Literal(data["cue"], language="de")),
            (sz("quotationKind"), sz(data["kind"])),
            (ox.NamedNode(f"{PROV}wasDerivedFrom"), sentence),
        )

    def _add_claim(
        self,
        graph: ox.NamedNode,
        article_data: dict[str, Any],
        data: dict[str, Any],
        text: str,
        begin: int,
        article: ox.NamedNode,
        sentence: ox.NamedNode,
    ) -> None:
        claim, situation = szr(f"claim-{data['name']}"), szr(f"situation-{data['name']}")
        phrase, run = szr(f"phrase-{data['name']}"), szr("run-0")
        self.claims[data["name"]] = claim.value
        self._add_span(
            graph, phrase, "Phrase", data["trigger"].split()[0], begin + text.index(data["trigger"]), article
        )
        self._add(graph, run, (RDF_TYPE, sz("ExtractionRun")), (sz("softwareVersion"), ox.Literal("0")))
        self._add(graph, situation, (RDF_TYPE, sz(data["type"])))
        for role in ("actor", "target", "location"):
            self._add(graph, situation, *[(sz(role), szr(name)) for name in data.get(role, [])])
        if "topic" in data:
            self._add(graph, situation, (sz("topic"), ox.Literal(data["topic"], language="de")))
        if "start" in data:
            self._add(graph, situation, (sz("timeText"), ox.Literal(data["timeText"], language="de")))
            self._add(graph, situation, (sz("startTime"), typed(data["start"], "dateTime")))
            self._add(graph, situation, (sz("endTime"), typed(data["end"], "dateTime")))
        self._add(
            graph,
            claim,
            (RDF_TYPE, sz("Claim")),
            (sz("asserts"), situation),
            (sz("modality"), sz(data.get("modality", "asserted"))),
            (sz("negated"), typed(str(data.get("negated", False)).lower(), "boolean")),
            (sz("confidence"), typed(data["confidence"], "decimal")),
            (sz("rule"), ox.Literal(data["rule"])),
            (sz("trigger"), phrase),
            (ox.NamedNode(f"{PROV}wasDerivedFrom"), sentence),
            (ox.NamedNode(f"{PROV}wasGeneratedBy"), run),
        )
        for name in data.get("claimant", [article_data["creator"]]):
            self._add(graph, claim, (sz("claimant"), szr(name)))
        if "quotation" in data:
            self._add(graph, claim, (sz("inQuotation"), szr(f"quotation-{data['quotation']}")))
