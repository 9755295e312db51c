"""COM181: a step of a chain throws away what the rest of the chain answers, and answers for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of, use_of
from reviewer.code.syntax import Call, Literal, Name, Object, Param, strip
from reviewer.code.walk import calls_in
from reviewer.experts.check import Inquiry, Match, module_check

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_NEXTS: Final = frozenset({"next", "next_", "proceed", "nextStep", "call_next", "callNext", "nxt"})
_VOID: Final = ("void", "Promise<void>", "None", "Awaitable[None]", "Promise<unknown>")


@module_check("COM181", words={"next", "proceed"})
def next_answer_dropped(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each step that waits for the next one for what becomes of the answer."""
    if module.is_test:
        return
    for function in module.functions:
        following = next((one for one in function.params if one.name in _NEXTS), None)
        if following is None or following.type.rpartition("=>")[2].strip() in _VOID:
            continue
        calls = [one for one in calls_in(function.body) if _is_of(one, following)]
        use = use_of(calls[0]) if len(calls) == 1 and calls[0].args else None
        if use is None or use.how != "dropped" or not use.awaited:
            continue
        after = [one for one in returns_of(function) if one.raw.start_byte > calls[0].raw.start_byte]
        answer = next((one for one in after if one.value is not None and _is_own_answer(one.value)), None)
        if answer is not None:
            yield Match(
                calls[0],
                f"What the rest of the chain answers is thrown away, and line {answer.line} answers in its place: a "
                "later step that refuses is reported as a yes.",
                related=((answer, "answered instead"),),
            )


def _is_of(call: Call, following: Param) -> bool:
    return isinstance(call.callee, Name) and call.callee.id == following.name


def _is_own_answer(value: Expr) -> bool:
    """Tell whether an answer is made here, and owes nothing to the chain."""
    value = strip(value)
    if isinstance(value, Literal):
        return value.value is True
    return isinstance(value, Object) and any(isinstance(strip(one), Literal) for _key, one in value.entries)
