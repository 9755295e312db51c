"""Waiting that the grammars take for something else: ``await (x).y()`` and, in TypeScript, ``await x.y<T>()``.

The first is a call of a function named ``await`` to them, the second a call of what ``await x.y`` gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode

_SPELLED: Final = regex(rb"\bawait\s*\(|\bawait\b[^;]{0,400}>\s*\(")
_BASES: Final = {"call_expression": "function", "member_expression": "object", "subscript_expression": "object"}


class AwaitedCalls:
    """Finds such calls at the beginning of chains of calls and members; each chain is gone down once."""

    def __init__(self, source: bytes) -> None:
        """Take the text of the module; most have nothing of the kind."""
        self._possible = _SPELLED.search(source) is not None
        self._seen: set[int] = set()
        self._values: dict[int, RawNode] = {}

    def call_in(self, top: RawNode) -> RawNode | None:
        """Return the call of ``await`` that a chain begins with, where ``top`` is the whole chain."""
        if not self._possible or top.type not in _BASES or top.id in self._seen:
            return None
        node, last = top, top
        while node.type in _BASES:
            self._seen.add(node.id)
            base = node.child_by_field_name(_BASES[node.type])
            if base is None:
                return None
            node, last = base, node
        if node.type == "await_expression":
            return self._of_generic(node, last)
        if node.type != "identifier" or node.text != b"await" or last.type != "call_expression":
            return None
        arguments = last.child_by_field_name("arguments")
        given = [child for child in arguments.named_children if child.type != "comment"] if arguments else []
        if len(given) != 1:
            return None
        self._values[last.id] = given[0]
        return last

    def _of_generic(self, wait: RawNode, call: RawNode) -> RawNode | None:
        """Return the ``await`` in front of a call with type arguments, which is what is really waited for."""
        inner = [child for child in wait.named_children if child.type != "comment"]
        if call.type != "call_expression" or call.child_by_field_name("type_arguments") is None or len(inner) != 1:
            return None
        self._values[wait.id] = inner[0]
        return wait

    def value_of(self, call: RawNode) -> RawNode | None:
        """Return what such a call waits for, or None for any other node."""
        return self._values.get(call.id)
