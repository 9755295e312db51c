"""SEC022: one branch of a dispatcher works on a service without the check that another branch has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before, siblings
from reviewer.code.syntax import Call, If, Switch
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.deciding.operations import CHANGES, guard_in, services_in
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function, Statement
    from reviewer.experts.check import Inquiry

_FEW: Final = 2
"""Branches without a check that are said of a single one with it."""
_MOST: Final = 40
"""Branches of one dispatcher that are compared."""
_ANSWERS_NO: Final = frozenset("bad error invalid forbidden unauthorized unauthorised reject refuse deny fail".split())
"""Words of calls that only make the answer to whoever asked wrongly."""
_GIVES_BACK: Final = frozenset("release close end free unlock dispose abort".split())
"""First words of calls that only give back what was taken before."""


@module_check("SEC022", words=TRIGGERS | {"guard", "check", "ensure", "need", "demand", "require"})
def unchecked_case(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the branches of each switch, and of each chain of ``if``, with one another."""
    if module.is_test:
        return
    for switch in module.all(Switch):
        yield from _compare(module, switch, [case.body for case in switch.cases if case.tests])
    for test in module.all(If):
        around = test.parent
        if not (isinstance(around, If) and around.orelse == [test]) and test.orelse:
            yield from _compare(module, test, _chain(test))


def _chain(test: If) -> list[list[Statement]]:
    """Return the bodies of ``if … else if …`` in order."""
    found = [test.body]
    while len(test.orelse) == 1 and isinstance(following := test.orelse[0], If):
        test = following
        found.append(test.body)
    return found


def _compare(module: Module, at: Switch | If, bodies: list[list[Statement]]) -> Iterator[Match]:
    function = function_of(at)
    if function is None or len(bodies) < 3 or len(bodies) > _MOST:
        return
    guarded = [body for body in bodies if body and guard_in(module, function, body)]
    if not guarded or _guarded_around(module, function, at):
        return
    served = {text: body for body in guarded for text in services_in(module, function, body)}
    found: list[Match] = []
    for body in bodies:
        shared = (services_in(module, function, body) & served.keys()) if body and body not in guarded else set()
        used = (
            one
            for one in calls_in(body)
            if _on(module, one) in shared
            and not _asserts(module, one)
            and not set(words(one.name)) & _ANSWERS_NO
            and _GIVES_BACK.isdisjoint(words(one.name)[:1])
        )
        call = next(used, None) if shared else None
        if call is None:
            continue
        by = next(one for one in calls_in(served[_on(module, call)]) if _on(module, one) == _on(module, call))
        alike = _changes(call) or not _changes(by)
        match = Match(
            call,
            f"'{call.name}' is called here without the check that another branch makes before it calls '{by.name}' of "
            "the same service.",
            related=((by, "this branch asks"),),
            confidence=None if alike else Confidence.POSSIBLE,
        )
        found.append(match)
    if len(found) <= max(_FEW, len(guarded)):
        yield from found  # what nearly all branches lack is the matter of the one that asks


def _asserts(module: Module, call: Call) -> bool:
    """Tell whether a call only makes sure of something, also as a compiler spells it: ``(0, assert_1.default)(x)``."""
    return "assert" in words(call.name) or (call.name == "default" and "assert" in words(module.text_of(call.callee)))


def _on(module: Module, call: Call) -> str:
    return module.text_of(call.receiver).replace("?", "") if call.receiver is not None else ""


def _changes(call: Call) -> bool:
    return bool(set(words(call.name)[:1]) & CHANGES)


def _guarded_around(module: Module, function: Function, at: Switch | If) -> bool:
    """Tell whether something asks for permission before the branches part, or after they meet again."""
    beside = [statement for statement in siblings(at, module) if statement is not at]
    if guard_in(module, function, beside):
        return True
    return any(isinstance(node, Call) and is_check(module, node) for node in before(at))
