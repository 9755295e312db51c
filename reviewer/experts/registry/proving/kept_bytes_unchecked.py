"""REG396: what was fetched is verified, and what a cache gives instead is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Expr, Function, If, Name, Return, strip
from reviewer.code.walk import find, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.registry.entering import reached
from reviewer.experts.registry.made_from import ways_back
from reviewer.experts.registry.verification import comparisons, is_verification
from reviewer.experts.registry.vocabulary import DIGESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_KEPT: Final = frozenset("readFile readFileSync read_bytes readBytes".split())
"""Calls that give what lies on the disk."""


@module_check("REG396", words=DIGESTS | {"verify"})
def kept_bytes_unchecked(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at functions that answer early with what was stored, and verify what they bring otherwise."""
    if module.is_test:
        return
    for function in module.functions:
        if not function.name:
            continue
        checks = list(_checks(module, function))
        if not checks:
            continue
        for answer in find(function.body, Return, into_functions=False):
            kept = _kept(module, answer)
            if kept is None or _checked(module, function, checks, answer, kept):
                continue
            later = next((one for one in checks if one.raw.start_byte > answer.raw.end_byte), None)
            if later is not None:
                yield Match(
                    answer,
                    f"'{short(module.text_of(kept))}' lies on the disk and is given out as it is; only what is "
                    f"fetched anew is verified, on line {later.line}.",
                    related=((later, "verified here"),),
                )
                break


def _checks(module: Module, function: Function) -> Iterator[Node]:
    """Yield what verifies in a function: comparisons, verifications, and calls of functions that do one of both."""
    for one in comparisons(module):
        if inside(one.node, function):
            yield one.node
    for call in find(function.body, Call):
        if is_verification(call):
            yield call
            continue
        target = definition(module, call.callee)
        if isinstance(target, Function) and target is not function and _verifies(target):
            yield call


def _verifies(function: Function) -> bool:
    module = function.module
    return any(inside(one.node, function) for one in comparisons(module)) or any(
        is_verification(call) for call in find(function.body, Call)
    )


def _kept(module: Module, answer: Return) -> Expr | None:
    """Return the stored bytes that are answered with where there are any: ``if (kept) return kept``."""
    value = strip(answer.value) if answer.value is not None else None
    around = answer.parent
    if not isinstance(around, If):
        return None
    if isinstance(value, Call):
        return value if value.name in _KEPT else None
    if not isinstance(value, Name):
        return None
    made = [one for one in ways_back(module, value) if one is not value]
    stored = any(call.name in _KEPT for one in made[:2] for call in find(one, Call, into_functions=False))
    return value if stored else None


def _checked(module: Module, function: Function, checks: list[Node], answer: Return, kept: Expr) -> bool:
    """Tell whether something that verifies has to do with what is kept: it is handed it, or stands in its condition."""
    around = answer.parent
    if isinstance(around, If) and any(inside(one, around) for one in checks):
        return True
    if not isinstance(kept, Name):
        return False
    return any(name.id == kept.id for one in checks for name in find(one, Name)) or any(
        isinstance(one, Call) and any(name.id == kept.id for arg in one.args for name in find(arg, Name))
        for one in find(function.body, Call)
        if one.raw.start_byte < answer.raw.start_byte and _any_verifies(module, one)
    )


def _any_verifies(module: Module, call: Call) -> bool:
    target = definition(module, call.callee)
    return isinstance(target, Function) and any(_verifies(one) for one in reached(module, target, 1))
