"""Object types that are written out where they are used: ``storage: { get(key: string): Promise<unknown> }``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from reviewer.code.text.languages import grammar, grammar_of

if TYPE_CHECKING:
    from tree_sitter import Query

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class

_WRAPPERS: Final = "Promise Readonly Required Partial Optional Awaitable Coroutine Final Awaited NonNullable".split()
_NOTHING: Final = frozenset({"undefined", "null"})
_MATCHES_AT_ONCE: Final = 1000
"""Unfinished matches that a query may hold; more is a file made to be slow."""


def written_type(module: Module, annotation: str) -> Class | None:
    """Return the members of an object type of the file that an annotation writes out; None where it doesn't."""
    text = annotation.strip().removeprefix("readonly ").strip()
    if not text.startswith("{") or module.language != "typescript":
        return None
    while not text.endswith("}"):
        text, bar, last = text.rpartition("|")
        if not bar or last.strip() not in _NOTHING:
            return None
        text = text.rstrip()
    return module.once("code.written types", lambda: _written(module)).get(text)


def unwrapped(annotation: str) -> str:
    """Return a type without what only wraps it: ``X`` of ``Promise<X>``, ``Optional[X]``, ``Coroutine[Any, Any, X]``.

    An object type that is written out is one argument, whatever stands in it.
    """
    text = annotation
    for wrapper in _WRAPPERS:
        for opening, closing in (("<", ">"), ("[", "]")):
            if text.startswith(wrapper + opening) and text.endswith(closing):
                inner = text[len(wrapper) + 1 : -1].strip()
                text = inner if inner.startswith("{") else inner.rsplit(",", 1)[-1].strip()
    return text


@cache
def _query(name: str) -> Query:
    from tree_sitter import Query

    return Query(grammar(name), "(object_type) @type")


def _written(module: Module) -> dict[str, Class]:
    """Return the object types of a file by their text; two of one text are the same."""
    from tree_sitter import QueryCursor

    from reviewer.code.javascript.definitions import class_
    from reviewer.code.javascript.lowering import JavaScriptLowering

    low = module.lowering
    if module.too_deep or not isinstance(low, JavaScriptLowering):
        return {}
    cursor = QueryCursor(_query(grammar_of(module.path)), match_limit=_MATCHES_AT_ONCE)
    found: dict[str, Class] = {}
    for raw in cursor.captures(module.tree.root_node).get("type", ()):
        text = module.text(raw)
        if text not in found:
            found[text] = class_(low, raw)
    return found
