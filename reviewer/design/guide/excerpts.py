"""Cuts declarations out of generated code, so that a guide shows what really is in the files."""

from __future__ import annotations

import re
from typing import NamedTuple


class Excerpt(NamedTuple):
    """A piece of a generated file."""

    path: str
    language: str
    text: str


def whole(path: str, text: str) -> Excerpt:
    """Return a file as a whole."""
    return Excerpt(path, _language(path), text.rstrip("\n"))


def declaration(path: str, text: str, name: str) -> Excerpt:
    """Return the declaration of a name, or ``Class.member``, with its comment; raises LookupError without one."""
    outer, _, member = name.partition(".")
    lines = text.rstrip("\n").split("\n")
    first, last = _block(lines, outer, path)
    if member:
        inner_first, inner_last = _block(lines[first + 1 : last], member, path, indented=True)
        first, last = first + 1 + inner_first, first + 1 + inner_last
    return Excerpt(path, _language(path), "\n".join(lines[first:last]).rstrip("\n"))


def _block(lines: list[str], name: str, path: str, *, indented: bool = False) -> tuple[int, int]:
    """Return the first line of a declaration and the one behind its last."""
    python = path.endswith(".py")
    head = re.compile(
        (r"^(\s*)(?:async )?(?:class|def) " if python else
         r"^(\s*)(?:export )?(?:default )?(?:async )?(?:class|function|interface|type|const )?\s*#?")
        + re.escape(name) + (r"\b" if python else r"(?=[ (<:=])")
    )  # fmt: skip
    for number, line in enumerate(lines):
        found = head.match(line)
        if found is None or bool(found[1]) is not indented:
            continue
        last = _end(lines, number, len(found[1]), python=python)
        return _with_comment(lines, number), last
    raise LookupError(f"{path} does not declare {name}")


def _end(lines: list[str], first: int, indent: int, *, python: bool) -> int:
    """Return the line behind the last of a block that begins here."""
    for number in range(first + 1, len(lines)):
        line = lines[number]
        depth = len(line) - len(line.lstrip())
        if not line.strip() or depth > indent:
            continue
        if python:
            if line.strip() in (")", ") -> None:", "]") or line.strip().startswith(")"):
                continue
            return number
        if line.strip()[0] in "}])":
            if line.rstrip().endswith("{"):
                continue
            return number + 1
        return number
    return len(lines)


def _with_comment(lines: list[str], first: int) -> int:
    """Return the line where the comment or the decorator before a declaration begins."""
    while first > 0 and lines[first - 1].strip().startswith(("/**", "*", "@", "//")):
        first -= 1
    return first


def _language(path: str) -> str:
    return {"ts": "ts", "py": "python", "json": "json"}.get(path.rsplit(".", 1)[-1], "text")
