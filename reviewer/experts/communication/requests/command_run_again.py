"""COM100: a command that somebody else's handler runs is run again after any failure, also one of being late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop, guarding_try
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Binary,
    Call,
    Expr,
    For,
    Function,
    Handler,
    Index,
    Name,
    Param,
    Throw,
    Try,
    Unary,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LIMITS: Final = frozenset({"race", "wait_for", "timeout", "timeout_at", "withTimeout", "fail_after", "setTimeout"})
_ANY: Final = frozenset({"Exception", "BaseException", "TimeoutError"})
"""Kinds of failure that a command which was only late is among."""
_COMMANDS: Final = frozenset({"command", "commands", "handler", "handlers"})
"""Words of what a plugin has registered to be run for others."""
_KEYS: Final = frozenset("idempotency idempotent dedupe dedup deduplication nonce uuid uuid4 ulid nanoid".split())


@module_check("COM100", words={"attempt", "attempts", "retry", "retries", "tries", "tried", "again"})
def command_run_again(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop that makes a failed call again, for a call that runs the handler of a table within a limit."""
    if module.is_test or module.words & _KEYS:
        return
    for call in module.all(Call):
        loop, guard = enclosing_loop(call), guarding_try(call)
        if loop is None or guard is None or not inside(guard, loop) or not guard.handlers:
            continue
        if isinstance(loop, For) and loop.style == "of" and module.language != "python":
            continue
        runs = definition(module, call.callee)
        handler = _handler_run(runs) if isinstance(runs, Function) and runs.module is module else None
        handler = handler or _handler_given(module, call, guard)
        if handler is None or not all(map(_goes_on, guard.handlers)):
            continue
        yield Match(
            guard.handlers[0],
            f"What '{short(module.text_of(call.callee))}' runs is run again after any failure, also when its time was "
            "up and it had done its work: it is done twice, and nothing lets the handler know.",
            related=((handler, "run here, within a limit"),),
        )


def _handler_run(function: Function) -> Call | None:
    """Return the call of a handler that a function takes out of a table, where it waits for it with a limit."""
    calls = list(calls_in(function.body))
    if not any(call.name in _LIMITS for call in calls):
        return None
    return next((call for call in calls if _is_looked_up(function, call)), None)


def _handler_given(module: Module, call: Call, guard: Try) -> Call | None:
    """Return a call within a limit of a command that the function is handed: ``wait_for(command(args), 3)``."""
    callee = strip(call.callee)
    bound = module.scopes.lookup(callee.id, callee) if isinstance(callee, Name) else []
    told = bound[0] if len(bound) == 1 else None
    if not isinstance(told, Param) or told.parent is not function_of(call):
        return None
    if _COMMANDS.isdisjoint((*words(told.name), *words(told.type))):
        return None
    limited = any(isinstance(around, Call) and around.name in _LIMITS for around in ancestors(call))
    late = any("timeout" in words(module.text_of(kind)) for handler in guard.handlers for kind in handler.types)
    return call if limited or late else None


def _is_looked_up(function: Function, call: Call) -> bool:
    """Tell whether what is called was taken out of a table under a name that the function was told."""
    module = function.module
    made = module.scopes.origin(call.callee) if isinstance(strip(call.callee), Name) else strip(call.callee)
    key: Expr | None = None
    if isinstance(made, Call) and made.name == "get" and made.args:
        key = made.args[0]
    elif isinstance(made, Index):
        key = made.key
    if key is None or not any(access.node is made for table in tables(module) for access in table.of("read")):
        return False
    told = strip(key)
    bound = module.scopes.lookup(told.id, told) if isinstance(told, Name) else []
    return any(isinstance(one, Param) for one in bound)


def _goes_on(handler: Handler) -> bool:
    """Tell whether a handler goes on with everything but what it names, and does not ask for one kind of failure."""
    if handler.types and not any(getattr(kind, "id", "") in _ANY for kind in handler.types):
        return False
    if not handler.body or isinstance(handler.body[-1], Throw):
        return False
    asked = any(one.op in ("!=", "not in") for one in find(handler.body, Binary, into_functions=False))
    denied = (strip(one.operand) for one in find(handler.body, Unary, into_functions=False) if one.op == "not")
    return not asked and not any(isinstance(one, Call | Binary | Name) for one in denied)
