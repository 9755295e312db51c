"""LIF581: the code of a plugin can't be loaded, and the host goes on without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Call,
    ExprStatement,
    For,
    Function,
    Jump,
    Literal,
    Return,
    Throw,
    Try,
    While,
    strip,
)
from reviewer.code.walk import ancestors, behind, calls_in, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.loading import LOADERS, brings_in, loads
from reviewer.experts.paths import last_name
from reviewer.experts.silent_handlers import catches_all, gives_nothing, goes_on, says_why
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Handler, Statement
    from reviewer.experts.check import Inquiry

_ABSENT: Final = frozenset({"ImportError", "ModuleNotFoundError"})
"""Errors of what is not installed, and of everything that such a module imports itself."""


@module_check("LIF581", words=LOADERS | {"require", "load"})
def load_failure_unsaid(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what catches the error of bringing in a plugin's code, and does nothing with it."""
    if module.is_test or is_tooling(module.path):
        return
    for attempt in module.all(Try):
        load = next((call for call in calls_in(attempt.body, into_functions=False) if _loads(module, call)), None)
        handler = _silent(module, attempt) if load is not None else None
        if load is None or handler is None or _goes_elsewhere(module, attempt, load):
            continue
        absent = bool(handler.types) and all(last_name(kind) in _ABSENT for kind in handler.types)
        answered = any(isinstance(one, Return) for one in handler.body)
        yield Match(
            handler,
            f"Whatever goes wrong while '{short(module.text_of(load))}' brings in the code is forgotten here: the "
            "plugin is not there, and nobody can say why.",
            related=((load, "what may fail"),),
            confidence=Confidence.POSSIBLE if absent or (answered and module.language == "python") else None,
        )


def _loads(module: Module, call: Call) -> bool:
    if loads(module, call):
        return True
    return call.receiver is None and brings_in(module, call, 1)


def _silent(module: Module, attempt: Try) -> Handler | None:
    """Return the handler of an attempt that takes any error of loading, and tells nobody."""
    for handler in attempt.handlers:
        absent = any(last_name(kind) in _ABSENT for kind in handler.types)
        if not absent and not catches_all(module, handler):
            continue
        if all(map(_tells_nobody, handler.body)) and not says_why(module, handler):
            return handler
        return None
    return None


def _tells_nobody(statement: Statement) -> bool:
    if goes_on(statement) or gives_nothing(statement):
        return True
    kept = strip(statement.value) if isinstance(statement, ExprStatement) else statement
    value = strip(kept.value) if isinstance(kept, Assign) and kept.value is not None else None
    return isinstance(value, Literal) and value.value is None


def _goes_elsewhere(module: Module, attempt: Try, load: Call) -> bool:
    """Tell whether another place is tried, or somebody is told, behind the attempt or in its ``else``."""
    function = function_of(attempt)
    if _first_wins(attempt) or any(isinstance(one, Try) for one in ancestors(attempt) if function_of(one) is function):
        return True
    body = function.body if isinstance(function, Function) else module.body
    for node in find(body, Throw, into_functions=False):
        if behind(node, attempt):
            return True
    later = [call for call in calls_in(body, into_functions=False) if behind(call, attempt) and call is not load]
    return any(_loads(module, call) for call in later)


def _first_wins(attempt: Try) -> bool:
    """Tell whether the first of several places that works ends a loop."""
    if not any(isinstance(around, For | While) for around in ancestors(attempt)):
        return False
    inside = [*attempt.body, *attempt.orelse]
    return any(
        isinstance(one, Return) or (isinstance(one, Jump) and one.kind == "break")
        for kind in (Return, Jump)
        for one in find(inside, kind, into_functions=False)
    )
