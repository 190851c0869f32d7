"""A picture of who does what to whom: the network of actors in a graph, drawn as SVG.

Arrows lead from the actor to the target or place of what is claimed; their colour tells the kind, their style whether
the claim is asserted, less sure (dashed) or denied (dotted). Needs the extra `picture` (networkx and matplotlib).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schachzug.errors import ResourceError, StoreError
from schachzug.graph_sources import StoreSource, stored_graph
from schachzug.picture_layout import layout

if TYPE_CHECKING:
    from pyoxigraph import Store

_QUERY = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sz: <https://w3id.org/schachzug/ontology#>
SELECT DISTINCT ?actor ?target ?kind ?modality ?negated WHERE {
  ?claim sz:asserts ?situation ; sz:modality ?modality ; sz:negated ?negated .
  ?situation a ?kind ; sz:actor ?actor .
  { ?situation sz:target ?target } UNION { ?situation sz:location ?target }
  FILTER (?actor != ?target)
  FILTER NOT EXISTS { ?actor a sz:Thing }
  FILTER NOT EXISTS { ?target a sz:Thing }
}"""
_SECONDS = 60.0

# Classes by how they bear on influence; the order is that of the legend.
_GROUPS = {
    "gains influence, leads": ("#1b7837", ("InfluenceGain", "Leadership", "PowerTransition")),
    "loses influence, stays out, yields": (
        "#762a83",
        ("InfluenceLoss", "Abstention", "Withdrawal", "Concession", "Destabilization"),
    ),
    "intervenes, threatens, fights": (
        "#b2182b",
        ("Intervention", "MilitaryIntervention", "PeacekeepingMission", "Deployment", "Threat", "Assault", "Coercion",
         "Sanction"),
    ),
    "supports, cooperates": (
        "#2166ac",
        ("Support", "Aid", "Investment", "Cooperation", "Consultation", "Mediation", "Approval",
         "RelationImprovement", "Membership", "Affiliation"),
    ),
    "opposes, demands": (
        "#b35806", ("Accusation", "Rejection", "Request", "Protest", "RelationDeterioration", "Uprising", "Crisis"),
    ),
}  # fmt: skip
_OTHER, _OTHER_COLOUR = "other", "#636363"
_NODE_POINTS, _EDGE_POINTS = 11.0, 9.0
_LABEL_WIDTH = 18


@dataclass(frozen=True)
class Arrow:
    """That somebody is claimed to do something to somebody; the ends are IRIs, the kind a local name."""

    actor: str
    target: str
    kind: str
    sure: bool
    negated: bool


def arrows(store: Store) -> list[Arrow]:
    """The arrows of a graph, in a fixed order."""
    found = set()
    _, rows = StoreSource(store).select(_QUERY, _SECONDS, ours=True)
    for actor, target, kind, modality, negated in ([getattr(term, "value", "") for term in row] for row in rows):
        sure = modality.endswith("#asserted")
        found.add(Arrow(actor, target, kind.rpartition("#")[2], sure, negated == "true"))
    return sorted(found, key=lambda a: (a.actor, a.target, a.kind, a.sure, a.negated))


def draw(store: Store, path: Path, *, title: str = "") -> int:
    """Draw the influence graph of a store.

    Args:
        store: the graph.
        path: the file to write, SVG or (by its ending) PNG.
        title: a heading.

    Returns:
        How many arrows were drawn.

    Raises:
        ResourceError: the extra `picture` is not installed.
        StoreError: nothing can be drawn, or the file cannot be written.
    """
    try:
        import matplotlib
        import networkx  # noqa: F401  (the layout needs it)
    except ImportError as error:
        raise ResourceError("pictures need networkx and matplotlib", hint="pip install 'schachzug[picture]'") from error
    found = arrows(store)
    if not found:
        raise StoreError("the graph holds no claim of one actor on another", hint="Read more articles")
    names = _names(store, {end for arrow in found for end in (arrow.actor, arrow.target)})
    bundles = _bundled(found)
    # The same graph gives the same file, byte for byte: no date, and ids made from a fixed salt.
    with matplotlib.rc_context({"svg.hashsalt": "schachzug", "svg.fonttype": "none", "font.family": "sans-serif"}):
        _paint(bundles, {iri: _wrapped(name) for iri, name in names.items()}, path, title)
    return len(found)


@dataclass(frozen=True)
class _Bundle:
    """The arrows between two ends, drawn as one: its words, one line a kind, each with its colour and style."""

    actor: str
    target: str
    words: tuple[tuple[str, str], ...]
    colour: str
    style: str
    groups: tuple[str, ...]


def _bundled(found: list[Arrow]) -> list[_Bundle]:
    ends: dict[tuple[str, str], list[Arrow]] = {}
    for arrow in found:
        ends.setdefault((arrow.actor, arrow.target), []).append(arrow)
    bundles = []
    for (actor, target), several in ends.items():
        words = {_words(arrow): _group(arrow.kind)[1] for arrow in several}
        styles = {":" if arrow.negated else "-" if arrow.sure else "--" for arrow in several}
        colours = list(dict.fromkeys(words.values()))
        bundles.append(
            _Bundle(
                actor,
                target,
                tuple(words.items()),
                colours[0] if len(colours) == 1 else "#444444",
                "-" if "-" in styles else min(styles),
                tuple(_group(arrow.kind)[0] for arrow in several),
            )
        )
    return bundles


def _words(arrow: Arrow) -> str:
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in arrow.kind).strip()
    return f"not: {words}" if arrow.negated else words if arrow.sure else f"{words} (not sure)"


def _names(store: Store, iris: set[str]) -> dict[str, str]:
    labels = StoreSource(store).labels(sorted(iris), _SECONDS)
    names = {iri: iri.rpartition("/")[2] for iri in sorted(iris)}
    names |= {iri: text for iri, text, _ in reversed(labels)}
    return names | {iri: text for iri, text, language in reversed(labels) if language == "en"}


def _paint(bundles: list[_Bundle], names: dict[str, str], path: Path, title: str) -> None:
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    boxes = {iri: _size(name.split("\n"), _NODE_POINTS, 0.2) for iri, name in names.items()}
    labels = {(b.actor, b.target): _size([word for word, _ in b.words], _EDGE_POINTS, 0.06) for b in bundles}
    places = layout(list(labels), boxes, labels)
    xs = [x + side * boxes[iri][0] / 2 for iri, (x, _) in places.items() for side in (-1, 1)]
    ys = [y + side * boxes[iri][1] / 2 for iri, (_, y) in places.items() for side in (-1, 1)]
    west, east, south, north = min(xs) - 0.3, max(xs) + 0.3, min(ys) - 1.0, max(ys) + 0.3
    figure = Figure(figsize=(east - west, north - south))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    both = {(b.target, b.actor) for b in bundles}
    for bundle in bundles:
        start, end = places[bundle.actor], places[bundle.target]
        tail, head = _border(start, end, boxes[bundle.actor]), _border(end, start, boxes[bundle.target])
        # Two arrows between the same ends would lie upon each other.
        _draw_arrow(axes, tail, head, bundle, 0.12 if (bundle.actor, bundle.target) in both else 0.0)
    for iri, (x, y) in places.items():
        box = {"boxstyle": "round,pad=0.35", "facecolor": "#fffdf5", "edgecolor": "#444444", "linewidth": 0.9}
        axes.text(x, y, names[iri], ha="center", va="center", fontsize=_NODE_POINTS, bbox=box, zorder=3)
    used = {group for bundle in bundles for group in bundle.groups}
    legend = [Line2D([], [], color=colour, lw=2, label=name) for name, (colour, _) in _GROUPS.items() if name in used]
    if _OTHER in used:
        legend.append(Line2D([], [], color=_OTHER_COLOUR, lw=2, label=_OTHER))
    legend.append(Line2D([], [], color="#444444", lw=1.4, ls="--", label="predicted, probable, possible, intended"))
    legend.append(Line2D([], [], color="#444444", lw=1.4, ls=":", label="denied"))
    axes.legend(handles=legend, loc="lower center", ncols=min(3, len(legend)), frameon=False, fontsize=9)
    if title:
        axes.set_title(title, fontsize=12)
    kind = "png" if path.suffix.lower() == ".png" else "svg"
    metadata = {"Date": None, "Creator": "Schachzug"} if kind == "svg" else None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, format=kind, metadata=metadata, dpi=110)
    except OSError as error:
        raise StoreError(f"the picture cannot be written: {error.strerror or error}", where=path) from error


def _size(lines: list[str], points: float, pad: float) -> tuple[float, float]:
    """The width and height of some words in inches, as fonts without serifs have them."""
    return max(map(len, lines)) * points * 0.0080 + 2 * pad, len(lines) * points * 0.0175 + 2 * pad


def _border(
    middle: tuple[float, float], towards: tuple[float, float], size: tuple[float, float]
) -> tuple[float, float]:
    """Where the line from the middle of a box towards another point leaves the box."""
    dx, dy = towards[0] - middle[0], towards[1] - middle[1]
    if not dx and not dy:
        return middle
    share = min(size[0] / 2 / abs(dx) if dx else 1.0, size[1] / 2 / abs(dy) if dy else 1.0, 0.5)
    return middle[0] + dx * share, middle[1] + dy * share


def _group(kind: str) -> tuple[str, str]:
    for name, (colour, kinds) in _GROUPS.items():
        if kind in kinds:
            return name, colour
    return _OTHER, _OTHER_COLOUR


def _draw_arrow(axes: Any, start: tuple[float, float], end: tuple[float, float], bundle: _Bundle, bend: float) -> None:
    shape = {"arrowstyle": "-|>", "color": bundle.colour, "lw": 1.5, "ls": bundle.style, "shrinkA": 0, "shrinkB": 2}
    shape["connectionstyle"] = f"arc3,rad={bend}"
    axes.annotate("", xy=end, xytext=start, arrowprops=shape, zorder=1)
    # The words lie on the curve: half the bend off the middle of the straight line.
    (x0, y0), (x1, y1) = start, end
    x = (x0 + x1) / 2 + bend * (y1 - y0) / 2
    y = (y0 + y1) / 2 - bend * (x1 - x0) / 2
    height = _EDGE_POINTS * 0.0175
    box = {"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none", "alpha": 0.9}
    for line, (words, colour) in enumerate(bundle.words):
        offset = ((len(bundle.words) - 1) / 2 - line) * height
        axes.text(
            x, y + offset, words, ha="center", va="center", fontsize=_EDGE_POINTS, color=colour, bbox=box, zorder=2
        )


def _wrapped(text: str) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(text, _LABEL_WIDTH, break_long_words=False)[:3])


def main() -> None:
    """`python -m schachzug.picture PATH FILE.svg`: draw the graph of a build."""
    import sys

    try:
        if len(sys.argv) != 3:
            raise ResourceError("wrong usage", hint="python -m schachzug.picture GRAPH FILE.svg")
        drawn = draw(stored_graph(Path(sys.argv[1])), Path(sys.argv[2]))
        print(f"{drawn} arrows drawn", file=sys.stderr)
    except (ResourceError, StoreError) as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from error


if __name__ == "__main__":
    main()
