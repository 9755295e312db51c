"""How much of a file the parser could not understand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.location import Location
from reviewer.experts.place import locate_bytes

if TYPE_CHECKING:
    from tree_sitter import Tree

    from reviewer.code.module import Module

_MOST_NODES: Final = 50_000
_SHARE: Final = 0.2
"""Part of a file that may be in error before the file counts as not understood."""


class Damage(Struct, frozen=True):
    """Syntax errors of a file: the first place, and whether most of the rest was understood."""

    first: Location
    severe: bool


def damage(module: Module) -> Damage | None:
    """Return what is wrong with the syntax of a module, or None."""
    if not module.tree.root_node.has_error:
        return None
    start, end, lost = _errors(module.tree)
    line_end = module.source.find(b"\n", start)
    stop = len(module.source) if line_end < 0 else line_end
    first = locate_bytes(module, start, max(start, min(end, stop)))
    return Damage(first, severe=lost > _SHARE * max(1, len(module.source)))


def _errors(tree: Tree) -> tuple[int, int, int]:
    """Return the bytes of the first error, and how many bytes lie in errors."""
    cursor = tree.walk()
    first: tuple[int, int] | None = None
    lost = 0
    for _ in range(_MOST_NODES):
        node = cursor.node
        if node is None:
            break
        wrong = node.is_error or node.is_missing
        if wrong:
            first = first or (node.start_byte, node.end_byte)
            lost += node.end_byte - node.start_byte
        if node.has_error and not wrong and cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return (*(first or (0, 0)), lost)
    root = tree.root_node
    return (*(first or (0, 0)), root.end_byte)
