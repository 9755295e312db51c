"""LIF448: the end of something waits for tasks that loop for ever, and nobody has told them to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Expr,
    For,
    Function,
    Imported,
    Index,
    Jump,
    Literal,
    Member,
    Name,
    Param,
    Return,
    Spread,
    Throw,
    While,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, walk
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class
    from reviewer.experts.check import Inquiry

_TOLD: Final = frozenset(
    "cancel set put put_nowait send stop close aclose shutdown wait_for timeout create_task ensure_future".split()
)
"""Calls that may tell a task to end, or wait only for a while."""
_STARTS: Final = frozenset({"create_task", "ensure_future"})
_HANDS: Final = frozenset({"setdefault", "get", "pop"})


_TOLD_IN_JS: Final = frozenset({"abort", "race", "within", "timeout", "return", "throw", "removeAllListeners", "kill"})
_RESTS: Final = frozenset({"sleep", "pause", "delay", "rest"})


@module_check("LIF448", words={"task", "ensure", "all", "settled"})
def waits_for_endless(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each method that waits for the tasks of its object for what ends their loops."""
    if module.is_test:
        return
    for cls in module.classes:
        tasks = dict(_endless(module, cls))
        for method in cls.methods if tasks else ():
            told = _TOLD - {"set", "put", "send"} | _TOLD_IN_JS if module.language != "python" else _TOLD
            if any(call.name in told for call in calls_in(method.body)) or _sets_something(method):
                continue
            for wait in find(method.body, Await, into_functions=False):
                field = next((one for one in _waited_for(module, wait) if one in tasks), None)
                if field is not None and method not in (tasks[field], getattr(tasks[field], "outer", None)):
                    yield Match(
                        wait,
                        f"This waits for the tasks of '{field}', which loop until they are cancelled, and nobody has "
                        f"cancelled them: '{method.name}' never comes back.",
                        related=((tasks[field], "loops here"),),
                    )
                    break


def _endless(module: Module, cls: Class) -> Iterator[tuple[str, Function]]:
    """Yield the fields in which an object keeps tasks, with the function of each whose loop nothing outside ends."""
    for method in cls.methods:
        for call in calls_in(method.body):
            given = strip(call.args[0]) if call.name in _STARTS and call.args else None
            given = call if module.language != "python" else given
            work = definition(module, given.callee) if isinstance(given, Call) else None
            field = _kept_in(module, call)
            if field and isinstance(work, Function) and work.module is module and _loops(work):
                yield field, work


def _kept_in(module: Module, task: Call) -> str:
    """Return the field that a task is put into, itself or in a table."""
    around = task.parent
    if isinstance(around, Assign):
        return _field(module, around.target)
    if isinstance(around, Call) and around.name in ("append", "add", "push") and around.receiver is not None:
        return _field(module, around.receiver)
    return ""


def _field(module: Module, expr: Expr) -> str:
    """Return the field that something is, or is a part of: ``self._jobs[mod][name]``, ``self._jobs.pop(mod, {})``."""
    for _ in range(6):
        expr = strip(expr)
        if isinstance(expr, Member) and is_this_member(expr):
            return expr.name
        inner: Expr | Param | Imported | None = None
        if isinstance(expr, Index):
            inner = expr.object
        elif isinstance(expr, Spread):
            inner = expr.value
        elif isinstance(expr, Call) and expr.name in (*_HANDS, "values", "copy"):
            inner = expr.receiver
        elif isinstance(expr, Call) and expr.name in ("list", "tuple", "set") and expr.args:
            inner = expr.args[0]
        elif isinstance(expr, Binary) and expr.op in ("??", "or"):
            inner = expr.left
        elif isinstance(expr, Name):
            inner = module.scopes.origin(expr)
        if not isinstance(inner, Expr) or inner is expr:
            return ""
        expr = inner
    return ""


def _loops(work: Function) -> bool:
    """Tell whether a function rests and goes on, for as long as no error or count of its own ends that."""
    if work.module.language != "python":
        loops: list[While | For] = [
            *find(work.body, While, into_functions=False),
            *find(work.body, For, into_functions=False),
        ]
        return work.asynchronous and any(map(_rests_for_ever, loops))
    for loop in find(work.body, While, into_functions=False):
        own = isinstance(strip(loop.test), Literal) or not any(is_this_member(one) for one in find(loop.test, Member))
        calls = any(True for _ in calls_in(loop.test))
        if own and not calls and any(call.name == "sleep" for call in calls_in(loop.body, into_functions=False)):
            return not any(
                is_this_member(one) and one.name.endswith(("stopped", "closing", "closed", "running"))
                for one in find(loop.body, Member)
            )
    return False


def _rests_for_ever(loop: While | For) -> bool:
    """Tell whether a loop of JavaScript rests and goes on, and nothing in it leaves it or asks a signal."""
    endless = (
        isinstance(loop.test, Literal) and bool(loop.test.value)
        if isinstance(loop, While)
        else loop.style == "c" and not loop.header
    )
    leaves = any(isinstance(one, Return | Jump | Throw) for one in walk(loop.body, into_functions=False))
    asks = any("abort" in one.name.lower() or one.name == "signal" for one in find(loop.body, Member))
    given = any(one.id == "signal" for one in find(loop.body, Name))
    rests = any(isinstance(one.parent, Await) and set(words(one.name)) & _RESTS for one in calls_in(loop.body))
    return endless and rests and not leaves and not asks and not given


def _waited_for(module: Module, wait: Await) -> Iterator[str]:
    value = strip(wait.value)
    if isinstance(value, Call) and value.name in ("gather", "wait", "all", "allSettled"):
        yield from (_field(module, arg) for arg in value.args)
    elif not isinstance(value, Call):
        yield _field(module, value)


def _sets_something(method: Function) -> bool:
    """Tell whether a method turns a flag of its object, which the loops may ask for."""
    return any(
        is_this_member(strip(one.target)) and isinstance(strip(one.value) if one.value else None, Literal)
        for one in find(method.body, Assign)
    )
