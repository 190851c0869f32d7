"""The network of actors as GraphML and GEXF, for Gephi, visone and networkx.

A node is an entity, an edge all claims of one class in which one stands to the other; its weight is their number.
Denied claims make edges of their own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO
from xml.etree import ElementTree

import pyoxigraph as ox

from schachzug.exports.claim_records import ClaimReader
from schachzug.iris import SZR

_GRAPHML = "http://graphml.graphdrawing.org/xmlns"
_GEXF = "http://gexf.net/1.3"
# What XML 1.0 cannot hold, even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NODE_KEYS = {"label": "string", "type": "string", "claims": "int"}
_EDGE_KEYS = {
    "kind": "string",
    "weight": "double",
    "denied": "boolean",
    "mutual": "boolean",
    "confidence": "double",
    "claimants": "int",
    "claims": "string",
}


@dataclass(frozen=True)
class Edge:
    """All claims of one class between two entities; `claims` are local names, `confidence` is their mean."""

    source: str
    target: str
    kind: str
    denied: bool
    mutual: bool
    confidence: float
    claimants: int
    claims: tuple[str, ...]

    def attributes(self) -> dict[str, str]:
        """The attributes as they are written."""
        return {
            "kind": self.kind,
            "weight": str(len(self.claims)),
            "denied": str(self.denied).lower(),
            "mutual": str(self.mutual).lower(),
            "confidence": f"{self.confidence:.4g}",
            "claimants": str(self.claimants),
            "claims": " ".join(self.claims),
        }


@dataclass(frozen=True)
class Network:
    """Nodes (IRI to attributes) and edges, both sorted."""

    nodes: dict[str, dict[str, str]]
    edges: tuple[Edge, ...]


def network(store: ox.Store, language: str = "de") -> Network:
    """The network of all who stand to each other in claims.

    Args:
        store: the graphs.
        language: of names.
    """
    reader = ClaimReader(store, language)
    found: defaultdict[tuple[str, str, str, bool, bool], list[tuple[str, Decimal, tuple[str, ...]]]] = defaultdict(list)
    for claim in reader.claims():
        for source, target, mutual in claim.links():
            key = (source, target, claim.kind, claim.negated, mutual)
            found[key].append((claim.iri.removeprefix(SZR), claim.confidence, claim.claimants))
    edges = []
    degree: defaultdict[str, set[str]] = defaultdict(set)
    for (source, target, kind, denied, mutual), claims in sorted(found.items()):
        mean = sum((confidence for _, confidence, _ in claims), Decimal(0)) / len(claims)
        who = {claimant for _, _, claimants in claims for claimant in claimants}
        names = tuple(name for name, _, _ in claims)
        edges.append(Edge(source, target, kind, denied, mutual, float(mean), len(who), names))
        degree[source] |= set(names)
        degree[target] |= set(names)
    nodes = {
        iri: {"label": _xml(reader.name(iri)), "type": reader.type(iri), "claims": str(len(degree[iri]))}
        for iri in sorted(degree)
    }
    return Network(nodes, tuple(edges))


def write_graphml(store: ox.Store, stream: BinaryIO, language: str = "de") -> int:
    """Write the network as GraphML; the number of edges."""
    found = network(store, language)
    root = ElementTree.Element("graphml", xmlns=_GRAPHML)
    for domain, keys in (("node", _NODE_KEYS), ("edge", _EDGE_KEYS)):
        for name, kind in keys.items():
            attributes = {"id": f"{domain}-{name}", "for": domain, "attr.name": name, "attr.type": kind}
            ElementTree.SubElement(root, "key", attributes)
    graph = ElementTree.SubElement(root, "graph", id="actors", edgedefault="directed")
    for iri, attributes in found.nodes.items():
        _data(ElementTree.SubElement(graph, "node", id=iri), "node", attributes)
    for number, edge in enumerate(found.edges):
        element = ElementTree.SubElement(graph, "edge", id=f"e{number}", source=edge.source, target=edge.target)
        _data(element, "edge", edge.attributes())
    _write(root, stream)
    return len(found.edges)


def write_gexf(store: ox.Store, stream: BinaryIO, language: str = "de") -> int:
    """Write the network as GEXF 1.3; the number of edges."""
    found = network(store, language)
    root = ElementTree.Element("gexf", xmlns=_GEXF, version="1.3")
    graph = ElementTree.SubElement(root, "graph", defaultedgetype="directed", mode="static")
    node_keys = {name: kind for name, kind in _NODE_KEYS.items() if name != "label"}
    edge_keys = {name: kind for name, kind in _EDGE_KEYS.items() if name not in ("kind", "weight")}
    for domain, keys in (("node", node_keys), ("edge", edge_keys)):
        element = ElementTree.SubElement(graph, "attributes", {"class": domain})
        for name, kind in keys.items():
            attributes = {"id": name, "title": name, "type": "integer" if kind == "int" else kind}
            ElementTree.SubElement(element, "attribute", attributes)
    nodes = ElementTree.SubElement(graph, "nodes")
    for iri, attributes in found.nodes.items():
        node = ElementTree.SubElement(nodes, "node", id=iri, label=attributes["label"])
        _attvalues(node, {name: attributes[name] for name in node_keys})
    edges = ElementTree.SubElement(graph, "edges")
    for number, edge in enumerate(found.edges):
        written = edge.attributes()
        # GEXF knows mutual edges, but networkx and others refuse to mix them with directed ones.
        place = {"id": f"e{number}", "source": edge.source, "target": edge.target, "kind": edge.kind}
        element = ElementTree.SubElement(edges, "edge", place | {"label": edge.kind, "weight": written["weight"]})
        _attvalues(element, {name: written[name] for name in edge_keys})
    _write(root, stream)
    return len(found.edges)


def _data(element: ElementTree.Element, domain: str, attributes: dict[str, str]) -> None:
    for name, value in attributes.items():
        ElementTree.SubElement(element, "data", key=f"{domain}-{name}").text = value


def _attvalues(element: ElementTree.Element, attributes: dict[str, str]) -> None:
    values = ElementTree.SubElement(element, "attvalues")
    for name, value in attributes.items():
        ElementTree.SubElement(values, "attvalue", {"for": name, "value": value})


def _xml(text: str) -> str:
    """A name in one line, without what XML cannot hold."""
    return " ".join(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text).split())


def _write(root: ElementTree.Element, stream: BinaryIO) -> None:
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(stream, encoding="utf-8", xml_declaration=True)
    stream.write(b"\n")
