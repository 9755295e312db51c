"""API017: a yes or no about what is loaded next is only told to a log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of, use_of
from reviewer.code.reach.links import callee
from reviewer.code.syntax import Assign, Await, Binary, Call, Conditional, Function, Literal, Name, Unary, strip
from reviewer.code.walk import behind, find, function_of, names_in
from reviewer.experts.api.schemas.validation_ignored import answers
from reviewer.experts.api.schemas.verdicts import only_told
from reviewer.experts.api.vocabulary import is_log
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.brought import loads_something

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_SAY_SO: Final = ("bool", "boolean", "Promise<boolean>", "TypeGuard[", "TypeIs[")
_ASK: Final = frozenset(
    "all any every some test has includes startsWith startswith endsWith endswith isinstance issubset issuperset "
    "isdisjoint equals compare_digest timingSafeEqual Boolean bool hasOwn isArray isInteger is_file".split()
)
"""Calls whose answer is yes or no."""
_COMPARES: Final = frozenset({"==", "!=", "<", ">", "<=", ">=", "in", "not in", "is", "is not", "instanceof"})


@module_check("API017")
def verdict_only_logged(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each yes or no that is kept where code is loaded: whether anything but a log ever asks for it."""
    if module.is_test or inquiry.subject.kind != "host" or not loads_something(module.source):
        return
    for call in module.all(Call):
        function = function_of(call)
        told = _told(call) if call.args and function is not None else None
        target = callee(module, call) if told is not None else None
        if target is None or told is None or function is None or answers(module, call):
            continue
        if says_yes_or_no(target) and _is_loaded_next(function, told, call):
            yield Match(
                call,
                f"What '{short(module.text_of(call))}' says is at most logged: what it is about is loaded all "
                "the same.",
                related=((told, "told here"),) if told.line != call.line else (),
            )


def _told(call: Call) -> Node | None:
    """Return where the answer of a call is told, where nothing else becomes of it."""
    use = use_of(call)
    if use.how == "argument" and isinstance(use.by, Call):
        return use.by if is_log(use.by) else None
    named = use.by if use.how == "assigned" and isinstance(use.by, Assign) else None
    return only_told(named, named.target.id) if named is not None and isinstance(named.target, Name) else None


def says_yes_or_no(function: Function) -> bool:
    """Tell whether a function answers with yes or no, by its type or by everything that it gives back."""
    declared = function.returns.strip("'\" ")
    if declared:
        return declared.startswith(_SAY_SO)
    given = [one.value for one in returns_of(function)]
    return bool(given) and all(one is not None and _is_verdict(one) for one in given)


def _is_verdict(value: Expr) -> bool:
    value = strip(value)
    if isinstance(value, Await):
        return _is_verdict(value.value)
    if isinstance(value, Conditional):
        return _is_verdict(value.then) and _is_verdict(value.other)
    if isinstance(value, Binary):
        both = value.op in ("and", "or") and _is_verdict(value.left) and _is_verdict(value.right)
        return value.op in _COMPARES or both
    if isinstance(value, Unary):
        return value.op == "not"
    return (isinstance(value, Literal) and isinstance(value.value, bool)) or (
        isinstance(value, Call) and value.name in _ASK
    )


def _is_loaded_next(function: Function, told: Node, call: Call) -> bool:
    """Tell whether the function goes on to load code, with what the question was about, and never asks it again."""
    about = names_in(call.args) - {"this"}
    if not loads_something(function.module.text_of(function).encode()):
        return False
    again = any(other.name == call.name and other is not call for other in find(function.body, Call))
    return not again and any(name.id in about and behind(name, told) for name in find(function.body, Name))
