"""Names that stand for each key, or each item, of what a loop or a callback goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Comprehension, Expr, For, Function, Name, Node, Param, strip
from reviewer.code.walk import walk

if TYPE_CHECKING:
    from reviewer.code.module import Module

RECORDS: Final = ("Record<string", "Readonly<Record<string", "{ [", "{[", "Partial<Record<string")
"""Types of a plain object with any key."""


def gone_through(binding: object) -> tuple[Node | None, Expr | None] | None:
    """Return the target and the collection of the loop, or of the callback over items, that gives a name its value."""
    if isinstance(binding, For):
        return binding.target, binding.iterable
    if isinstance(binding, Comprehension):
        return (None, None)
    if isinstance(binding, Param) and _of_keys(binding):
        call = binding.parent.parent if isinstance(binding.parent, Function) else None
        return binding, call.receiver if isinstance(call, Call) else None
    return None


def key_of_given(module: Module, loop: tuple[Node | None, Expr | None], key: Name) -> bool:
    """Tell whether a name is each key of what a function is given with no closed type: ``Object.entries(value)``."""
    target, over = loop
    pairs = strip(over) if over is not None else None
    if not isinstance(pairs, Call) or pairs.name not in ("entries", "keys") or len(pairs.args) != 1:
        return False
    whole = strip(pairs.args[0])
    origin = module.scopes.origin(whole)
    if not isinstance(whole, Name) or not isinstance(origin, Param) or (origin.type and _is_closed(origin.type)):
        return False
    names = [node.id for node in walk(target) if isinstance(node, Name)] if target is not None else []
    names = names or ([target.name, *target.fields.values()] if isinstance(target, Param) else [])
    first = next((name for name in names if name), "")
    return first == key.id


def _is_closed(type_text: str) -> bool:
    """Tell whether a type says which keys an object has."""
    said = type_text.strip()
    return said not in ("unknown", "any", "object") and not said.startswith(RECORDS)


def _of_keys(param: Param) -> bool:
    """Tell whether a parameter is that of a callback over keys or indexes."""
    function = param.parent
    if not isinstance(function, Function) or not isinstance(function.parent, Call):
        return False
    call = function.parent
    return call.name in ("map", "filter", "forEach", "some", "every", "find", "reduce", "sort", "flatMap", "from")
