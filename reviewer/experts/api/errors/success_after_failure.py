"""API441: what failed is answered with success."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, siblings
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    ExprStatement,
    Literal,
    Object,
    Return,
    Try,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.api.vocabulary import spelled
from reviewer.experts.check import Match, module_check
from reviewer.experts.silent_handlers import catches_all
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function, Handler, Statement
    from reviewer.experts.check import Inquiry

_FINE: Final = frozenset({"ok", "success", "succeeded", "done"})
"""Members of an answer that say that what was asked for was done."""
_TELLS: Final = frozenset(
    "log logger logging console debug info warn warning error exception print trace report note stderr".split()
)
_MILD: Final = frozenset(
    (
        "close destroy kill unlink rm rmdir remove delete dispose abort cancel terminate stop disconnect end shutdown "
        "cleanup release detach clear exit revoke free drop unload teardown stat access exists require import probe "
        "unregister deactivate decode test reset log track notify"
    ).split()
)
"""First words of what may fail without harm, or of what is gone either way."""
_AN_END: Final = frozenset({"stop", "iteration"})
"""Words of what Python raises when there is no more: no failure."""


@module_check("API441", words={"try", "except", "catch"} | _TELLS)
def success_after_failure(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at handlers that only tell a log, where the answer behind them is success whatever happened."""
    if module.is_test or is_tooling(module):
        return
    for node in module.all(Try):
        function = function_of(node)
        answer = _answer(module, node)
        if function is None or answer is None or not _is_the_work(module, node, function):
            continue
        handler = next((one for one in node.handlers if _only_tells(one)), None)
        if handler is not None and next(find(node.final, Return, into_functions=False), None) is None:
            yield Match(
                handler,
                f"What fails in '{function.name or 'this function'}' is put into a log at most, and line {answer.line} "
                "answers that it was done: the caller goes on as if it were.",
                related=((answer, "the answer"),),
            )


@module_check("API441", words={"try", "except", "catch"} | _TELLS)
def success_in_handler(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at handlers of every error that answer as the work does when it succeeds."""
    if module.is_test or is_tooling(module):
        return
    for node in module.all(Try):
        function = function_of(node)
        last = node.body[-1] if node.body else None
        if function is None or not isinstance(last, Return) or last.value is None or not _is_success(last.value):
            continue
        if not _is_the_work(module, node, function) or not _does_something(node):
            continue
        for handler in node.handlers:
            said = handler.body[-1] if handler.body else None
            if not isinstance(said, Return) or said.value is None or not _is_success(said.value):
                continue
            if catches_all(module, handler) and all(_speaks(one) for one in handler.body[:-1]):
                yield Match(
                    said,
                    f"'{function.name or 'This function'}' answers here as on line {last.line}, when it was done: "
                    "whatever fails, the caller goes on as if it were.",
                    related=((last, "the answer when it was done"),),
                )


def _does_something(node: Try) -> bool:
    """Tell whether something is done before the answer that a ``try`` ends with."""
    return any(_matters(call) for call in calls_in(node.body[:-1], into_functions=False))


def _speaks(statement: Statement) -> bool:
    value = strip(statement.value) if isinstance(statement, ExprStatement) else None
    return isinstance(value, Call) and _tells(value)


def _answer(module: Module, node: Try) -> Return | None:
    """Return the success that stands directly behind a ``try``, and that nothing inside it answers otherwise."""
    around = siblings(node, module)
    place = next((n for n, one in enumerate(around) if one is node), -1)
    behind = around[place + 1] if 0 <= place < len(around) - 1 else None
    if not isinstance(behind, Return) or behind.value is None or not _is_success(behind.value):
        return None
    inside = [*node.body, *node.orelse, *(one for handler in node.handlers for one in handler.body)]
    return behind if next(find(inside, Return, into_functions=False), None) is None else None


def _is_success(value: Expr) -> bool:
    value = strip(value)
    if isinstance(value, Literal):
        return value.value is True
    made = isinstance(value, Call) and value.receiver is None and value.name[:1].isupper()
    members = value.keywords if isinstance(value, Call) and made else {}
    for name in _FINE:
        said = value.get(name) if isinstance(value, Object) else members.get(name)
        if said is not None and isinstance(given := strip(said), Literal) and given.value is True:
            return True
    return False


def _is_the_work(module: Module, node: Try, function: Function) -> bool:
    """Tell whether what is tried is what the function is for: it does nothing else, and no cleaning up."""
    said = words(function.name)
    if said and (said[0] in _MILD or said[0] in ("is", "has", "can", "check")):
        return False
    if not any(_matters(call) for call in calls_in(node.body, into_functions=False)):
        return False
    for statement in siblings(node, module):
        if statement is node:
            return True
        value = strip(statement.value) if isinstance(statement, ExprStatement) else None
        value = strip(value.value) if isinstance(value, Await) else value
        if isinstance(value, Call) and not _tells(value):
            return False
    return False


def _matters(call: Call) -> bool:
    said = words(call.name)
    return bool(said) and said[0] not in _MILD and said[-1] not in _MILD and not _tells(call)


def _tells(call: Call) -> bool:
    """Tell whether a call speaks to a log: ``log.debug(…)``, ``this.#logger.warn(…)``, ``reportError(…)``."""
    holder = strip(call.receiver) if call.receiver is not None else None
    return bool((set(words(call.name)) | set(words(spelled(holder) if holder is not None else ""))) & _TELLS)


def _only_tells(handler: Handler) -> bool:
    """Tell whether a handler changes nothing and leaves nothing: it speaks to a log, or not at all."""
    if any(set(words(getattr(one, "id", "") or getattr(one, "name", ""))) >= _AN_END for one in handler.types):
        return False
    if exits(handler.body) or next(find(handler.body, Assign, into_functions=False), None) is not None:
        return False
    for statement in handler.body:
        value = strip(statement.value) if isinstance(statement, ExprStatement) else None
        if isinstance(value, Call):
            if not _tells(value):
                return False
        elif not isinstance(value, Literal):
            return False
    return True
