"""Where a piece of code stands, in lines and columns that count characters from 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.location import Location

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node


def locate(module: Module, node: Node) -> Location:
    """Return the place of a node of a module.

    A check that collects nodes of many files and speaks at the end asks for their places at
    once, because a module may have been let go by then.
    """
    return locate_raw(module, node.raw)


def locate_raw(module: Module, raw: RawNode) -> Location:
    """Return the place of a parser's node of a module."""
    start, end = raw.start_point, raw.end_point
    return Location(
        path=module.file_of(raw.start_byte),
        line=start[0] + 1,
        column=_column(module.source, raw.start_byte, start[1]),
        end_line=end[0] + 1,
        end_column=_column(module.source, raw.end_byte, end[1]),
    )


def locate_bytes(module: Module, start: int, end: int) -> Location:
    """Return the place of a stretch of bytes of a module's source."""
    source = module.source
    first, last = source.rfind(b"\n", 0, start) + 1, source.rfind(b"\n", 0, end) + 1
    return Location(
        path=module.path,
        line=source.count(b"\n", 0, start) + 1,
        column=_column(source, start, start - first),
        end_line=source.count(b"\n", 0, end) + 1,
        end_column=_column(source, end, end - last),
    )


def _column(source: bytes, position: int, behind: int) -> int:
    """Return the column of a byte position that stands ``behind`` bytes into its line."""
    if position > len(source):  # of what another file lends, only the place is known
        return behind + 1
    return len(source[position - behind : position].decode("utf-8", "replace")) + 1
