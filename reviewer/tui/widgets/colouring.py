"""Colours source lines by a few words and signs, in time that grows with the line and no faster."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, NamedTuple

import re2

_WORDS: Final = {
    "javascript": (
        "abstract as async await break case catch class const constructor continue debugger declare default delete do "
        "else enum export extends finally for from function get if implements import in instanceof interface let new "
        "of private protected public readonly return set static super switch this throw try type typeof var void "
        "while with yield true false null undefined"
    ),
    "python": (
        "and as assert async await break class continue def del elif else except finally for from global if import in "
        "is lambda match nonlocal not or pass raise return try while with yield self True False None"
    ),
    "data": "true false null",
}
_COMMENT: Final = {
    "javascript": r"//.*|/\*.*?\*/|/\*.*|^\s*\*(?:\s.*|/|$)",
    "python": r"#.*",
    "data": r"(?:^|\s)#.*|//.*",
}
_STRING: Final = r'"(?:[^"\\]|\\.)*"?|\'(?:[^\'\\]|\\.)*\'?'
_TEMPLATE: Final = r"|`(?:[^`\\]|\\.)*`?"
_LANGUAGES: Final = {
    ".js": "javascript", ".jsx": "javascript", ".mjs": "javascript", ".cjs": "javascript", ".ts": "javascript",
    ".tsx": "javascript", ".mts": "javascript", ".cts": "javascript", ".py": "python", ".pyi": "python",
    ".json": "data", ".jsonc": "data", ".json5": "data", ".yaml": "data", ".yml": "data", ".toml": "data",
    "javascript": "javascript", "typescript": "javascript", "js": "javascript", "ts": "javascript",
    "tsx": "javascript", "jsx": "javascript", "python": "python", "py": "python", "json": "data", "yaml": "data",
    "toml": "data",
}  # fmt: skip
_STYLES: Final = {"comment": "$faint italic", "string": "$text-success", "number": "$text-warning"}
_KEYWORD: Final = "$text-secondary"
_LONGEST: Final = 2000


class Stretch(NamedTuple):
    """A part of a line with its style, in characters."""

    start: int
    end: int
    style: str


def family_of(name: str) -> str:
    """Return the family of languages that a path's ending or a language's name belongs to, or an empty text."""
    _, dot, ending = name.rpartition(".")
    return _LANGUAGES.get(f".{ending.casefold()}" if dot else name.casefold(), "")


def stretches(line: str, family: str) -> list[Stretch]:
    """Return the coloured parts of a line in order; a family that is not known has none."""
    if not family or len(line) > _LONGEST:
        return []
    pattern, words = _grammar(family)
    found = []
    for hit in pattern.finditer(line):
        kind = hit.lastgroup or ""
        style = _STYLES.get(kind, _KEYWORD if kind == "word" and hit.group() in words else "")
        if style:
            found.append(Stretch(hit.start(), hit.end(), style))
    return found


@cache
def _grammar(family: str) -> tuple[Any, frozenset[str]]:
    strings = _STRING + (_TEMPLATE if family == "javascript" else "")
    pattern = (
        f"(?P<comment>{_COMMENT[family]})|(?P<string>{strings})"
        r"|(?P<word>[A-Za-z_$][A-Za-z0-9_$]*)|(?P<number>\b[0-9][0-9A-Fa-fxob_.]*)"
    )
    return re2.compile(pattern), frozenset(_WORDS[family].split())
