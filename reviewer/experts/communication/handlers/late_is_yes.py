"""COM055: in place of the vote of one that failed or is late there stands a yes, which is then counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Expr,
    For,
    Function,
    If,
    Literal,
    Name,
    Node,
    Return,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emissions import named_function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_YES: Final = frozenset("yes ok okay allow allowed pass passes approve approved accept accepted granted permit".split())
_LATER: Final = frozenset({"setTimeout", "addEventListener", "once", "on"})
_ASKED: Final = frozenset({"map", "flatMap", "from"})
_CONSENT: Final = frozenset({"Boolean"})


@module_check("COM055", words={"every", "some", "race", "catch"})
def late_is_yes(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what stands in for a vote that did not come, where votes are counted."""
    if module.is_test:
        return
    for count in module.calls(("every", "some")):
        if (counted := _counted(module, count)) is None:
            continue
        asked, votes = counted
        for caught in find(asked, Call):
            given = strip(caught.args[0]) if caught.name == "catch" and caught.args else None
            if not isinstance(given, Function) or not _asks_another(caught.receiver, votes):
                continue
            answer = _only_answer(given)
            if answer is not None and _is_counted_as_yes(count, answer):
                yield _match(answer, "fails", count)
    for caught in module.calls(("catch",)):
        answer = _yes_in_loop(module, caught)
        if answer is not None:
            yield _match(answer, "fails", caught)
    for race in module.calls(("race",)):
        answer = _late_answer(module, race)
        function = named_function(function_of(race))
        if answer is not None and function is not None and _counts_votes(function, answer):
            yield _match(answer, "comes too late", race)


def _match(answer: Node, when: str, count: Node) -> Match:
    return Match(
        answer,
        f"The vote of one that {when} is taken to be yes: a check that crashes or hangs lets everything through.",
        related=((count, "the votes are counted"),),
    )


def _yes_in_loop(module: Module, caught: Call) -> Literal | None:
    """Return the yes that a failure stands for where a loop asks one after the other, and leaves at the first no."""
    given = strip(caught.args[0]) if caught.args else None
    asked = strip(caught.receiver) if caught.receiver is not None else None
    answer = _only_answer(given) if isinstance(given, Function) else None
    if answer is None or answer.value is not True or not isinstance(asked, Call):
        return None
    loop = next((loop for one in _asked(asked) if (loop := _loop_of(module, one, caught)) is not None), None)
    held = next((one for one in ancestors(caught) if isinstance(one, Assign)), None)
    for test in find(loop.body, If) if loop is not None else ():
        denied = strip(test.test)
        asks = denied.operand if isinstance(denied, Unary) and denied.op == "not" else None
        named = isinstance(asks, Name) and held is not None and asks.id == getattr(held.target, "id", "")
        if exits(test.body) and asks is not None and (named or inside(caught, asks)):
            return answer
    return None


def _asked(call: Call) -> Iterator[Call]:
    """Yield a call and those that it is handed: ``within(MS, gate(order))``, ``within(MS, () => gate(order))``."""
    yield call
    for arg in call.args:
        yield from find(arg, Call)


def _loop_of(module: Module, call: Call, caught: Call) -> For | None:
    """Return the loop around whose item is called, or has a method called."""
    base = strip(call.receiver if call.receiver is not None else call.callee)
    bound = module.scopes.lookup(base.id, base) if isinstance(base, Name) else []
    return next((one for one in bound if isinstance(one, For) and inside(caught, one)), None)


def _counted(module: Module, count: Call) -> tuple[Call, Function] | None:
    """Return the call that asks each of several, with the function that does so, whose answers are counted."""
    held = module.scopes.origin(count.receiver) if count.receiver is not None else None
    while isinstance(held, Await):
        held = held.value
    if isinstance(held, Call) and held.name in ("all", "allSettled") and held.args:
        held = strip(held.args[0])
    if not isinstance(held, Call) or held.name not in _ASKED or not held.args:
        return None
    each = strip(held.args[-1])
    return (held, each) if isinstance(each, Function) else None


def _asks_another(asked: Expr | None, votes: Function) -> bool:
    """Tell whether an expression calls what each vote is asked of: ``gate(order)`` or ``gate.check(order)``."""
    given = {local for param in votes.params for local in (param.name, *param.fields.values()) if local}
    for call in find(asked, Call) if asked is not None else ():
        base = strip(call.receiver if call.receiver is not None else call.callee)
        if isinstance(base, Name) and base.id in given:
            return True
    return False


def _only_answer(function: Function) -> Literal | None:
    answers = [strip(one.value) for one in find(function.body, Return, into_functions=False) if one.value is not None]
    return answers[0] if len(answers) == 1 and isinstance(answers[0], Literal) else None


def _is_counted_as_yes(count: Call, answer: Literal) -> bool:
    """Tell whether a count takes a vote for a yes: it looks for all that are so, or for one that is not."""
    test = strip(count.args[0]) if count.args else None
    if isinstance(test, Name):
        return test.id in _CONSENT and bool(answer.value) is (count.name == "every")
    body = test.body[-1] if isinstance(test, Function) and test.body else None
    asked = strip(body.value) if isinstance(body, Return) and body.value is not None else None
    if isinstance(asked, Name):
        return bool(answer.value) and count.name == "every"
    if not isinstance(asked, Binary) or asked.op not in ("==", "!="):
        return False
    wanted = next((side for one in (asked.left, asked.right) if isinstance(side := strip(one), Literal)), None)
    if wanted is None:
        return False
    same = wanted.value == answer.value
    return same is (asked.op == "==") if count.name == "every" else same is (asked.op == "!=") and _is_yes(answer)


def _is_yes(answer: Literal) -> bool:
    return answer.value is True or (isinstance(answer.value, str) and answer.value.lower() in _YES)


def _late_answer(module: Module, race: Call) -> Literal | None:
    """Return the yes that wins a race against somebody's answer when the time is over."""
    runners = strip(race.args[0]) if race.args else None
    if not isinstance(runners, Array) or not any(isinstance(strip(one), Call) for one in runners.items):
        return None
    for runner in runners.items:
        made = module.scopes.origin(strip(runner))
        if not isinstance(made, Call) or made.name != "Promise" or not made.args:
            continue
        executor = strip(made.args[0])
        if not isinstance(executor, Function) or not executor.params:
            continue
        for call in find(executor.body, Call):
            later = call.name in _LATER
            if later and call.name == "setTimeout" and len(call.args) > 2 and isinstance(call.args[0], Name):
                given = strip(call.args[2])
            elif call.name == executor.params[0].name and call.args and _put_off(call, executor):
                given = strip(call.args[0])
            else:
                continue
            if isinstance(given, Literal) and _is_yes(given):
                return given
    return None


def _put_off(call: Call, executor: Function) -> bool:
    """Tell whether a call stands in what runs later, when a time is over or something is aborted."""
    return any(
        isinstance(around, Call) and around.name in _LATER and inside(around, executor) for around in ancestors(call)
    )


def _counts_votes(function: Function, answer: Literal) -> bool:
    """Tell whether a function, or what it answers by its name, is about who agrees."""
    if isinstance(answer.value, str):
        return any(
            one is not answer and one.value == answer.value and isinstance(one.parent, Binary)
            for one in find(function.module.body, Literal)
        )
    counted = any(call.name in ("every", "some") for call in find(function.body, Call))
    return counted or bool(set(words(function.name)) & (_YES | {"may", "can", "cleared", "agreed", "allows", "vote"}))
