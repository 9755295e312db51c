"""Which function a name means inside its module, and whether it goes on for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import definition, member
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Call,
    Expr,
    For,
    Function,
    Jump,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Return,
    While,
    strip,
)
from reviewer.code.walk import calls_in, class_of, find, function_of, inside, walk

if TYPE_CHECKING:
    from reviewer.code.module import Module

_TAKES_OFF: Final = frozenset({"shift", "pop", "popleft"})


def target_function(module: Module, expr: Expr | None) -> Function | None:
    """Return the function of this module that an expression names: ``this.tick``, ``tick``, a bound one."""
    if expr is None:
        return None
    expr = strip(expr)
    if isinstance(expr, Call) and expr.name in ("bind", "partial"):
        receiver = expr.receiver if expr.name == "bind" else expr.arg(0)
        return target_function(module, receiver)
    if isinstance(expr, Function):
        return expr
    if isinstance(expr, Member) and is_this_member(expr):
        cls = class_of(expr)
        found = member(cls, expr.name) if cls is not None else None
        return found if isinstance(found, Function) else None
    if isinstance(expr, Name):
        bound = module.scopes.lookup(expr.id, expr)
        last = bound[-1] if bound else None
        if isinstance(last, Assign):
            return last.value if isinstance(last.value, Function) else None
        return last if isinstance(last, Function) else None
    return None


def inner_of(call: Call, function: Function) -> bool:
    """Tell whether a call stands somewhere inside a function."""
    return function.raw.start_byte <= call.raw.start_byte and call.raw.end_byte <= function.raw.end_byte


def rearms(module: Module, call: Call, position: int) -> bool:
    """Tell whether a one-shot timer's function sets the timer again."""
    target = target_function(module, call.arg(position, "function"))
    here = function_of(call)
    if target is None or here is None or _works_off(call, here):
        return False
    if inner_of(call, target):
        return True
    if target is here or any(_leads(module, made, here) for made in calls_in(target.body)):
        return True
    turns = [turn for made in calls_in(target.body) if (turn := target_function(module, made.callee)) is not None]
    return any(
        target_function(module, made.callee) is here and not conditions(made)
        for turn in turns
        if turn.owner is not None and turn.owner is here.owner
        for made in calls_in(turn.body, into_functions=False)
    )


def _works_off(call: Call, here: Function) -> bool:
    """Tell whether a timer goes on with a list that was handed in and gets shorter each time: it ends with the list.

    ``function send(rest) { const one = rest.shift(); …; setImmediate(() => send(rest)); }``
    """
    handed = {name.id for name in find(call.args, Name)}
    around: Function | None = here
    while around is not None:
        lists = handed & {param.name for param in around.params}
        for taken in find(around.body, Call) if lists else ():
            if taken.name in _TAKES_OFF and isinstance(taken.receiver, Name) and taken.receiver.id in lists:
                return True
        around = around.outer
    return False


def _leads(module: Module, call: Call, here: Function) -> bool:
    """Tell whether a call runs the function that sets the timer, or one that holds it as a callback."""
    target = target_function(module, call.callee)
    return target is here or (target is not None and inside(here, target))


def endless(module: Module, target: Expr | None) -> bool:
    """Tell whether a function loops for ever: ``while True`` without a way out."""
    function = target_function(module, target)
    return function is not None and never_ends(function)


def never_ends(function: Function, depth: int = 2) -> bool:
    """Tell whether a function comes to a loop that nothing leaves, be it over the turns of one that never ends."""
    return any(
        endless_loop(node)
        or (isinstance(node, For) and depth > 0 and _goes_through_turns(function.module, node, depth))
        for node in walk(function.body, into_functions=False)
    )


def _goes_through_turns(module: Module, loop: For, depth: int) -> bool:
    """Tell whether a loop goes through what a generator gives that never ends: ``async for _ in beats(60)``.

    The turns may be handed in, by everybody in the file who calls the function.
    """
    if loop.iterable is None or _is_left(loop):
        return False
    origin = module.scopes.origin(loop.iterable)
    given: list[object] = [origin]
    function = origin.parent if isinstance(origin, Param) else None
    if isinstance(origin, Param) and isinstance(function, Function) and origin in function.params and function.name:
        place = function.params.index(origin)
        given = [
            module.scopes.origin(one)
            for call in module.calls((function.name,))
            if (one := call.arg(place, origin.name))
        ]
    return bool(given) and all(isinstance(one, Call) and _gives_turns(module, one, depth) for one in given)


def _gives_turns(module: Module, call: Call, depth: int) -> bool:
    maker = definition(module, call.callee)
    return isinstance(maker, Function) and maker.generator and not call.new and never_ends(maker, depth - 1)


def _is_left(loop: For | While) -> bool:
    return any(
        isinstance(inner, Return) or (isinstance(inner, Jump) and inner.kind == "break")
        for inner in walk(loop.body, into_functions=False)
    )


def endless_loop(node: Node) -> bool:
    """Tell whether a statement is ``while (true)`` or ``for (;;)`` without a way out."""
    if isinstance(node, While):
        test = strip(node.test)
        if not (isinstance(test, Literal) and test.value):
            return False
    elif not (isinstance(node, For) and node.style == "c" and not node.header):
        return False
    return not _is_left(node)
