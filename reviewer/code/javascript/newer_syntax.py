"""Syntax that is younger than the grammars, said in older words of the same length, so that every place stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.text.languages import parser
from reviewer.core.regex import regex

if TYPE_CHECKING:
    import re

    from tree_sitter import Tree

_ALONE: Final = rb"(?<![\w$.\"'`-])"
_NAME: Final = rb"[A-Za-z_$][\w$]{0,200}"
_LEFT_OUT: Final = (
    # export type * from "./contract"
    regex(_ALONE + rb"export\s{1,9}(?P<part>type)(?=\s{0,9}\*)"),
    # import defer * as heavy from "./heavy"; import source wasm from "./a.wasm"
    regex(_ALONE + rb"import\s{1,9}(?P<part>defer(?=\s{1,9}\*)|source(?=\s{1,9}" + _NAME + rb"\s{1,9}from\b))"),
    # export { default } from "./package.json" with { type: "json" }
    regex(
        rb"\bfrom\s{0,9}(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}')\s{1,9}(?P<part>(?:with|assert)\s{0,9}\{[^{}]{0,300}\})"
    ),
    # class Panel { accessor title = "" }
    regex(_ALONE + rb"(?P<part>accessor)(?=[ \t]{1,9}#?" + _NAME + rb"\s{0,9}[=;:!?}\n])"),
    # interface Port<in out Message> {}
    regex(rb"[<,]\s{0,9}(?P<part>in\s{1,9}out|in|out)(?=\s{1,9}" + _NAME + rb"\s{0,9}(?:[,>=]|\bextends\b))"),
    # type Answer = import("./wire").Reply<string>
    regex(rb"[:|&<,=(]\s{0,9}(?P<part>import\((?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}')\)\.)(?=[A-Z][\w$.]{0,200}<)"),
)
"""What says no more than the grammar already takes from the rest: its part is left out."""
_HELD: Final = regex(
    _ALONE + rb"(?P<part>(?:await[ \t]{1,9})?using)(?=[ \t]{1,9}(?!of\b|in\b)" + _NAME + rb"\s{0,9}(?:[=:](?!=)|of\b))"
)
"""``using file = open()`` and ``await using``; to the grammar of TypeScript ``using`` is an expression of its own."""


def parsed(grammar: str, source: bytes) -> Tree:
    """Return the tree of a text, with whatever is newer than the grammar said in older words."""
    if grammar != "javascript" and b"using" in source:
        source = _HELD.sub(_constant, source)
    tree = parser(grammar).parse(source)
    if not tree.root_node.has_error:
        return tree
    older = in_older_words(source)
    return tree if older == source else parser(grammar).parse(older)


def in_older_words(source: bytes) -> bytes:
    """Return a text that the grammars understand in place of one that they don't, byte for byte as long."""
    for pattern in _LEFT_OUT:
        source = pattern.sub(_blank, source)
    return source


def _blank(found: re.Match[bytes]) -> bytes:
    """Return what was found with spaces for its part; line breaks stay, for they count."""
    whole, start = found[0], found.start("part") - found.start()
    part = found["part"]
    blank = b"\n".join(b" " * len(line) for line in part.split(b"\n"))
    return whole[:start] + blank + whole[start + len(part) :]


def _constant(found: re.Match[bytes]) -> bytes:
    return b"const".ljust(len(found["part"]))
