"""LIF029: what a plugin registered through an object of its own stays, because that object is only dropped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Class, Expr, For, Function, Member, strip
from reviewer.code.tables import tables
from reviewer.code.walk import find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.hooks import HOOK_WORDS
from reviewer.experts.lifecycle.unloading import unloads
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Table

_PUTS: Final = frozenset({"append", "push", "add", "set", "unshift", "insert"})
_EACH: Final = frozenset({"values", "keys", "items", "entries", "list", "reversed", "tuple", "splice", "slice", "from"})


@module_check("LIF029", words=HOOK_WORDS)
def facade_dropped(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what the end of a plugin takes out of tables for a list of undos in it that nobody goes through."""
    if module.is_test:
        return
    for unload in unloads(inquiry, module):
        for access in unload.removals:
            table = next(one for one in tables(module) if any(access is other for other in one.accesses))
            cls = _kept_class(module, table)
            undo = _undo(cls) if cls is not None else None
            if cls is None or undo is None or _called(inquiry, undo):
                continue
            yield Match(
                access.node,
                f"'{unload.function.name}' drops the '{cls.name}' of the plugin, and nothing ever calls its "
                f"'{undo.name}': what was registered through it stays.",
                related=((locate(undo.module, undo), "this would take it back"),),
            )
            break


def _kept_class(module: Module, table: Table) -> Class | None:
    """Return the class of the subject whose objects a table holds."""
    for write in table.of("write"):
        cls = class_of_value(module, write.value) if write.value is not None else None
        if cls is not None:
            return cls
    return None


def _undo(cls: Class) -> Function | None:
    """Return the method that goes through what other methods of its class put aside, and calls something for each."""
    for method in cls.methods:
        if method.private or method.params or method.kind != "method":
            continue
        for loop in find(method.body, For):
            field = _field_of(loop.iterable) if loop.iterable is not None else ""
            if (
                field
                and any(find(loop.body, Call))
                and any(_fills(one, field) for one in cls.methods if one is not method)
            ):
                return method
    return None


def _field_of(listed: Expr) -> str:
    """Return the field that a loop goes over, copied or not, or an empty string."""
    listed = strip(listed)
    while isinstance(listed, Call) and listed.name in _EACH:
        inner = listed.receiver if listed.receiver is not None and not listed.args else None
        if inner is None:
            inner = listed.args[0] if listed.args else None
        if inner is None:
            return ""
        listed = strip(inner)
    return listed.name if is_this_member(listed) else ""


def _fills(method: Function, field: str) -> bool:
    """Tell whether a method puts what another object gave back into a field: ``numbers.append(wire.listen(…))``."""
    for call in find(method.body, Call):
        holder = strip(call.receiver) if call.receiver is not None else None
        if call.name not in _PUTS or not isinstance(holder, Member) or holder.name != field or not call.args:
            continue
        made = method.module.scopes.origin(call.args[-1])
        if isinstance(made, Call) and made.receiver is not None:
            return True
    return False


def _called(inquiry: Inquiry, method: Function) -> bool:
    """Tell whether anything in the subject calls a method of this name, or hands it on."""
    for module in inquiry.project.modules(naming={method.name}, tests=False):
        if any(member.name == method.name for member in module.all(Member)):
            return True
    return False
