"""Where the boxes of a picture go: by the pull of its arrows, then moved until nothing lies upon anything else.

All lengths are inches. Positions are those of the middles of boxes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Point = tuple[float, float]
Size = tuple[float, float]

_ARROW = 2.3
_GAP = 0.16
_ROUNDS = 400


def layout(
    edges: Sequence[tuple[str, str]], boxes: Mapping[str, Size], labels: Mapping[tuple[str, str], Size]
) -> dict[str, Point]:
    """A place for every box.

    Args:
        edges: who is joined to whom.
        boxes: the width and height of every box.
        labels: the width and height of the words on each edge.
    """
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(sorted(boxes))
    graph.add_edges_from(sorted(edges))
    parts = sorted(networkx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    placed: dict[str, Point] = {}
    right = top = bottom = 0.0
    for number, part in enumerate(parts):
        inner = [edge for edge in edges if edge[0] in part]
        # A subgraph of networkx goes through its nodes in the order of a set, which differs from run to run.
        own = networkx.Graph()
        own.add_nodes_from(sorted(part))
        own.add_edges_from(sorted(inner))
        places = _part(own, inner, boxes, labels)
        west, east, south, north = _extent(places, boxes)
        if number == 0:
            dx, dy = -west, -south
            right, top = east - west, north - south
        else:
            # The smaller parts stand in a column beside the largest one, from its top downwards.
            dx, dy = right + 0.9 - west, top - bottom - north
            bottom += north - south + 0.7
        placed |= {node: (x + dx, y + dy) for node, (x, y) in places.items()}
    return placed


def _part(
    graph: Any, edges: Sequence[tuple[str, str]], boxes: Mapping[str, Size], labels: Mapping[tuple[str, str], Size]
) -> dict[str, Point]:
    import networkx

    if len(graph) == 2:
        one, other = sorted(graph)
        middle = max((labels[edge][0] for edge in edges), default=0.0)
        return {one: (0.0, 0.0), other: ((boxes[one][0] + boxes[other][0]) / 2 + middle + 0.8, 0.0)}
    # Kept wider than high, as words are.
    found = networkx.spring_layout(graph, seed=3, k=1.6 / len(graph) ** 0.5, iterations=500)
    lengths = [_length(found[a], found[b]) for a, b in edges] or [1.0]
    scale = _ARROW / (sum(lengths) / len(lengths))
    places = {node: [float(x) * scale * 1.35, float(y) * scale * 0.8] for node, (x, y) in found.items()}
    for _ in range(_ROUNDS):
        if not _push_apart(places, edges, boxes, labels):
            break
    return {node: (x, y) for node, (x, y) in places.items()}


def _push_apart(
    places: dict[str, list[float]],
    edges: Sequence[tuple[str, str]],
    boxes: Mapping[str, Size],
    labels: Mapping[tuple[str, str], Size],
) -> bool:
    """Move what overlaps a little apart; whether anything did."""
    things: list[tuple[list[float], Size, tuple[str, ...]]] = [
        (places[node], boxes[node], (node,)) for node in sorted(places)
    ]
    for one, other in edges:
        (x0, y0), (x1, y1) = places[one], places[other]
        things.append(([(x0 + x1) / 2, (y0 + y1) / 2], labels[one, other], (one, other)))
    moved = False
    for i, (place, size, owners) in enumerate(things):
        for other_place, other_size, other_owners in things[i + 1 :]:
            dx, dy = other_place[0] - place[0], other_place[1] - place[1]
            x = (size[0] + other_size[0]) / 2 + _GAP - abs(dx)
            y = (size[1] + other_size[1]) / 2 + _GAP - abs(dy)
            if x <= 0 or y <= 0:
                continue
            moved = True
            axis, amount = (0, x) if x < y else (1, y)
            step = (amount / 2 + 0.01) * (1 if (dx, dy)[axis] >= 0 else -1) / 2
            for node in owners:
                if node not in other_owners:
                    places[node][axis] -= step
            for node in other_owners:
                if node not in owners:
                    places[node][axis] += step
    return moved


def _length(one: Any, other: Any) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)


def _extent(places: Mapping[str, Point], boxes: Mapping[str, Size]) -> tuple[float, float, float, float]:
    """The west, east, south and north ends."""
    return (
        min(x - boxes[n][0] / 2 for n, (x, _) in places.items()),
        max(x + boxes[n][0] / 2 for n, (x, _) in places.items()),
        min(y - boxes[n][1] / 2 for n, (_, y) in places.items()),
        max(y + boxes[n][1] / 2 for n, (_, y) in places.items()),
    )
