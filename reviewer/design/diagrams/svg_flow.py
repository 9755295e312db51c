"""Draws a graph: from left to right in two columns and more, or from the top down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.design.diagrams.layering import layers_of
from reviewer.design.diagrams.svg_down import draw_down
from reviewer.design.diagrams.svg_parts import BOX, LETTER, MARGIN, Picture

if TYPE_CHECKING:
    from reviewer.design.diagrams.model import Flow

_BETWEEN: Final = 14
"""Between boxes of one column."""
_ACROSS: Final = 90
"""Between two columns."""


def draw_flow(flow: Flow) -> Picture:
    """Return the drawing of a graph."""
    return _across(flow) if flow.across else draw_down(flow)


def _across(flow: Flow) -> Picture:
    """Draw each layer as a column, and arrows as curves between them."""
    layers = layers_of(flow)
    labels = {node.id: node.label for node in flow.nodes}
    tallest = max(len(layer) for layer in layers)
    picture = Picture(height=2 * MARGIN + tallest * BOX + (tallest - 1) * _BETWEEN)
    places: dict[str, tuple[float, float, float]] = {}
    x = float(MARGIN)
    for layer in layers:
        width = max(len(labels[name]) for name in layer) * LETTER + 30
        y = MARGIN + (tallest - len(layer)) * (BOX + _BETWEEN) / 2
        for name in layer:
            places[name] = (x, y, width)
            y += BOX + _BETWEEN
        picture.width = x + width + MARGIN
        x += width + _ACROSS
    for edge in flow.edges:
        left, top, width = places[edge.source]
        x1, y1 = left + width, top + BOX / 2
        x2, y2 = places[edge.target][0] - 2, places[edge.target][1] + BOX / 2
        bend = (x2 - x1) / 2
        path = f"M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
        picture.line(path, flow.id, dashed=edge.dashed)
    for node in flow.nodes:
        left, top, width = places[node.id]
        picture.box(left, top, width, BOX, node.label, node.kind)
    return picture
