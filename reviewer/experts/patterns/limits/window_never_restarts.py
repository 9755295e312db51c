"""PAT373: the window of a limit begins once, and never again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, If, Literal, Member, Name, Object, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CLOCKS: Final = frozenset(
    {"Date.now()", "performance.now()", "time.monotonic()", "time.time()", "asyncio.get_event_loop().time()"}
)
_COMPARES: Final = frozenset({"<", ">", "<=", ">="})


@module_check("PAT373", words={"now", "monotonic", "time"})
def window_never_restarts(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each start of a window that a function compares with now for a line that sets it anew."""
    if module.is_test:
        return
    for test in module.all(Binary):
        function = function_of(test)
        begun = _begun(module, test)
        if function is None or begun is None:
            continue
        counted = _counted(function, begun)
        if counted and _set_once(module, begun.name) and not _counts_down(module, counted):
            yield Match(
                test,
                f"'{short(module.text_of(begun))}' says when the window began, and nothing ever sets it again, nor "
                f"'{counted}' back to zero: the limit holds for the first window alone, or for ever.",
            )


@module_check("PAT373", words={"now", "monotonic", "time"})
def window_over_for_ever(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is done when a window is over for whether it begins another: not only the count starts anew."""
    if module.is_test:
        return
    for branch in module.all(If):
        test = strip(branch.test)
        begun = _begun(module, test) if isinstance(test, Binary) else None
        function = function_of(branch)
        if begun is None or function is None or not _is_over(test, begun):
            continue
        taken = list(find(branch.body, Assign, into_functions=False))
        zeroed = next((one for one in taken if _is_zeroed(one, begun)), None)
        if zeroed is not None and not any(_is_field(one.target, begun.name) for one in find(function.body, Assign)):
            yield Match(
                zeroed,
                f"The window is over and only the count starts anew: '{short(module.text_of(begun))}' stays, so that "
                "from now on every call finds the window over, and nothing is limited any more.",
                related=((branch.test, "asked here"),),
            )


def _is_over(test: Expr, begun: Member) -> bool:
    """Tell whether a test holds when more time has passed than a window lasts."""
    if not isinstance(test, Binary):
        return False
    first = any(node is begun for node in find(test.left, Member))
    return test.op in ((">", ">=") if first else ("<", "<="))


def _is_zeroed(assign: Assign, begun: Member) -> bool:
    """Tell whether a count of the same record as the start of a window goes back to nothing."""
    target, value = strip(assign.target), strip(assign.value) if assign.value is not None else None
    if not isinstance(target, Member) or not isinstance(value, Literal) or value.value != 0 or assign.op != "=":
        return False
    holder, other = strip(target.object), strip(begun.object)
    return isinstance(holder, Name) and isinstance(other, Name) and holder.id == other.id


def _is_field(target: Expr, name: str) -> bool:
    made = strip(target)
    return isinstance(made, Member) and made.name == name


def _begun(module: Module, test: Binary) -> Member | None:
    """Return the field that a test holds against the time: ``now - window.from < length``."""
    if test.op not in _COMPARES:
        return None
    for side in (strip(test.left), strip(test.right)):
        if isinstance(side, Binary) and side.op == "-" and _is_now(module, side.left):
            start = strip(side.right)
            return start if isinstance(start, Member) else None
    return None


def _is_now(module: Module, expr: Expr) -> bool:
    return module.resolve(expr) in _CLOCKS


def _counted(function: Function, begun: Member) -> str:
    """Return the count beside the start of the window that the same function raises and holds against a limit."""
    holder = begun.object
    if not isinstance(holder, Name):
        return ""
    for assign in find(function.body, Assign):
        target = strip(assign.target)
        if assign.op == "+=" and isinstance(target, Member) and _of(target, holder):
            compared = any(
                test.op in _COMPARES and any(_same(side, target) for side in (test.left, test.right))
                for test in find(function.body, Binary)
            )
            if compared:
                return target.name
    return ""


def _of(member: Member, holder: Name) -> bool:
    return isinstance(member.object, Name) and member.object.id == holder.id


def _same(side: Expr, target: Member) -> bool:
    side = strip(side)
    return isinstance(side, Member) and side.name == target.name


def _set_once(module: Module, name: str) -> bool:
    """Tell whether the start is only given where the record is made, and that does not depend on the time."""
    if any(
        isinstance(strip(assign.target), Member) and getattr(strip(assign.target), "name", "") == name
        for assign in module.all(Assign)
    ):
        return False
    made = [literal for literal in module.all(Object) if any(_key(key) == name for key, _value in literal.entries)]
    if len(made) != 1 or function_of(made[0]) is None:
        return False
    value = next(value for key, value in made[0].entries if _key(key) == name)
    return _is_now(module, value) and not any(_names_field(condition.test, name) for condition in conditions(made[0]))


def _key(key: Expr | None) -> str:
    return str(key.value) if isinstance(key, Literal) else ""


def _names_field(test: Expr, name: str) -> bool:
    return any(member.name == name for member in find(test, Member))


def _counts_down(module: Module, counted: str) -> bool:
    """Tell whether the count goes down or back to zero anywhere, or records are thrown away with the time."""
    for assign in module.all(Assign):
        target = strip(assign.target)
        if isinstance(target, Member) and target.name == counted and assign.op != "+=":
            return True
    return any(isinstance(call, Call) for call in module.calls(("setInterval", "setTimeout", "clear", "call_later")))
