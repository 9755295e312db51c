"""Draws a graph from the top down: arrows to the next layer straight, all others around the right side.

Between two layers there is a gap with three zones: at its top a channel for each arrow that leaves
the layer above to go around, then the arrows that go straight, then a channel for each arrow that
comes back from the side. So no arrow crosses a box, and no two labels stand at one place.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from markupsafe import Markup
from msgspec import Struct

from reviewer.design.diagrams.layering import layers_of
from reviewer.design.diagrams.model import START
from reviewer.design.diagrams.svg_parts import BOX, LETTER, MARGIN, Picture

if TYPE_CHECKING:
    from reviewer.design.diagrams.model import Edge, Flow

_BETWEEN: Final = 26
"""Between boxes of one layer."""
_STRAIGHT: Final = 54
"""Height of the zone of straight arrows."""
_CHANNEL: Final = 15
_LANE: Final = 14
_DOT: Final = 20.0
_FRAME: Final = 22
"""Room for the frame of a group, below its boxes."""


class _Place(Struct, frozen=True):
    """Where a box stands."""

    x: float
    y: float
    width: float
    layer: int

    def port(self, number: int, of: int) -> float:
        """Return the x of one of several arrows at this box."""
        return self.x + self.width * (number + 1) / (of + 1)


def draw_down(flow: Flow) -> Picture:
    """Return the drawing of a graph."""
    return _Drawing(flow).picture


class _Drawing:
    """The drawing of one graph, step by step."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self.picture = Picture()
        self._layers = layers_of(flow)
        depth = {name: at for at, layer in enumerate(self._layers) for name in layer}
        self._straight = [edge for edge in flow.edges if depth[edge.target] - depth[edge.source] == 1]
        around = [edge for edge in flow.edges if edge not in self._straight]
        self._around = sorted(around, key=lambda edge: abs(depth[edge.target] - depth[edge.source]))
        self._leaving: defaultdict[int, list[Edge]] = defaultdict(list)
        self._coming: defaultdict[int, list[Edge]] = defaultdict(list)
        for edge in self._around:
            self._leaving[depth[edge.source]].append(edge)
            self._coming[depth[edge.target]].append(edge)
        self._places = self._placed()
        for group in flow.groups:
            self._frame(group.id, group.label)
        self._draw_around()
        self._draw_straight()
        for node in flow.nodes:
            place = self._places[node.id]
            if node.id == START:
                self._dot(place)
            else:
                self.picture.box(place.x, place.y, place.width, BOX, node.label, node.kind)
        for x, y, text in self._labels:
            self.picture.patch(x, y, text)

    def _placed(self) -> dict[str, _Place]:
        """Return where each box stands; a box has room for the labels of the arrows that lead to it."""
        labels: defaultdict[str, float] = defaultdict(float)
        for edge in self._straight:
            labels[edge.target] += len(edge.label) * LETTER * 0.86 + 14
        widths = {n.id: _DOT if n.id == START else len(n.label) * LETTER + 30 for n in self._flow.nodes}
        for name, room in labels.items():
            if sum(edge.target == name for edge in self._straight) > 1:
                widths[name] = max(widths[name], room)  # each of the arrows has to end at the box
        frames = {group.id: len(group.label) * LETTER + 44 for group in self._flow.groups}
        for node in self._flow.nodes:
            labels[node.id] = max(labels[node.id], frames.get(node.group, 0))
        slots = {name: max(width, labels[name]) for name, width in widths.items()}
        rows = [sum(slots[name] for name in layer) + _BETWEEN * (len(layer) - 1) for layer in self._layers]
        widest = max(rows)
        places: dict[str, _Place] = {}
        y = float(MARGIN) + _CHANNEL * len(self._coming[0])
        for number, (layer, row) in enumerate(zip(self._layers, rows, strict=True)):
            x = MARGIN + (widest - row) / 2
            for name in layer:
                places[name] = _Place(x + (slots[name] - widths[name]) / 2, y, widths[name], number)
                x += slots[name] + _BETWEEN
            y += BOX + _CHANNEL * (len(self._leaving[number]) + len(self._coming[number + 1])) + _STRAIGHT
        last = len(self._layers) - 1
        bottom = y - _STRAIGHT
        self._labels: list[tuple[float, float, str]] = []
        self.picture.width = 2 * MARGIN + widest
        self.picture.height = bottom + MARGIN + (_FRAME if self._flow.groups and last >= 0 else 0)
        return places

    def _draw_straight(self) -> None:
        """Draw the arrows to the next layer: bent in their zone, then straight down."""
        for edge in self._straight:
            source, target = self._places[edge.source], self._places[edge.target]
            leaving = [one for one in self._straight if one.source == edge.source]
            coming = [one for one in self._straight if one.target == edge.target]
            x1 = source.x + source.width / 2 if len(leaving) == 1 else source.port(leaving.index(edge), len(leaving))
            x2 = self._entry(target, coming, edge)
            top = source.y + BOX + _CHANNEL * len(self._leaving[source.layer])
            end = top + _STRAIGHT
            bend = _STRAIGHT / 2
            down = f"M{x1:.1f} {source.y + BOX:.1f}V{top:.1f}C{x1:.1f} {top + bend:.1f} {x2:.1f} {top + bend / 2:.1f} "
            self.picture.line(f"{down}{x2:.1f} {end - 26:.1f}V{target.y - 2:.1f}", self._flow.id, dashed=edge.dashed)
            if edge.label:
                self._labels.append((x2, end - 20, edge.label))

    def _entry(self, target: _Place, coming: list[Edge], edge: Edge) -> float:
        """Return where an arrow enters a box from above, so that labels of several stand side by side."""
        if len(coming) == 1:
            return target.x + target.width / 2
        widths = [len(one.label) * LETTER * 0.86 + 14 for one in coming]
        at = coming.index(edge)
        wide = target.x + target.width / 2 - sum(widths) / 2 + sum(widths[:at]) + widths[at] / 2
        return min(max(wide, target.x + 8), target.x + target.width - 8) if not edge.label else wide

    def _draw_around(self) -> None:
        """Draw the arrows that go around: down into their channel, along a lane, and back from above."""
        right = self.picture.width - MARGIN
        for lane, edge in enumerate(self._around):
            source, target = self._places[edge.source], self._places[edge.target]
            leaving, coming = self._leaving[source.layer], self._coming[target.layer]
            own_out = [one for one in leaving if one.source == edge.source]
            own_in = [one for one in coming if one.target == edge.target]
            x1 = source.port(own_out.index(edge), len(own_out)) if len(own_out) > 1 else source.x + source.width * 0.8
            x2 = target.port(own_in.index(edge), len(own_in)) if len(own_in) > 1 else target.x + target.width * 0.8
            y1 = source.y + BOX + _CHANNEL * (leaving.index(edge) + 0.8)
            y2 = target.y - _CHANNEL * (len(coming) - coming.index(edge) - 0.2)
            turn = right + _LANE * (lane + 1)
            path = f"M{x1:.1f} {source.y + BOX:.1f}V{y1:.1f}H{turn:.1f}V{y2:.1f}H{x2:.1f}V{target.y - 2:.1f}"
            self.picture.line(path, self._flow.id, dashed=edge.dashed)
            if edge.label:
                room = len(edge.label) * LETTER * 0.86 + 8
                self._labels.append((max(right - room / 2, x1 + room / 2 + 6), y1 + 4, edge.label))
            self.picture.width = max(self.picture.width, turn + MARGIN)

    def _frame(self, group: str, label: str) -> None:
        """Draw the frame of a group around its boxes, its label below them."""
        inside = [self._places[node.id] for node in self._flow.nodes if node.group == group]
        if not inside:
            return
        left, top = min(one.x for one in inside) - 10, min(one.y for one in inside) - 10
        right = max(max(one.x + one.width for one in inside) + 10, left + len(label) * LETTER + 20)
        bottom = max(one.y for one in inside) + BOX + _FRAME
        self.picture.frame(left, top, right - left, bottom - top, label)
        self.picture.width = max(self.picture.width, right + MARGIN)

    def _dot(self, place: _Place) -> None:
        """Draw the point from which a state machine begins."""
        x, y = place.x + place.width / 2, place.y + BOX / 2 + 8
        self.picture.parts.append(
            Markup('<circle cx="{:.1f}" cy="{:.1f}" r="8" fill="var(--ink, #1a1f27)"/>').format(x, y)
        )
