"""COM021: what a command needs is kept beside it when it is registered, and nobody reads it when the command runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Delete, Expr, Function, Index, Member, Name, Node, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.executing import look_up_key
from reviewer.experts.communication.unread_requirement import NEEDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_DROPS: Final = frozenset({"delete", "pop", "clear", "discard", "remove"})


class _Put(Struct, frozen=True):
    """A parameter that is put into a table of the object: the table, the text of the key, and what is put."""

    at: Assign | Call
    table: Expr
    key: str
    name: str


@module_check("COM021", words=NEEDS)
def requirement_never_read(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that keeps a right beside what it registers for somebody who reads that right."""
    if module.is_test:
        return
    for function in module.functions:
        puts = list(_puts(module, function)) if len(function.params) > 1 else []
        for need in puts:
            if not _says_need(function, need.name):
                continue
            for work in puts:
                run = _run(module, work) if work.key == need.key and work.table is not need.table else None
                if run is not None and _never_read(module, need.table):
                    yield Match(
                        run,
                        f"What is run here was registered together with '{need.name}', which is kept in "
                        f"'{module.text_of(need.table)}' and read nowhere: no caller is asked for it.",
                        related=((need.at, "kept here"),),
                    )
                    return


def _puts(module: Module, function: Function) -> Iterator[_Put]:
    """Yield what a function puts of its parameters into tables of its object or of the code around it."""
    given = {param.name for param in function.params}
    for node in find(function.body, Assign, into_functions=False):
        value = strip(node.value) if node.value is not None else None
        if isinstance(node.target, Index) and isinstance(value, Name) and value.id in given:
            yield _Put(node, strip(node.target.object), module.text_of(node.target.key), value.id)
    for call in calls_in(function.body, into_functions=False):
        value = strip(call.args[1]) if call.name == "set" and len(call.args) == 2 else None
        if isinstance(value, Name) and value.id in given and call.receiver is not None:
            yield _Put(call, strip(call.receiver), module.text_of(call.args[0]), value.id)


def _says_need(function: Function, name: str) -> bool:
    param = next(one for one in function.params if one.name == name)
    return bool({*words(name), *words(param.type)} & NEEDS)


def _run(module: Module, put: _Put) -> Call | None:
    """Return the call of what was put into a table, in another function."""
    table = module.text_of(put.table)
    for call in module.all(Call):
        if look_up_key(module, call.callee) is None or function_of(call) is function_of(put.at):
            continue
        holder = strip(call.callee)
        held = module.scopes.origin(holder) if isinstance(holder, Name) else holder
        made = strip(held) if isinstance(held, Expr) else None
        root = made.object if isinstance(made, Index) else made.receiver if isinstance(made, Call) else None
        if root is not None and module.text_of(strip(root)) == table:
            return call
    return None


def _never_read(module: Module, table: Expr) -> bool:
    """Tell whether a table is only filled and emptied in this file, and is nobody else's to read."""
    if is_this_member(table):
        if not table.name.startswith(("#", "_")):
            return False
    elif not isinstance(table, Name) or function_of(table) is None:
        return False
    text = module.text_of(table)
    uses = [one for one in module.some(Name, Member) if module.text_of(one) == text]
    return len(uses) > 0 and all(_is_filled(one) for one in uses)


def _is_filled(use: Node) -> bool:
    """Tell whether a table is filled or emptied at a mention of it, and not read."""
    around = use.parent
    if isinstance(around, Assign):
        return around.target is use
    if isinstance(around, Index) and around.object is use:
        outer = around.parent
        return (isinstance(outer, Assign) and outer.target is around) or (
            isinstance(outer, Delete) or (isinstance(outer, Unary) and outer.op == "delete")
        )
    if isinstance(around, Member) and isinstance(around.parent, Call) and around.parent.callee is around:
        return around.name == "set" or around.name in _DROPS
    return False
