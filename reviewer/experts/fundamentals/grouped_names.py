"""Patterns that take a longer name apart: the part of one that is the name of a plugin has a grammar, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Literal, Regex, Template
from reviewer.code.text.words import words
from reviewer.core.regex import regex
from reviewer.experts.fundamentals.vocabulary import PLUGINS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_GROUP: Final = regex(r"\(\?P?<([A-Za-z_]\w{0,40})>")
_IDS: Final = frozenset({"id", "name"})
_NAMED: Final = PLUGINS - frozenset(
    "ext exts add in app apps component components feature module modules mod mods package packages manifest manifests "
    "descriptor".split()
)
"""What a group is called that holds the name of a plugin, and hardly a part of a path or of a version."""
_LONGEST: Final = 400


def grouped_names(module: Module) -> Iterator[tuple[Node, str]]:
    """Yield each pattern with the grammar of a group in it that is called as a plugin: ``(?<addon>[a-z]+):…``."""
    for node in module.some(Regex, Literal):
        text = node.pattern if isinstance(node, Regex) else getattr(node, "value", "")
        if not isinstance(text, str) or len(text) > _LONGEST or "(?" not in text or isinstance(node.parent, Template):
            continue
        for hit in _GROUP.finditer(text):
            said = set(words(hit[1]))
            inner = _inside(text, hit.end()) if said & _NAMED and said <= _NAMED | _IDS else ""
            if inner and not _GROUP.search(inner):
                yield node, inner


def _inside(text: str, start: int) -> str:
    """Return the pattern from a place to the bracket that ends its group."""
    depth, listed, at = 0, False, start
    while at < len(text):
        sign = text[at]
        if sign == "\\":
            at += 1
        elif listed:
            listed = sign != "]"
        elif sign == "[":
            listed = True
        elif sign == "(":
            depth += 1
        elif sign == ")":
            if depth == 0:
                return text[start:at]
            depth -= 1
        at += 1
    return ""
