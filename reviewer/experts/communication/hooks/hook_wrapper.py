"""COM301: a wrapper around a hook that breaks the rules of pluggy: it yields once, and passes the result on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Assign, Literal, Member, Name, Yield
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.python_package.hooks import hosts_of, implementations
from reviewer.experts.python_package.yields import second_yield

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function
    from reviewer.experts.check import Inquiry
    from reviewer.experts.python_package.hooks import Implementation

_OF_OUTCOME: Final = frozenset(
    {"get_result", "force_result", "force_exception", "excinfo", "exception", "result", "_result", "_excinfo"}
)
"""What the outcome has that an old-style wrapper gets from its yield."""
_ONLY_OF_OUTCOME: Final = frozenset({"get_result", "force_result", "force_exception"})
_UNREAD: Final = frozenset({"pytest_collection", "pytest_runtestloop", "pytest_runtest_protocol", "pytest_pyfunc_call"})
"""Hooks with one result that nobody reads."""


@module_check("COM301", words={"hookimpl", "impl"})
def hook_wrapper(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the functions that are marked as wrappers, of the old style or of the new."""
    for one in implementations(inquiry, module) if hosts_of(inquiry) else ():
        old, new = one.is_on("hookwrapper"), one.is_on("wrapper")
        if old and new:
            yield Match(
                one.function, f"'{one.name}' is marked as a wrapper of the old and of the new style; choose one."
            )
        elif old or new:
            yield from _wrapper(module, one, new=new)


def _wrapper(module: Module, one: Implementation, *, new: bool) -> Iterator[Match]:
    function = one.function
    yields = list(find(function, Yield, into_functions=False))
    if not yields and not function.generator:
        yield Match(function, f"'{one.name}' is marked as a wrapper and has no yield: pluggy refuses the plugin.")
        return
    again = second_yield(function.body)
    if again is not None:
        yield Match(again, f"'{one.name}' yields a second time: a wrapper yields once, and pluggy fails here.")
    names = {
        held.target.id: held
        for held in find(function, Assign, into_functions=False)
        if isinstance(held.value, Yield) and isinstance(held.target, Name)
    }
    for member in find(function, Member, into_functions=False):
        base = member.object
        if not isinstance(base, Name) or base.id not in names or _given_anew(function, base.id):
            continue
        if new and member.name in _ONLY_OF_OUTCOME:
            yield Match(
                member,
                f"The yield of a wrapper of the new style gives the result itself, which has no '{member.name}'; "
                "use it as it is, or mark the function with hookwrapper=True.",
            )
            return
        if not new and member.name not in _OF_OUTCOME and not member.name.startswith("__"):
            yield Match(
                member,
                f"The yield of an old-style wrapper gives the outcome, which has no '{member.name}'; ask "
                f"{base.id}.get_result() first.",
            )
            return
    answer = next((made for made in returns_of(function) if _answers(made.value)), None) if not new else None
    if answer is not None:
        yield Match(
            answer,
            f"What an old-style wrapper returns is dropped: '{one.name}' answers as if this were not there. Give the "
            "result to the outcome with force_result(), or mark the function with wrapper=True.",
        )
    if new and _swallows(one, yields):
        yield Match(
            yields[0],
            f"The result of '{one.name}' ends here: what a wrapper of the new style returns is the result, and this "
            "one returns nothing. Write return (yield).",
        )


def _answers(value: Expr | None) -> bool:
    """Tell whether a return hands something on, and does not only end the function."""
    return value is not None and not (isinstance(value, Literal) and value.value is None)


def _given_anew(function: Function, name: str) -> bool:
    """Tell whether a name holds something else than the yield gave it somewhere, too."""
    held = [one for one in find(function, Assign, into_functions=False) if getattr(one.target, "id", "") == name]
    return len(held) > 1


def _swallows(one: Implementation, yields: Sequence[Yield]) -> bool:
    hook = one.host.hooks.get(one.name)
    if hook is None or not hook.first_result or one.name in _UNREAD or len(yields) != 1:
        return False
    return not any(made.value is not None for made in returns_of(one.function))
