"""Reads the literal arguments of ``setup()`` in a ``setup.py``; nothing of it is run."""

from __future__ import annotations

import ast
from typing import Final

from reviewer.core.location import Location
from reviewer.core.regex import regex
from reviewer.subject.document import Document, DocumentError, Value
from reviewer.subject.documents.places import decode_document
from reviewer.subject.documents.python_metadata import parse_ini

_MOST_BYTES: Final = 200_000
"""A setup script is small; the parser of the standard library is given no more."""
_SECTIONS: Final = regex(r"[ \t]*\[[\w.\- ]+\]")


def parse_setup_script(path: str, data: bytes) -> Document:
    """Read the literals that are handed to ``setup()``: texts, lists and dicts, by the name of the argument.

    Entry points that are written as one text with ``[sections]`` become the same object as those
    written as a dict. What is computed is left out.
    """
    text = decode_document(path, data)
    whole = Location(path, 1, 1, max(1, text.count("\n") + 1), 1)
    if len(data) > _MOST_BYTES:
        raise DocumentError(f"is larger than {_MOST_BYTES:,} bytes", whole)
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        line = error.lineno or 1
        raise DocumentError("can't be parsed as Python", Location(path, line, 1, line, 1)) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise DocumentError("can't be parsed as Python", whole) from error
    reader = _Literals(path, text.split("\n"))
    members: dict[str, Value] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _is_setup(node.func):
            for keyword in node.keywords:
                value = reader.value(keyword.value)
                if keyword.arg and value is not None:
                    members[keyword.arg] = Value(value.data, value.location, reader.name(keyword))
            break
    return Document(path, "python", Value(members, whole))


def _is_setup(callee: ast.expr) -> bool:
    name = callee.attr if isinstance(callee, ast.Attribute) else getattr(callee, "id", "")
    return name == "setup"


class _Literals:
    """Makes values of literal expressions, with their places in characters."""

    def __init__(self, path: str, lines: list[str]) -> None:
        self._path = path
        self._lines = lines

    def value(self, node: ast.expr) -> Value | None:
        """Return the value of a literal, or None for anything else."""
        place = self._place(node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            entries = self._sections(node)
            return entries if entries is not None else Value(node.value, place)
        if isinstance(node, ast.List | ast.Tuple):
            items = [item for item in map(self.value, node.elts) if item is not None]
            return Value(items, place)
        if isinstance(node, ast.Dict):
            members: dict[str, Value] = {}
            for key, held in zip(node.keys, node.values, strict=True):
                value = self.value(held)
                if isinstance(key, ast.Constant) and isinstance(key.value, str) and value is not None:
                    members[key.value] = Value(value.data, value.location, self._place(key))
            return Value(members, place)
        return None

    def name(self, keyword: ast.keyword) -> Location:
        """Return the place of the name of an argument."""
        column = self._column(keyword.lineno, keyword.col_offset)
        return Location(self._path, keyword.lineno, column, keyword.lineno, column + len(keyword.arg or ""))

    def _sections(self, node: ast.Constant) -> Value | None:
        """Return the sections of a text in the format of ``entry_points.txt``, or None where it is another text."""
        if not _SECTIONS.match(str(node.value).lstrip()) or node.lineno == node.end_lineno:
            return None
        lines = [""] * (node.lineno - 1) + str(node.value).split("\n")
        try:
            return parse_ini(self._path, "\n".join(map(_flat, lines)).encode()).root
        except DocumentError:
            return None

    def _place(self, node: ast.expr) -> Location:
        start = self._column(node.lineno, node.col_offset)
        last = node.end_lineno or node.lineno
        end = self._column(last, node.end_col_offset or 0)
        return Location(self._path, node.lineno, start, last, end)

    def _column(self, line: int, offset: int) -> int:
        """Return a column in characters from an offset in bytes."""
        text = self._lines[line - 1] if line <= len(self._lines) else ""
        return len(text.encode()[:offset].decode("utf-8", "ignore")) + 1


def _flat(line: str) -> str:
    """Take the margin from a line that starts an entry or a section, so that none looks like a continuation."""
    return line.strip()
