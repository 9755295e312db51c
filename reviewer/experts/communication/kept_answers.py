"""Functions that wait for what somebody answers who was taken in under a name, whatever any of it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.elements import value_type
from reviewer.code.reach.links import declared_type
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Call,
    Cast,
    Expr,
    Function,
    Name,
    Node,
    Object,
    Param,
    Return,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, names_in
from reviewer.experts.communication.emissions import named_function
from reviewer.experts.communication.executing import NOT_COMMANDS, Execution, look_up_key, waited
from reviewer.experts.communication.invocations import invocations
from reviewer.experts.communication.kept_functions import handed_in_members
from reviewer.experts.communication.sources import sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_DEEPEST: Final = 4


def kept_answers(inquiry: Inquiry, module: Module) -> Iterator[Execution]:
    """Yield the places where the answer of an entry goes back to whoever has named it.

    The entry was handed in by somebody, is looked up by what the function is told, and its answer is waited for.
    """
    for found in invocations(inquiry, module):
        table, function = found.source.table, named_function(found.function)
        if (
            found.loop is not None
            or not found.source.looked_up
            or table is None
            or table.kind != "map"
            or function is None
        ):
            continue
        key = look_up_key(module, found.call.callee)
        if _is_told(module, function, key) and _is_waited_for(found.call) and is_taken_in(module, table):
            yield Execution(found.call, waited(found.call), function, table, table.name, key, shaped=True)
    yield from _handed_down(inquiry, module)


def _handed_down(inquiry: Inquiry, module: Module) -> Iterator[Execution]:
    """Yield the same where a caller has looked the entry up, and hands it on: ``#answer(question, verb)``."""
    members = handed_in_members(module)
    for call in module.calls(members):
        entry, function = call.receiver, named_function(_function_around(call))
        bound = module.scopes.lookup(entry.id, entry) if isinstance(entry, Name) else []
        if entry is None or function is None or len(bound) != 1 or not isinstance(bound[0], Param):
            continue
        shape = declared_type(module, entry)
        for table in sources(inquiry, module).tables if shape and bound[0].parent is function else ():
            if value_type(getattr(table.declared, "type", "")) != shape and not _made_as(module, table, shape):
                continue
            if table.kind == "map" and _is_waited_for(call) and is_taken_in(module, table):
                yield Execution(call, waited(call), function, table, table.name, None, shaped=True)
                break


def _made_as(module: Module, table: Table, shape: str) -> bool:
    """Tell whether a table is made for values of a type: ``new Map<string, Verb>()``."""
    value = getattr(table.declared, "value", None)
    return isinstance(value, Call) and f", {shape}>" in module.text_of(value)


def _is_told(module: Module, function: Function, key: Expr | None, depth: int = 0) -> bool:
    """Tell whether a key comes from what a function is told, and is not one that the code itself names."""
    if key is None or depth > _DEEPEST:
        return False
    for name in find(key, Name):
        for bound in module.scopes.lookup(name.id, name):
            if isinstance(bound, Param) and bound.parent is function:
                return True
            if isinstance(bound, Assign) and bound.value is not None and bound.value is not key:
                inner = look_up_key(module, bound.value) or bound.value
                if _is_told(module, function, inner, depth + 1):
                    return True
    return False


def _is_waited_for(call: Call) -> bool:
    """Tell whether a function waits for a call, and what it gives goes back: at once, or by a name."""
    awaited = False
    for around in ancestors(call):
        if isinstance(around, Await):
            awaited = True
        elif isinstance(around, Return):
            return awaited or _is_asynchronous(call)
        elif isinstance(around, Assign):
            return awaited and _is_given_back(around)
        elif not isinstance(around, Cast):
            return False
    return False


def _is_asynchronous(call: Call) -> bool:
    function = _function_around(call)
    return function is not None and (function.asynchronous or "Promise" in function.returns)


def _is_given_back(kept: Assign) -> bool:
    """Tell whether what a variable holds is what its function returns."""
    target, function = kept.target, _function_around(kept)
    if not isinstance(target, Name) or function is None:
        return False
    return any(
        one.value is not None and target.id in names_in(one.value, into_functions=False)
        for one in find(function.body, Return, into_functions=False)
    )


def _function_around(node: Node) -> Function | None:
    """Return the function that a node stands in."""
    function = node.function
    return function if isinstance(function, Function) else None


def is_taken_in(module: Module, table: Table) -> bool:
    """Tell whether a table holds what other functions were handed to keep under a name: a function, or an object."""
    if set(words(table.name)) & NOT_COMMANDS:
        return False
    return any(
        access.function is not None
        and access.value is not None
        and any(_is_handed(module, part) for part in _parts(module, access.value))
        for access in table.of("write")
    )


def _parts(module: Module, value: Expr) -> Iterator[Expr]:
    """Yield a value, or the values of the members of a record that is made of them."""
    made = module.scopes.origin(strip(value))
    if isinstance(made, Object):
        yield from (strip(part) for _key, part in made.entries)
    elif isinstance(made, Array):
        yield from map(strip, made.items)
    elif isinstance(made, Call):
        yield from (strip(part) for part in (*made.args, *made.keywords.values()))
    else:
        yield strip(value)


def _is_handed(module: Module, part: Expr) -> bool:
    bound = module.scopes.lookup(part.id, part) if isinstance(part, Name) else []
    return len(bound) == 1 and isinstance(bound[0], Param)
