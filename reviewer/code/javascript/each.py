"""``items.forEach((item) => { … });`` is the loop that it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode

_PLAIN: Final = frozenset({"identifier", "object_pattern", "array_pattern"})
_OF_ITS_OWN: Final = frozenset({"arrow_function", "function_expression", "function_declaration", "method_definition"})
_LOOPS: Final = frozenset(
    {"for_statement", "for_in_statement", "while_statement", "do_statement", "switch_statement", "labeled_statement"}
)
_MOST_NODES: Final = 5_000


class Each(NamedTuple):
    """The parts of a call that runs statements for each item."""

    items: RawNode
    target: RawNode
    body: RawNode


def each(statement: RawNode) -> Each | None:
    """Return the parts of a statement that is such a call, where a loop would say the same; else None.

    A function that waits, that takes the index or a declared type, or that leaves from within a loop of its own
    is more than a body.
    """
    call = statement.named_children[0] if statement.named_children else None
    callee = call.child_by_field_name("function") if call is not None and call.type == "call_expression" else None
    if call is None or callee is None or callee.type != "member_expression":
        return None
    name, items = callee.child_by_field_name("property"), callee.child_by_field_name("object")
    given = call.child_by_field_name("arguments")
    if name is None or name.text != b"forEach" or items is None or given is None or _has(callee, "optional_chain"):
        return None
    arrow = given.named_children[0] if len(given.named_children) == 1 else None
    if arrow is None or arrow.type != "arrow_function" or _has(arrow, "async"):
        return None
    target, body = _target(arrow), arrow.child_by_field_name("body")
    if target is None or body is None or body.type != "statement_block" or not _only_goes_on(body):
        return None
    return Each(items, target, body)


def _has(raw: RawNode, kind: str) -> bool:
    return any(child.type == kind for child in raw.children)


def _target(arrow: RawNode) -> RawNode | None:
    single = arrow.child_by_field_name("parameter")
    if single is not None:
        return single
    given = arrow.child_by_field_name("parameters")
    only = given.named_children[0] if given is not None and len(given.named_children) == 1 else None
    if only is not None and only.type == "required_parameter" and only.child_by_field_name("type") is None:
        only = only.child_by_field_name("pattern") if only.child_by_field_name("value") is None else None
    return only if only is not None and only.type in _PLAIN else None


def _only_goes_on(body: RawNode) -> bool:
    """Tell whether each ``return`` of a body gives nothing and stands in no loop, and so goes on with the next item."""
    pending = [(body, False)]
    for _ in range(_MOST_NODES):
        if not pending:
            return True
        raw, looping = pending.pop()
        if raw.type == "return_statement" and (looping or raw.named_children):
            return False
        inside = looping or raw.type in _LOOPS
        pending.extend((child, inside) for child in raw.named_children if child.type not in _OF_ITS_OWN)
    return False
