"""Which expressions hold a process that the subject starts, however it came to where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.made import values_of
from reviewer.code.syntax import Assign, Call, Expr, Function, Literal, Member, Name, Object, Param, strip
from reviewer.code.walk import find, function_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

FORKS: Final = frozenset({"child_process.fork"})
"""Calls that start a process with a channel to it."""
PROCESSES: Final = FORKS | frozenset(
    "child_process.spawn subprocess.Popen asyncio.create_subprocess_exec asyncio.create_subprocess_shell "
    "asyncio.subprocess.create_subprocess_exec multiprocessing.Process anyio.open_process".split()
)
"""Calls that start a process."""


def is_made_by(module: Module, expr: Expr, makers: frozenset[str]) -> bool:
    """Tell whether a value comes from one of these calls: by its variable, its field, or the field of a record."""
    return any(
        isinstance(value, Call) and where.resolve(value.callee) in makers
        for given in (expr, *_put_into(module, strip(expr)))
        for where, value in values_of(module, given)
    )


def _put_into(module: Module, expr: Expr) -> Iterator[Expr]:
    """Yield what fields of this name are given anywhere in the file, for a field of a record and a name taken of it."""
    name = expr.name if isinstance(expr, Member) else _taken_as(module, expr)
    if not name:
        return
    for assign in module.all(Assign):
        target = strip(assign.target)
        if isinstance(target, Member) and target.name == name and assign.value is not None:
            yield assign.value
    for record in module.all(Object):
        for key, value in record.entries:
            if isinstance(key, Literal) and key.value == name:
                yield value


def _taken_as(module: Module, expr: Expr) -> str:
    """Return the member that a variable was taken as: ``helper`` of ``const { helper } = entry``."""
    bound = module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) else []
    for one in bound:
        value = strip(one.value) if isinstance(one, Assign) and one.value is not None else None
        if isinstance(value, Member):
            return value.name
    return ""


def told(module: Module, place: Node, thing: Expr) -> Iterator[Call]:
    """Yield the calls of a function, and what is beside it in its file, that go to a thing or are handed it."""
    text = module.text_of(thing)
    last = _last(thing)
    function = function_of(place)
    same = {text} if isinstance(strip(thing), Name) else {text, last}
    around = function.body if isinstance(strip(thing), Name) and function is not None else module.body
    for call in find(around, Call):
        for held in (call.receiver, *call.args, *call.keywords.values()):
            if held is not None and (module.text_of(held) in same or _last(held) in same):
                yield call
                break


def _last(expr: Expr) -> str:
    expr = strip(expr)
    return expr.name if isinstance(expr, Member) else expr.id if isinstance(expr, Name) else ""


def is_parameter(module: Module, expr: Expr) -> bool:
    """Tell whether an expression is a function's own parameter."""
    expr = strip(expr)
    return isinstance(expr, Name) and any(
        isinstance(one, Param) and isinstance(one.parent, Function) for one in module.scopes.lookup(expr.id, expr)
    )
