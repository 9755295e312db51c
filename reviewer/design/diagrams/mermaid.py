"""Writes diagrams as Mermaid: ids from the model, labels escaped, no stored coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex
from reviewer.design.diagrams.model import START, Flow, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.design.diagrams.model import Node

_OTHER: Final = regex(r"[^a-zA-Z0-9]")
_SHAPES: Final = {"actor": ("([", "])"), "store": ("[(", ")]"), "plugin": ("{{", "}}")}
_LETTERS: Final = regex(r"[^\w .,:'()/+*=?!-]")


def mermaid(diagram: Flow | Sequence) -> str:
    """Return the source of a diagram."""
    if isinstance(diagram, Sequence):
        lines = _sequence(diagram)
    else:
        lines = _machine(diagram) if diagram.machine else _flow(diagram)
    return "\n".join(lines) + "\n"


def _flow(flow: Flow) -> Iterator[str]:
    yield "flowchart LR" if flow.across else "flowchart TB"
    for node in flow.nodes:
        if not node.group:
            yield f"  {_box(node)}"
    for group in flow.groups:
        yield f'  subgraph {_id(group.id)}["{_label(group.label)}"]'
        for node in flow.nodes:
            if node.group == group.id:
                yield f"    {_box(node)}"
        yield "  end"
    for edge in flow.edges:
        arrow = "-.->" if edge.dashed else "-->"
        label = f'|"{_label(edge.label)}"|' if edge.label else ""
        yield f"  {_id(edge.source)} {arrow}{label} {_id(edge.target)}"


def _box(node: Node) -> str:
    opening, closing = _SHAPES.get(node.kind, ("[", "]"))
    return f'{_id(node.id)}{opening}"{_label(node.label)}"{closing}'


def _machine(flow: Flow) -> Iterator[str]:
    yield "stateDiagram-v2"
    for node in flow.nodes:
        if node.id != START:
            yield f'  state "{_label(node.label)}" as {_id(node.id)}'
    for edge in flow.edges:
        source, target = (("[*]" if end == START else _id(end)) for end in (edge.source, edge.target))
        yield f"  {source} --> {target}" + (f" : {_label(edge.label)}" if edge.label else "")


def _sequence(sequence: Sequence) -> Iterator[str]:
    yield "sequenceDiagram"
    for name, label in sequence.actors:
        yield f"  participant {_id(name)} as {_label(label)}"
    for message in sequence.messages:
        arrow = "-->>" if message.reply else "->>"
        yield f"  {_id(message.source)}{arrow}{_id(message.target)}: {_label(message.text)}"


def _id(name: str) -> str:
    """Return an id that is no word of the language, whatever the name is."""
    return f"n_{_OTHER.sub('_', name)}"


def _label(text: str) -> str:
    """Return a text in which nothing is markup: everything unusual as a number."""
    return _LETTERS.sub(lambda found: f"#{ord(found[0])};", text)
