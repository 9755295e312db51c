"""LIF029: what a plugin registered through an object of its own stays, because that object is only dropped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import in_handler
from reviewer.code.reach.call_sites import is_same
from reviewer.code.reach.links import class_of_value, lineage, named_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Class, Expr, For, Function, Member, Object, While, strip
from reviewer.code.tables import tables
from reviewer.code.walk import find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost
from reviewer.experts.lifecycle.bringing.unloading import Unload, unloads
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS
from reviewer.experts.lifecycle.values import value_class
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table

_PUTS: Final = frozenset({"append", "push", "add", "set", "unshift", "insert"})
_EACH: Final = frozenset({"values", "keys", "items", "entries", "list", "reversed", "tuple", "splice", "slice", "from"})


@module_check("LIF029", words=HOOK_WORDS)
def facade_dropped(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what the end of a plugin takes out of tables for a list of undos in it that nobody goes through."""
    if module.is_test:
        return
    for unload in unloads(inquiry, module):
        for table, access in _removals(module, unload):
            kept = [part for held in _kept_classes(module, table) for part in _with_parts(held)]
            found = ((cls, undo) for cls in kept if (undo := _undo(cls)) is not None)
            cls, undo = next(found, (None, None))
            if cls is None or undo is None or _called(inquiry, undo):
                continue
            yield Match(
                access.node if any(access is one for one in unload.removals) else unload.place,
                f"'{unload.function.name}' drops the '{cls.name}' of the plugin, and nothing ever calls its "
                f"'{undo.name}': what was registered through it stays.",
                related=((locate(undo.module, undo), "this would take it back"),),
            )
            break


def _removals(module: Module, unload: Unload) -> Iterator[tuple[Table, Access]]:
    """Yield what the end of a plugin takes out of tables, or who asks for the end, each with the table."""
    around = [one for call in callers(unload.function) if (one := outermost(call)) is not None]
    for table in tables(module):
        for access in table.of("delete", "clear"):
            if any(access is one for one in unload.removals) or any(access.function is one for one in around):
                yield table, access


def _with_parts(cls: Class | None) -> Iterator[Class]:
    """Yield a class, and those of what its objects hold: the ``desk: Desk`` of an entry."""
    if cls is None:
        return
    yield cls
    for field in cls.fields:
        part = named_type(cls.module, field.type) if field.type else None
        if part is not None and part.kind == "class":
            yield part


def _kept_classes(module: Module, table: Table) -> Iterator[Class]:
    """Yield the classes of the subject whose objects a table holds, also in a record: ``{ desk, seat }``."""
    for write in table.of("write"):
        made = strip(write.value) if write.value is not None else None
        parts = [value for _key, value in made.entries] if isinstance(made, Object) else [made]
        found = [cls for one in parts if one is not None and (cls := class_of_value(module, one)) is not None]
        if found:
            yield from found
            return


def _undo(cls: Class) -> Function | None:
    """Return the method that goes through what other methods of its class put aside, and calls something for each."""
    for method in cls.methods:
        if method.private or method.params or method.kind != "method":
            continue
        loops: list[For | While] = [*find(method.body, For), *find(method.body, While)]
        for loop in loops:
            over = loop.iterable if isinstance(loop, For) else loop.test
            field = _field_of(over) if over is not None else ""
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
        own = not listed.args or listed.name in ("splice", "slice")
        inner = listed.receiver if listed.receiver is not None and own else None
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
    """Tell whether anything in the subject calls this method, or hands it on, as far as anybody can say.

    What undoes a start that failed is no end.
    """
    for module in inquiry.project.modules(naming={method.name}, tests=False):
        for member in module.all(Member):
            if member.name == method.name and in_handler(member) is None and _may_be(module, member, method):
                return True
    return False


def _may_be(module: Module, member: Member, method: Function) -> bool:
    """Tell whether a member may be a method: not where it is known for one of another class."""
    cls = value_class(module, member.object)
    if cls is None:
        return True
    return is_same(cls.method(method.name), method) or method.owner in lineage(cls)
