"""Keeping apart what violates a shape: the claims that rest on it, with the reason, out of the article's graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

from schachzug import vocabulary as v
from schachzug.graph import text_literal
from schachzug.iris import article_iri, rejected_graph_iri
from schachzug.vocabulary import sz

_ROLES = frozenset(sz(name) for name in ("actor", "target", "location"))
_USES = _ROLES | {sz(name) for name in ("asserts", "claimant", "inQuotation", "speaker", "trigger")} | {v.DERIVED_FROM}


@dataclass(frozen=True, order=True)
class Violation:
    """That a node of an article's graph violates a shape; `focus` is its IRI."""

    focus: str
    reason: str


def split_rejected(
    quads: list[Quad], violations: Iterable[Violation], digest: str
) -> tuple[list[Quad], list[Quad], dict[str, str]]:
    """Divide an article's graph into what is kept and what is kept apart.

    A claim falls with its situation, sentence, quotation, trigger, claimants and fillers; what then no claim
    asserts any more falls too. Where the article itself or its run is wrong, everything falls.

    Args:
        quads: the article's graph.
        violations: what is wrong with it.
        digest: the article's digest.

    Returns:
        The quads kept, the quads rejected (in a graph of their own, with sz:rejectedBecause), and the rejected
        nodes with their reasons.
    """
    reasons: dict[NamedNode, str] = {}
    for violation in sorted(violations):
        reasons.setdefault(NamedNode(violation.focus), violation.reason)
    if not reasons:
        return quads, [], {}
    whole = NamedNode(article_iri(digest)) in reasons
    users: defaultdict[object, set[NamedNode]] = defaultdict(set)
    claims: set[NamedNode] = set()
    runs: set[NamedNode] = set()
    for quad in quads:
        subject = quad.subject
        if not isinstance(subject, NamedNode):
            continue
        if quad.predicate in _USES:
            users[quad.object].add(subject)
        if quad.predicate == v.TYPE:
            if quad.object == sz("Claim"):
                claims.add(subject)
            elif quad.object == sz("ExtractionRun"):
                runs.add(subject)
    whole = whole or bool(runs & reasons.keys())
    _spread(reasons, users)
    if whole:
        fallen: set[object] = {quad.subject for quad in quads}
    else:
        fallen = set(reasons)
        situations = {q.object for q in quads if q.predicate == sz("asserts")}
        fallen |= {s for s in situations if not (users[s] & claims) - fallen}
    graph = NamedNode(rejected_graph_iri(digest))
    # A mention of somebody rejected is still a mention of his words; only the link falls.
    rejected = [
        Quad(q.subject, q.predicate, q.object, graph)
        for q in quads
        if q.subject in fallen or (q.predicate == v.IDENTIFIES and q.object in fallen)
    ]
    rejected += [Quad(node, sz("rejectedBecause"), text_literal(reason), graph) for node, reason in reasons.items()]
    kept = [
        q
        for q in quads
        if q.subject not in fallen and not (q.predicate in (v.IDENTIFIES, sz("unread")) and q.object in fallen)
    ]
    return kept, rejected, {node.value: reason for node, reason in reasons.items()}


def _spread(reasons: dict[NamedNode, str], users: dict[object, set[NamedNode]]) -> None:
    """Whatever uses something wrong is wrong for the same reason."""
    waiting = sorted(reasons, key=lambda node: node.value)
    while waiting:
        node = waiting.pop(0)
        for user in sorted(users.get(node, ()), key=lambda n: n.value):
            if user not in reasons:
                reasons[user] = reasons[node]
                waiting.append(user)
