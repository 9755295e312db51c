"""COM055: a policy that fails is passed over, and what it might have refused goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, returns_of, use_of
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    For,
    Function,
    Handler,
    If,
    Jump,
    Literal,
    Name,
    Node,
    Return,
    Throw,
    Try,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.invocations import invocations
from reviewer.experts.communication.policies import REFUSALS, begins_with_no, blames, drop_refuses, passes_refusals_on
from reviewer.experts.paths import path_words, surroundings, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_JUDGES: Final = word_set(
    "policy policies veto vetoes vetos guard guards gate gates gatekeeper gatekeepers approver approvers reviewer "
    "reviewers scanner scanners validator validators authorizer authorizers inspector inspectors moderator moderators "
    "censor admission admissions checker checkers judge judges rule rules verifier verifiers "
    "juror jurors warden wardens vetoed blocked refused denied objection objections objector"
)
"""What a host calls those whose answer decides whether something may happen."""
_RUNS: Final = frozenset({"run", "call", "invoke", "ask", "execute", "apply", "trigger"})
_ASKS: Final = word_set(
    "may can allows allow allowed permits permit approve approves accepts authorize authorise admit admits veto judge "
    "decide verdict inspect vet"
)
"""First words of the question that they are asked."""


_TESTS: Final = word_set(
    "check checks verify verifies validate validates test tests clear clears run runs call calls handle process"
)
"""First words of a question whose answer, by what the loop does with it, decides yes or no."""


_OF_TEXTS: Final = frozenset("split rsplit partition strip lower upper replace encode decode".split())
"""Methods by which a line is read, and nobody asked."""


@module_check("COM055", words=_JUDGES | _ASKS | _TESTS)
def policy_skipped(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop that asks one policy after the other for what becomes of one that fails."""
    if module.is_test:
        return
    known = {id(found.loop) for found in invocations(inquiry, module)}
    for loop in module.all(For):
        if id(loop) in known or loop.iterable is None or loop.target is None:
            continue
        items = {name.id for name in find(loop.target, Name)}
        caught = _failure_agrees(loop, items, dropped=drop_refuses(module))
        if caught is not None:
            yield Match(
                caught,
                f"When '{module.text_of(caught.receiver or caught)[:60]}' fails, its answer is one that lets the loop "
                "go on: a policy that crashes lets everything through.",
            )
            continue
        for guard in loop.body:
            asked = _question(guard, items) if isinstance(guard, Try) else None
            if (
                asked is None
                or asked.name in _OF_TEXTS
                or not isinstance(guard, Try)
                or not (
                    _about_leave(loop, asked)
                    or _throws_refusal(guard)
                    or (set(words(asked.name)[:1]) & _TESTS and _yes_or_no(loop, module))
                )
            ):
                continue
            given = {name.id for one in find(guard.body, Assign) for name in find(one.target, Name)}
            if begins_with_no(loop, given):
                continue
            handler = next((one for one in guard.handlers if _goes_on(one)), None)
            if handler is not None and _refusal_follows(loop, guard, asked, items, dropped=drop_refuses(module)):
                yield Match(
                    handler,
                    f"'{module.text_of(asked.callee)[:60]}(…)' may refuse, and when it throws or is late the loop goes "
                    "on as if it had agreed: a policy that crashes lets everything through.",
                    related=((asked, "its answer decides here"),),
                )


def _question(guard: Try, items: set[str]) -> Call | None:
    """Return the call of a method of the item at hand, waits and deadlines around it seen through."""
    for call in calls_in(guard.body):
        if not _asked_now(call, guard):
            continue
        holder = strip(call.receiver) if call.receiver is not None else strip(call.callee)
        if isinstance(holder, Name) and holder.id in items and (call.args or call.keywords):
            return call
        first = strip(call.args[0]) if len(call.args) > 1 else None
        if isinstance(first, Name) and first.id in items and set(words(call.name)[:1]) & _RUNS:
            return call  # the one who keeps the hooks runs this one: hooks.run(tap, request)
    return None


def _asked_now(call: Call, guard: Try) -> bool:
    """Tell whether a call runs before the attempt ends: in it, or in a function that a call waited for is given."""
    function = function_of(call)
    while function is not None and function is not function_of(guard):
        around = function.parent
        if not isinstance(around, Call) or function not in around.args or use_of(around).how == "dropped":
            return False
        function = function_of(around)
    return True


def _yes_or_no(loop: For, module: Module) -> bool:
    """Tell whether the function of a loop says yes once the loop is through, or hands on what was not refused."""
    function = function_of(loop)
    last = function.body[-1] if function is not None and function.body else None
    value = strip(last.value) if isinstance(last, Return) and last.value is not None else None
    return (isinstance(value, Literal) and value.value is True) or (isinstance(value, Name) and drop_refuses(module))


def _about_leave(loop: For, asked: Call) -> bool:
    """Tell whether names say that leave is asked for."""
    verb = words(asked.name)[:1]
    said = path_words(loop.iterable) | path_words(asked.receiver) | surroundings(function_of(loop))
    for named in find(loop.iterable, Literal) if loop.iterable is not None else ():
        said |= set(words(named.value)) if isinstance(named.value, str) else set()
    return bool(said & _JUDGES or set(verb) & _ASKS or said & _ASKS)


def _goes_on(handler: Handler) -> bool:
    """Tell whether a clause neither refuses nor remembers: it logs, and the next one is asked."""
    passed_on = [node for one in handler.body if passes_refusals_on(one) for node in walk(one)]
    for node in walk(handler.body, into_functions=False):
        if isinstance(node, Return | Throw | Assign) and not any(node is one for one in passed_on):
            return False
    last = handler.body[-1] if handler.body else None
    return not (isinstance(last, Jump) and last.kind == "break")


def _throws_refusal(guard: Try) -> bool:
    """Tell whether an attempt throws what is called a refusal: ``throw new Rejected(reason)``."""
    return any(
        one.value is not None and isinstance(made := strip(one.value), Call) and REFUSALS & set(words(made.name))
        for one in find(guard.body, Throw, into_functions=False)
    )


def _refusal_follows(loop: For, guard: Try, asked: Call, items: set[str], *, dropped: bool) -> bool:
    """Tell whether the answer ends the matter: what is left of the loop, or of the attempt, refuses where it is no."""
    after = loop.body[loop.body.index(guard) + 1 :]
    answers = {
        assign.target.id
        for assign in find(guard.body, Assign, into_functions=False)
        if isinstance(assign.target, Name) and assign.value is not None and any(n is asked for n in walk(assign.value))
    }
    for test in find([*guard.body, *guard.orelse, *after], If, into_functions=False):
        about = any(node is asked or (isinstance(node, Name) and node.id in answers) for node in walk(test.test))
        if about and exits(test.body) and _ends_it(test, items, answers, dropped=dropped):
            return True
    function = function_of(loop)
    return function is not None and _answers_with_loop(function, answers)


def _failure_agrees(loop: For, items: set[str], *, dropped: bool) -> Call | None:
    """Return ``juror.judge(text).catch(() => "pass")`` of a loop that ends where the answer is a no."""
    for assign in find(loop.body, Assign, into_functions=False):
        caught = strip(assign.value) if assign.value is not None else None
        asked = strip(caught.receiver) if isinstance(caught, Call) and caught.receiver is not None else None
        if not isinstance(caught, Call) or caught.name != "catch" or not caught.args or not isinstance(asked, Call):
            continue
        holder = strip(asked.receiver) if asked.receiver is not None else strip(asked.callee)
        given, target = strip(caught.args[0]), assign.target
        if not isinstance(holder, Name) or holder.id not in items or not isinstance(target, Name):
            continue
        answer = next(returns_of(given), None) if isinstance(given, Function) and not given.params else None
        said = strip(answer.value) if answer is not None and answer.value is not None else None
        if not isinstance(said, Literal):
            continue
        for test in find(loop.body, If, into_functions=False):
            if (
                exits(test.body)
                and _ends_it(test, items, {target.id}, dropped=dropped)
                and _is_passed(test.test, target.id, said)
            ):
                return caught
    return None


def _is_passed(test: Expr, name: str, said: Literal) -> bool:
    """Tell whether an answer of this text does not end the loop: ``said === "fail"`` where it is ``"pass"``."""
    test = strip(test)
    if not isinstance(test, Binary) or test.op not in ("==", "!=", "is", "is not"):
        return False
    sides = (strip(test.left), strip(test.right))
    held = next((side for side in sides if isinstance(side, Literal)), None)
    if held is None or not any(isinstance(side, Name) and side.id == name for side in sides):
        return False
    return (held.value == said.value) is (test.op in ("!=", "is not"))


def _ends_it(test: If, items: set[str], answers: set[str], *, dropped: bool) -> bool:
    """Tell whether a branch of the loop refuses, or gives back who did."""
    return any(
        _refuses(statement, dropped=dropped) or blames(test.test, statement, items, answers) for statement in test.body
    )


def _answers_with_loop(function: Function, answers: set[str]) -> bool:
    """Tell whether an answer of no is given back at once by another name: ``return verdict``."""
    return any(
        isinstance(node.value, Name) and node.value.id in answers and isinstance(node.parent, If)
        for node in find(function.body, Return, into_functions=False)
    )


def _refuses(statement: Node, *, dropped: bool) -> bool:
    if isinstance(statement, Throw):
        return True
    if not isinstance(statement, Return) or statement.value is None:
        return False
    value = strip(statement.value)
    return isinstance(value, Literal) and (value.value is False or (dropped and value.value is None))
