"""PAT373: the window of a limit begins once, and never again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, Literal, Member, Name, Object, strip
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
