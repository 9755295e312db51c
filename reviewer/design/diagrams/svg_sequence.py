"""Draws a sequence: actors at the top, lifelines below, one row for each message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from reviewer.design.diagrams.svg_parts import LETTER, Picture

if TYPE_CHECKING:
    from reviewer.design.diagrams.model import Sequence

_HEAD: Final = 34
_ROW: Final = 36
_LOOP: Final = 26
_MARGIN: Final = 14


def draw_sequence(sequence: Sequence) -> Picture:
    """Return the drawing of a sequence."""
    place = {name: number for number, (name, _) in enumerate(sequence.actors)}
    widths = [max(len(label) * LETTER + 24, 90) for _, label in sequence.actors]
    gaps = [(widths[at] + widths[at + 1]) / 2 + 24 for at in range(len(widths) - 1)]
    right = widths[-1] / 2
    for message in sequence.messages:
        first, last = sorted((place[message.source], place[message.target]))
        room = len(message.text) * LETTER * 0.86 + 30
        if first == last:
            if first < len(gaps):
                gaps[first] = max(gaps[first], room + _LOOP)
            else:
                right = max(right, room + _LOOP)
        elif room > sum(gaps[first:last]):
            gaps[last - 1] += room - sum(gaps[first:last])
    middles = [_MARGIN + widths[0] / 2]
    for gap in gaps:
        middles.append(middles[-1] + gap)
    bottom = _MARGIN + _HEAD + _ROW * (len(sequence.messages) + 1)
    picture = Picture(middles[-1] + right + _MARGIN, bottom + _MARGIN)
    for (_, label), middle, width in zip(sequence.actors, middles, widths, strict=True):
        picture.parts.append(
            Markup('<path d="M{:.1f} {:.1f}V{:.1f}" stroke="var(--line, #ccc)" stroke-dasharray="3 3"/>').format(
                middle, _MARGIN + _HEAD, bottom
            )
        )
        picture.box(middle - width / 2, _MARGIN, width, _HEAD, label, "actor")
    for row, message in enumerate(sequence.messages, 1):
        y = _MARGIN + _HEAD + _ROW * row
        source, target = middles[place[message.source]], middles[place[message.target]]
        if source == target:
            path = f"M{source:.1f} {y - 8:.1f}h{_LOOP}v14h-{_LOOP - 3}"
            picture.line(path, sequence.id)
            picture.text(source + _LOOP + 6, y + 3, message.text, anchor="start", small=True)
        else:
            picture.line(f"M{source:.1f} {y:.1f}H{target - 2 if target > source else target + 2:.1f}", sequence.id,
                         dashed=message.reply)  # fmt: skip
            picture.text((source + target) / 2, y - 6, message.text, small=True)
    return picture
