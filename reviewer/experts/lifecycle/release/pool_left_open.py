"""LIF004: a host makes a pool of threads or processes for itself, and its end leaves them running."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Function, Member, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Inquiry, Match, module_check

if TYPE_CHECKING:
    from reviewer.code.module import Module

_POOLS: Final = frozenset({"ThreadPoolExecutor", "ProcessPoolExecutor", "ThreadPool"})
_ENDS: Final = frozenset({"shutdown", "stopall", "closeall", "aclose", "exit", "aexit", "teardown"})
"""Names of the end of a host as a whole; the end of one plugin says nothing of what the host holds."""


@module_check("LIF004", words={"executor", "pool"})
def pool_left_open(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each pool that a class makes for itself for its end."""
    if module.is_test or module.language != "python" or inquiry.subject.kind != "host":
        return
    for cls in module.classes:
        end = next(
            (method for method in cls.methods if flat(method.name.strip("_")) in _ENDS and not method.params), None
        )
        for assign in find(cls, Assign) if end is not None else ():
            made = strip(assign.value) if assign.value is not None else None
            held = assign.target
            if not isinstance(made, Call) or made.name not in _POOLS or not is_this_member(held) or end is None:
                continue
            if not _is_birth(function_of(assign)) or _is_ended(module, cls, held.name):
                continue
            yield Match(
                made,
                f"'{end.name}' never shuts '{held.name}' down: its threads, and what waits in it, go on after the "
                "end of the host, and keep the process alive.",
                related=((end, "the end"),),
            )


def _is_birth(function: Function | None) -> bool:
    return function is not None and function.name in ("__init__", "__enter__", "__aenter__")


def _is_ended(module: Module, cls: Class, name: str) -> bool:
    """Tell whether the pool is shut down, entered by a stack, or handed to somebody who may do so."""
    for member in find(cls, Member):
        if member.name != name or not is_this_member(member):
            continue
        around = member.parent
        if isinstance(around, Member) and around.name in ("shutdown", "close", "terminate", "__exit__"):
            return True
        if isinstance(around, Call) and member in around.args and around.name not in ("run_in_executor", "wrap_future"):
            return True
    return any(
        isinstance(other.receiver, Member) and other.receiver.name == name for other in module.calls(("shutdown",))
    )
