"""How much of a file the parser could not understand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.core.location import Location
from reviewer.core.regex import regex
from reviewer.experts.place import locate_bytes

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

    from reviewer.code.module import Module

_MOST_NODES: Final = 50_000
_SHOWN: Final = 2_000
_SHARE: Final = 0.2
"""Part of a file that may be in error before the file counts as not understood."""
_NAMED_THERE: Final = frozenset(
    {"export_clause", "export_specifier", "export_statement", "import_clause", "import_specifier", "named_imports"}
)
_TYPES: Final = frozenset({"interface_body", "jsx_attribute", "object_type"})
_WORDS: Final = regex(rb"[\w$\s,*]{1,80}")
_HOLE: Final = regex(rb"<%|%>|\{\{[^\n]{1,200}\}\}|\{%|%\}|%%?[A-Z][A-Z_]{1,60}%")
"""What a template says where something is put in before anybody runs it."""
_HEAD: Final = 1_000
_STENCILS: Final = frozenset({"template", "templates", "blueprints", "skeleton"})
"""Folders of files of which others are made."""
_DECLARES: Final = regex(r"\.d\.(?:\w{1,20}\.)?[cm]?ts$")
"""The end of the name of a file that only declares types."""


class Damage(Struct, frozen=True):
    """Syntax errors of a file: the first place, and whether most of the rest was understood.

    A file may be ``mute``, so that its place is nobody's mistake: a template, one of
    Flow, or one that only declares types.
    """

    first: Location
    severe: bool
    mute: bool = False


def damage(module: Module) -> Damage | None:
    """Return what is wrong with the syntax of a module, or None.

    What is younger than the parser and harms nothing behind it is left out: a word among the names of an import, the
    type of a member.
    """
    if not module.tree.root_node.has_error:
        return None
    start, end, lost = _errors(module.tree)
    if end == 0 and lost == 0:
        return None
    line_end = module.source.find(b"\n", start)
    stop = len(module.source) if line_end < 0 else line_end
    first = locate_bytes(module, start, max(start, min(end, stop)))
    line = module.source[module.source.rfind(b"\n", 0, start) + 1 : max(stop, min(end, start + _SHOWN))]
    template = "{{" in module.path or _HOLE.search(line) is not None
    template = template or b"@flow" in module.source[:_HEAD] or not _STENCILS.isdisjoint(module.path.split("/")[:-1])
    mute = template or _DECLARES.search(module.path.rsplit("/", 1)[-1][-30:]) is not None
    return Damage(first, severe=lost > _SHARE * max(1, len(module.source)), mute=mute)


def _is_contained(node: Node) -> bool:
    """Tell whether an error ends with what it stands in: nothing behind it is read as something else."""
    around, text = node.parent, node.text or b""
    if around is not None and around.type in _NAMED_THERE and _WORDS.fullmatch(text):
        return True
    for _ in range(5):
        if around is None:
            return False
        if around.type in _TYPES:
            return True
        around = around.parent
    return False


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
        if wrong and not _is_contained(node):
            first = first or (node.start_byte, node.end_byte)
            lost += node.end_byte - node.start_byte
        if node.has_error and not wrong and cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return (*(first or (0, 0)), lost)
    root = tree.root_node
    return (*(first or (0, 0)), root.end_byte)
