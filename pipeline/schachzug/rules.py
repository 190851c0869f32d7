"""Direct statements: what the CONSTRUCT queries of `queries/rules/` draw from the claims of a store.

A rule constructs plain statements, and for each an owl:Axiom that names the claims it was drawn from.
Here the axioms of one statement become one, marked as inferred and with the rules that drew it.

In the rules, conditions that most claims meet (asserted, not negated, the classes of actors) are filters: as
patterns of their own Oxigraph would join them first, which takes eight times as long.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryTriples, Store

from schachzug import vocabulary as v
from schachzug.errors import ResourceError
from schachzug.iris import DIRECT_GRAPH, digest_of
from schachzug.resources import resource
from schachzug.vocabulary import sz

_GRAPH = NamedNode(DIRECT_GRAPH)
_Statement = tuple[NamedNode, NamedNode, NamedNode]


@dataclass(frozen=True)
class Rule:
    """A CONSTRUCT query; its name is its file's."""

    name: str
    text: str


def load_rules(folder: Path | None = None) -> tuple[Rule, ...]:
    """The rules of a folder, by default those that ship.

    Raises:
        ResourceError: there are none.
    """
    if folder is None:
        return _bundled()
    rules = tuple(Rule(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.rq")))
    if not rules:
        raise ResourceError("there are no rules", where=folder, hint="Each rule is a CONSTRUCT query in a file *.rq")
    return rules


@cache
def _bundled() -> tuple[Rule, ...]:
    return load_rules(resource("queries", "rules"))


def direct_quads(store: Store, rules: tuple[Rule, ...]) -> list[Quad]:
    """The direct statements of all rules, each with its annotated axiom.

    Args:
        store: the graphs to read; all named graphs are taken together.
        rules: what to draw.

    Raises:
        ResourceError: a rule is no valid CONSTRUCT query.
    """
    claims: defaultdict[_Statement, set[NamedNode]] = defaultdict(set)
    names: defaultdict[_Statement, set[str]] = defaultdict(set)
    for rule in rules:
        for statement, evidence in _drawn(store, rule).items():
            claims[statement] |= evidence
            names[statement].add(rule.name)
    quads: list[Quad] = []
    for statement in sorted(claims, key=_words):
        quads += _annotated(statement, claims[statement], names[statement])
    return quads


def _drawn(store: Store, rule: Rule) -> dict[_Statement, set[NamedNode]]:
    """What one rule draws, with the claims that it names; a statement without a claim is left out."""
    try:
        triples = store.query(rule.text, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise ResourceError(f"the rule is no valid query: {error}", where=f"{rule.name}.rq", hint="Mend it") from error
    if not isinstance(triples, QueryTriples):
        raise ResourceError("the rule is no CONSTRUCT query", where=f"{rule.name}.rq", hint="Mend it")
    ends: defaultdict[BlankNode, dict[NamedNode, NamedNode]] = defaultdict(dict)
    evidence: defaultdict[BlankNode, set[NamedNode]] = defaultdict(set)
    for triple in triples:
        node, value = triple.subject, triple.object
        if not isinstance(node, BlankNode) or not isinstance(value, NamedNode):
            continue
        if triple.predicate == v.DERIVED_FROM:
            evidence[node].add(value)
        else:
            ends[node][triple.predicate] = value
    drawn: defaultdict[_Statement, set[NamedNode]] = defaultdict(set)
    for node, parts in ends.items():
        if {v.ANNOTATED_SOURCE, v.ANNOTATED_PROPERTY, v.ANNOTATED_TARGET} <= parts.keys() and evidence[node]:
            statement = parts[v.ANNOTATED_SOURCE], parts[v.ANNOTATED_PROPERTY], parts[v.ANNOTATED_TARGET]
            drawn[statement] |= evidence[node]
    return drawn


def _words(statement: _Statement) -> tuple[str, ...]:
    return tuple(node.value for node in statement)


def _annotated(statement: _Statement, claims: set[NamedNode], rules: set[str]) -> list[Quad]:
    subject, predicate, value = statement
    axiom = BlankNode(f"axiom{digest_of(*_words(statement))}")
    return [
        Quad(subject, predicate, value, _GRAPH),
        Quad(axiom, v.TYPE, v.AXIOM, _GRAPH),
        Quad(axiom, v.ANNOTATED_SOURCE, subject, _GRAPH),
        Quad(axiom, v.ANNOTATED_PROPERTY, predicate, _GRAPH),
        Quad(axiom, v.ANNOTATED_TARGET, value, _GRAPH),
        Quad(axiom, sz("inferred"), Literal(True), _GRAPH),
        *(Quad(axiom, sz("byRule"), Literal(name), _GRAPH) for name in sorted(rules)),
        *(Quad(axiom, v.DERIVED_FROM, claim, _GRAPH) for claim in sorted(claims, key=lambda c: c.value)),
    ]
