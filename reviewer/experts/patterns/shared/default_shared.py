"""PAT012: everybody's own settings are one and the same object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Array, Assign, Binary, Call, Class, Expr, Field, Index, Member, Name, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_DEFAULTS: Final = frozenset({"default", "defaults", "initial", "empty", "template", "base", "blank"})
_MEANT: Final = frozenset("set configure register define override update extend install setup change reset".split())
_STORES: Final = frozenset({"setdefault", "set"})


@module_check("PAT012", words={"default", "defaults", "initial", "empty", "template", "base", "blank"})
def default_shared(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every entry of a table that is a constant of the program itself."""
    if module.is_test:
        return
    for node in module.some(Call, Assign):
        if isinstance(node, Call) and function_of(node) is not None and (base := _written_into(node)) is not None:
            if _is_shared_literal(module, base) and not _is_meant(node):
                yield Match(
                    node,
                    f"What is given is written into '{short(module.text_of(base))}' itself, and no copy of it: the "
                    "next one who falls back on it gets what this one set.",
                )
            continue
        value = _stored(node)
        if value is None or function_of(node) is None or not _is_shared_literal(module, value):
            continue
        yield Match(
            node,
            f"'{short(module.text_of(value))}' itself is put in, and no copy of it: what one changes in its own is "
            "changed for all.",
        )


def _written_into(call: Call) -> Expr | None:
    """Return the object into which a call writes the members of others."""
    of_object = isinstance(strip(call.callee), Member) and call.receiver is not None
    if not of_object or not call.args:
        return None
    if (
        call.name == "assign"
        and isinstance(call.receiver, Name)
        and call.receiver.id == "Object"
        and len(call.args) > 1
    ):
        return strip(call.args[0])
    return strip(call.receiver) if call.name == "update" and call.receiver is not None else None


def _is_meant(call: Call) -> bool:
    """Tell whether a function is there to change what all fall back on."""
    function = function_of(call)
    return function is not None and bool(set(words(function.name)) & _MEANT)


def _stored(node: Node) -> Expr | None:
    """Return what is kept under a key that is given."""
    if isinstance(node, Call) and node.name in _STORES and len(node.args) == 2 and node.receiver is not None:
        return strip(node.args[1])
    if isinstance(node, Assign) and isinstance(strip(node.target), Index) and node.value is not None:
        value = strip(node.value)
        if isinstance(value, Binary) and value.op in ("??", "or"):
            return strip(value.right)
        return value
    return None


def _is_shared_literal(module: Module, value: Expr) -> bool:
    """Tell whether a value is the object or list that a constant of the module or the class names."""
    made: object = None
    if isinstance(value, Name) and set(words(value.id)) & _DEFAULTS:
        bound = module.scopes.lookup(value.id, value)
        only = bound[0] if len(bound) == 1 else None
        if isinstance(only, Assign) and function_of(only) is None:
            made = strip(only.value) if only.value is not None else None
    elif isinstance(value, Member) and set(words(value.name)) & _DEFAULTS:
        cls = class_of(value) if is_this_member(value) else _class_named(module, value.object)
        field = next((f for f in cls.fields if f.name == value.name), None) if cls is not None else None
        if isinstance(field, Field) and field.value is not None and (field.static or module.language == "python"):
            made = strip(field.value)
    return (isinstance(made, Object) and bool(made.entries)) or (isinstance(made, Array) and made.kind == "list")


def _class_named(module: Module, expr: Expr) -> Class | None:
    name = strip(expr)
    return next((c for c in module.classes if isinstance(name, Name) and c.name == name.id), None)
