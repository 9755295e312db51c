"""REG005: the names of one thing are entered as they are checked, and one that is taken leaves those before it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, enclosing_loop, guarding_try
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, For, Function, Handler, Literal, Name, Throw
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.entering import enters
from reviewer.experts.registry.vocabulary import PASSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_UNDOES: Final = frozenset({"delete", "pop", "remove", "discard", "clear", "unregister", "rollback", "undo"})
_BEGINS: Final = frozenset({"constructor", "__init__"})


@module_check(
    "REG005", words={"commands", "owner", "owners", "names", "taken", "reserve", "claim", "contributes", "setdefault"}
)
def names_taken_one_by_one(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop that enters what one thing brings for a refusal of a name that is taken."""
    if module.is_test:
        return
    for table in tables(module):
        if set(words(table.name)) & PASSING:
            continue
        for access in table.of("write"):
            function = access.function
            if function is None or enters(function) is function or function.name in _BEGINS:
                continue
            if function_of(table.declared) is function and table.owner is None:
                continue  # gone with the call
            thrown = _refused_next(table, access)
            if thrown is None or _taken_back(module, table, function):
                continue
            yield Match(
                access.node,
                f"'{function.name or 'this function'}' enters each name in '{table.name}' as soon as it has looked at "
                f"it: the error on line {thrown.line} leaves the names before it entered, for something that is not "
                "there.",
                related=((thrown, "the next name may be refused"),),
                confidence=Confidence.LIKELY,
            )
            break


def _refused_next(table: Table, access: Access) -> Throw | None:
    """Return the refusal, in the same loop, of a name that the table has already."""
    loop = enclosing_loop(access.node)
    if not isinstance(loop, For) or loop.target is None or access.key is None or access.value is None:
        return None
    each = names_in(loop.target)
    if not each & names_in(access.key) or each & names_in(access.value) or isinstance(access.value, Literal):
        return None
    if not any(isinstance(one, Name) for one in walk(access.value)) or guarding_try(access.node) is not None:
        return None
    asked = {id(one.node) for one in table.of("has", "read")} | {id(access.node)}
    module = access.function.module if access.function is not None else None
    for thrown in find(loop.body, Throw, into_functions=False):
        if guarding_try(thrown) is not None or any(isinstance(around, Handler) for around in ancestors(thrown)):
            continue
        for condition in conditions(thrown):
            for node in walk(condition.test):
                made = module.scopes.origin(node) if module is not None and isinstance(node, Name) else None
                if inside(condition.test, loop) and (id(node) in asked or id(made) in asked):
                    return thrown
    return None


def _taken_back(module: Module, table: Table, function: Function) -> bool:
    """Tell whether the function takes something out again itself, or all who call it do where it fails."""
    gone = [one.function for one in table.of("delete")]
    if any(call.name in _UNDOES for call in calls_in(function.body)):
        return True
    calls = [call for call in module.calls({function.name}) if definition(module, call.callee) is function]
    return bool(calls) and all(_undone_by(module, call, gone) for call in calls)


def _undone_by(module: Module, call: Call, gone: list[Function | None]) -> bool:
    guard = guarding_try(call)
    for handler in guard.handlers if guard is not None else ():
        for inner in calls_in(handler.body):
            target = definition(module, inner.callee)
            if inner.name in _UNDOES or any(target is one for one in gone if one is not None):
                return True
        if any(isinstance(node, Assign) for node in walk(handler.body)):
            return True
    return False
