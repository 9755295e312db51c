"""LIF055: a count of what is under way is raised before the work, and stays so when the work fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, exits, guarding_try
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Function,
    Handler,
    If,
    Literal,
    Member,
    Name,
    Return,
    Try,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_UNDER_WAY: Final = frozenset(
    "depth active inflight flight running open nesting nested concurrent busy current".split()
)
"""Words of a count of what is under way, which comes down again when that is over."""
_COMPARES: Final = frozenset({"<", ">", "<=", ">="})


@module_check("LIF055", words={"async", "await", "active", "open", "running", "count", "inflight", "used", "depth"})
def count_stays_raised(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each count with a limit that is raised before a wait for the way in which it comes down again."""
    if module.is_test:
        return
    for raised in module.all(Assign):
        function = function_of(raised)
        if function is None or not function.asynchronous or not _by_one(raised, "+=") or not _limited(raised, module):
            continue
        wait = _wait_behind(function, raised)
        if wait is None:
            continue
        lowered = _lowered(function, raised, module)
        if not lowered and _never_lowered(module, raised):
            yield Match(
                raised,
                f"'{module.text_of(raised.target)}' is raised here and lowered nowhere: after as many calls as the "
                "limit allows everybody is turned away.",
                related=((wait, "what it is raised for"),),
            )
            continue
        if any(_whatever_happens(node, function) for node in lowered):
            continue
        if (lowered and lowered[0].start > wait.start) or (not lowered and _hands_out(function, raised, wait)):
            name = module.text_of(raised.target)
            then = (
                "after as many failures as the limit allows everybody is turned away."
                if _limited(raised, module, but_nothing=True)
                else "whoever waits until it has come down waits for ever."
            )
            yield Match(
                raised,
                f"When '{module.text_of(wait.value)[:60]}' fails, '{name}' stays raised: {then}",
                related=((wait, "may fail here"),),
            )


def _by_one(assign: Assign, op: str) -> bool:
    value = strip(assign.value) if assign.value is not None else None
    target = strip(assign.target)
    return assign.op == op and isinstance(target, Member | Name) and isinstance(value, Literal) and value.value == 1


def _limited(raised: Assign, module: Module, *, but_nothing: bool = False) -> bool:
    """Tell whether the count is held against a limit anywhere, which is not nothing at all where that is asked."""
    text = module.text_of(raised.target)
    return any(
        test.op in _COMPARES
        and text in (module.text_of(test.left), module.text_of(test.right))
        and not (but_nothing and "0" in (module.text_of(test.left), module.text_of(test.right)))
        for test in module.all(Binary)
    )


def _wait_behind(function: Function, raised: Assign) -> Await | None:
    """Return the first wait after a count is raised, whose failure leaves the function."""
    for wait in find(function.body, Await, into_functions=False):
        call = strip(wait.value)
        caught = isinstance(call, Call) and (call.name in ("catch", "import") or _goes_on(wait))
        if wait.start > raised.start and not caught and _same_way(raised, wait):
            return wait
    return None


def _goes_on(wait: Await) -> bool:
    """Tell whether the function goes on behind a ``try`` when a wait in it fails."""
    guard = guarding_try(wait)
    return guard is not None and not any(exits(handler.body) for handler in guard.handlers)


def _same_way(raised: Assign, wait: Await) -> bool:
    """Tell whether whoever raises the count comes to the wait: it stands behind it, or in a block around both."""
    block = next((around for around in ancestors(raised) if isinstance(around, If | Function)), None)
    return not isinstance(block, If) or block.start <= wait.start < block.stop or not exits(block.body)


def _lowered(function: Function, raised: Assign, module: Module) -> list[Assign]:
    text = module.text_of(raised.target)
    return [a for a in find(function.body, Assign) if _by_one(a, "-=") and module.text_of(a.target) == text]


def _never_lowered(module: Module, raised: Assign) -> bool:
    """Tell whether a field is by its name a count of what is under way, and nothing else in the file sets it."""
    target = strip(raised.target)
    if not is_this_member(target) or not set(words(target.name)) & _UNDER_WAY:
        return False
    others = [one for one in module.all(Assign) if one is not raised and _is_same(one.target, target.name)]
    steps = [one for one in module.all(Unary) if one.op in ("--", "++") and _is_same(one.operand, target.name)]
    begun = [one for one in others if (around := function_of(one)) is None or around.kind == "constructor"]
    begun += [one for one in others if (around := function_of(one)) is not None and around.name == "__init__"]
    return not steps and len({id(one) for one in begun}) == len(others)


def _is_same(expr: Expr, name: str) -> bool:
    held = strip(expr)
    return isinstance(held, Member) and held.name == name


def _whatever_happens(node: Node, function: Function) -> bool:
    """Tell whether something runs also after a failure: in a ``finally``, a clause for errors, or a reaction."""
    inner: Node = node
    for around in ancestors(node):
        if isinstance(around, Handler) or (isinstance(around, Try) and any(inner is s for s in around.final)):
            return True
        if isinstance(around, Function) and around is not function:
            return True  # it is handed on, to run when the work is over
        if around is function:
            return False
        inner = around
    return False


def _hands_out(function: Function, raised: Assign, wait: Await) -> bool:
    """Tell whether a place is taken under the limit for what is then made and given out."""
    asked = any(isinstance(one.test, Binary) and one.test.op in _COMPARES for one in conditions(raised))
    return asked and any(
        given.value is not None and (strip(given.value) is strip(wait.value)) and given.start > raised.start
        for given in find(function.body, Return, into_functions=False)
    )
