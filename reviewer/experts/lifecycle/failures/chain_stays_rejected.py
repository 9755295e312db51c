"""LIF520: turns are put one behind the other, and the first that fails keeps all later ones from being taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Expr,
    Function,
    Index,
    Member,
    Name,
    Return,
    Throw,
    Try,
    strip,
)
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.patterns.sharing import home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_STEPS: Final = frozenset({"then", "catch", "finally"})
_ROUNDS: Final = frozenset({"forEach", "map", "each", "reduce"})
_MOST_STEPS: Final = 8


@module_check("LIF520", words={"then"})
def chain_stays_rejected(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each promise that is kept as the end of a line, and put behind what stood there before."""
    if module.is_test:
        return
    for place, tail, value in _kept(module):
        steps, base = _steps(module, value)
        works = [step for step in steps if step.name == "then" and step.args]
        if not works or not _is_tail(module, base, tail) or any(map(_hears_failure, steps)):
            continue
        if all(_cannot_fail(module, step.args[0]) for step in works):
            continue
        yield Match(
            place,
            f"When one turn fails, '{short(tail)}' stays rejected: 'then' passes over all that are put behind it, and "
            "whoever asks for the next one gets the error of the one before.",
        )


def _kept(module: Module) -> Iterator[tuple[Node, str, Expr]]:
    """Yield what is kept beyond a call, with the text of where: a field, a variable of the outside, an entry."""
    for assign in module.all(Assign):
        function, target = function_of(assign), strip(assign.target)
        if function is None or assign.value is None or assign.op != "=" or assign.declare:
            continue
        lives = home(module, target.id, target) if isinstance(target, Name) else None
        outlives = is_this_member(target) or isinstance(target, Member | Index)
        if outlives or (lives is not None and lives.scope is not _one_round(function)):
            yield assign, module.text_of(target), assign.value
    for call in module.calls(("set",)):
        if len(call.args) == 2 and call.receiver is not None and function_of(call) is not None:
            yield call, module.text_of(call.receiver), call.args[1]


def _one_round(function: Function) -> Function | None:
    """Return the function of which another is only the body of a loop: what is kept there is gone with the call."""
    around: Function | None = function
    while around is not None and isinstance(around.parent, Call) and around.parent.name in _ROUNDS:
        around = around.outer
    return around


def _steps(module: Module, value: Expr) -> tuple[list[Call], Expr]:
    """Return the steps of a chain of promises, and what it begins with; variables of the function are followed."""
    steps: list[Call] = []
    base = _made(module, value)
    for _ in range(_MOST_STEPS):
        if not (isinstance(base, Call) and base.receiver is not None and base.name in _STEPS):
            break
        steps.append(base)
        base = _made(module, base.receiver)
    return steps, base


def _made(module: Module, value: Expr) -> Expr:
    """Return what a variable was given, where it is one of the function itself and was given nothing else."""
    inner = strip(value)
    bound = module.scopes.lookup(inner.id, inner) if isinstance(inner, Name) else []
    only = bound[0] if len(bound) == 1 else None
    if not isinstance(only, Assign) or only.value is None or function_of(only) is not function_of(inner):
        return inner
    return strip(only.value)


def _is_tail(module: Module, base: Expr, tail: str) -> bool:
    """Tell whether a chain begins with what was kept before: itself, or the entry under a key, or nothing yet."""
    if isinstance(base, Binary) and base.op in ("??", "or"):
        base = strip(base.left)
    if isinstance(base, Call) and base.name == "get" and base.receiver is not None:
        return module.text_of(base.receiver) == tail
    return module.text_of(base) == tail


def _hears_failure(step: Call) -> bool:
    return bool(step.args) and (step.name == "catch" or (step.name == "then" and len(step.args) > 1))


def _never_refused(module: Module, promise: Expr) -> bool:
    """Tell whether a promise was made by what can only fulfil it: ``new Promise((done) => { release = done; })``."""
    made = module.scopes.origin(promise) if isinstance(promise, Name) else promise
    work = strip(made.args[0]) if isinstance(made, Call) and made.new and made.name == "Promise" and made.args else None
    return isinstance(work, Function) and len(work.params) == 1 and not any(find(work.body, Throw))


def _waits(statement: Node) -> bool:
    return any(find(statement, Await)) or any(find(statement, Throw))


def _answers(statement: Node) -> bool:
    """Tell whether a statement gives back what a call gives, which may be a promise that fails."""
    return any(one.value is not None and any(find(one.value, Call)) for one in find(statement, Return))


def _cannot_fail(module: Module, work: Expr, depth: int = 1) -> bool:
    """Tell whether a turn hears all of its own failures."""
    inner = strip(work)
    function = inner if isinstance(inner, Function) else definition(module, inner)
    if not isinstance(function, Function) or not function.body:
        return False
    working = [one for one in function.body if isinstance(one, Try) or any(find(one, Call)) or any(find(one, Await))]
    waits = [one for one in working if isinstance(one, Try) or _waits(one) or _answers(one)]
    if waits and all(isinstance(one, Try) and one.handlers and not any(find(one.handlers, Throw)) for one in waits):
        return True
    answers = [strip(one.value) for one in returns_of(function) if one.value is not None]
    if len(function.body) == 1 and len(answers) == 1 and _never_refused(module, answers[0]):
        return True
    if len(function.body) != 1 or len(answers) != 1 or not isinstance(answers[0], Call):
        return False
    answer = answers[0]
    return answer.name == "catch" or (depth > 0 and _cannot_fail(module, answer.callee, depth - 1))
