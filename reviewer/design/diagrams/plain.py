"""Writes diagrams as plain text for terminals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.design.diagrams.layering import layers_of
from reviewer.design.diagrams.model import START, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.design.diagrams.model import Flow

_GAP: Final = 4


def plain(diagram: Flow | Sequence) -> str:
    """Return a diagram in ASCII."""
    lines = _sequence(diagram) if isinstance(diagram, Sequence) else _flow(diagram)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _flow(flow: Flow) -> Iterator[str]:
    """Write each node with the arrows that leave it, those nearest to the start first."""
    names = {group.id: group.label for group in flow.groups}
    for layer in layers_of(flow):
        for name in layer:
            node = next(one for one in flow.nodes if one.id == name)
            inside = f"  (in {names[node.group]})" if node.group else ""
            yield f"({node.label})" if name == START else f"[{node.label}]{inside}"
            for edge in flow.edges:
                if edge.source == name:
                    line = ". ." if edge.dashed else "---"
                    label = f" {edge.label} " if edge.label else ""
                    yield f"  +{line}{label}{line}> {flow.label(edge.target)}"


def _sequence(sequence: Sequence) -> Iterator[str]:
    """Write lifelines as columns, wide enough for the longest message between neighbours."""
    labels = [label for _, label in sequence.actors]
    place = {name: number for number, (name, _) in enumerate(sequence.actors)}
    widths = [max(len(label), 6) + _GAP for label in labels]
    for message in sequence.messages:
        first, last = sorted((place[message.source], place[message.target]))
        if first == last:
            widths[first] = max(widths[first], len(message.text) + 6)
            continue
        lacking = len(message.text) + 8 - sum(widths[first:last])
        if lacking > 0:
            widths[last - 1] += lacking
    starts = [sum(widths[:number]) for number in range(len(labels))]
    yield "".join(label.ljust(width) for label, width in zip(labels, widths, strict=True))
    for message in sequence.messages:
        yield _lines(starts, len(starts))
        yield _arrow(starts, place[message.source], place[message.target], message.text, dashed=message.reply)
    yield _lines(starts, len(starts))


def _lines(starts: list[int], count: int) -> str:
    """Return a row of lifelines."""
    row = [" "] * (starts[count - 1] + 1)
    for start in starts[:count]:
        row[start] = "|"
    return "".join(row)


def _arrow(starts: list[int], source: int, target: int, text: str, *, dashed: bool) -> str:
    """Return the row of one message."""
    row = list(_lines(starts, len(starts)).ljust(starts[-1] + len(text) + 8))
    if source == target:
        said = f"|--. {text}"
        row[starts[source] : starts[source] + len(said)] = said
        return "".join(row)
    first, last = sorted((starts[source], starts[target]))
    room = last - first - 1
    body = f" {text} ".center(room, "." if dashed else "-")
    body = (body[:-1] + ">") if target > source else ("<" + body[1:])
    row[first + 1 : last] = body
    return "".join(row)
