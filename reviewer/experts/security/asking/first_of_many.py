"""SEC445: a guard is asked about the first of several things, and all of them are worked on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import callee
from reviewer.code.syntax import (
    Call,
    Expr,
    ExprStatement,
    For,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    strip,
)
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.deciding.refusing_only import only_refuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_EACH: Final = frozenset({"map", "forEach", "flatMap", "reduce"})
_FIRST: Final = frozenset({"next", "first", "at", "head"})
_NAMES: Final = frozenset({"first", "head", "one", "lead", "sample", "allowed", "may", "can", "check", "demand"})
_WORDS: Final = _NAMES | frozenset(
    "require ensure assert guard verify permits grants insist authorize authorise clearance refuse refused denied "
    "deny forbidden permission permissions rights right".split()
)


@module_check("SEC445", words=_WORDS)
def first_of_many(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each guard that is asked about the first of a list which is gone through afterwards."""
    if module.is_test:
        return
    for call in module.all(Call):
        function = function_of(call)
        if function is None or not (call.args or call.keywords):
            continue
        many = _first_of(module, call)
        if not many or not _guards(module, call):
            continue
        work = next((one for one in _gone_through(function, many) if one.start > call.start), None)
        if work is None or _asked_for_each(module, function, many, call):
            continue
        yield Match(
            call,
            f"'{short(module.text_of(call))}' is asked about the first of '{many}' alone, and all of them are worked "
            "on.",
            related=((work, "gone through here"),),
        )


def _first_of(module: Module, call: Call) -> str:
    """Return the name of the list whose first element a call is asked about."""
    for given in (*call.args, *call.keywords.values()):
        held = strip(given)
        while isinstance(held, Member):
            held = strip(held.object)
        many = _list_of(module, held)
        if many:
            return many
    return ""


def _list_of(module: Module, first: Expr) -> str:
    """Return the name of the list of which an expression is the first element."""
    if isinstance(first, Name):
        made = module.scopes.origin(first)
        first = strip(made) if isinstance(made, Expr) else first
    if isinstance(first, Index) and isinstance(first.key, Literal) and first.key.value == 0:
        held = strip(first.object)
        return held.id if isinstance(held, Name) else ""
    if isinstance(first, Call) and first.name in _FIRST and first.args:
        inner = strip(first.args[0])
        held = strip(inner.args[0]) if isinstance(inner, Call) and inner.name == "iter" and inner.args else inner
        if first.name == "at" and first.receiver is not None:
            held = strip(first.receiver)
        return held.id if isinstance(held, Name) else ""
    return ""


def _guards(module: Module, call: Call) -> bool:
    """Tell whether the work behind a call hangs on it: it refuses, or its no leads to a refusal."""
    asked = callee(module, call)
    around = call.parent
    alone = isinstance(around, ExprStatement) or isinstance(getattr(around, "parent", None), ExprStatement)
    if alone:
        return (asked is not None and only_refuses(asked)) or is_check(module, call)
    for outer in ancestors(call):
        if isinstance(outer, If):
            return refuses(outer.body) and is_check(module, call)
        if isinstance(outer, Function):
            return False
    return False


def _gone_through(function: Function, name: str) -> Iterator[Node]:
    for loop in find(function.body, For, into_functions=False):
        if isinstance(loop.iterable, Name) and loop.iterable.id == name and any(True for _ in calls_in(loop.body)):
            yield loop
    for call in find(function.body, Call, into_functions=False):
        held = strip(call.receiver) if call.receiver is not None else None
        if call.name in _EACH and isinstance(held, Name) and held.id == name:
            yield call


def _asked_for_each(module: Module, function: Function, name: str, first: Call) -> bool:
    """Tell whether the guard, or another, is asked in a loop of the same list, or all are known to be alike."""
    for work in _gone_through(function, name):
        asks = (call for call in find(work, Call) if call is not first and call is not work)
        if any(call.name == first.name or is_check(module, call) or _only_refuses(module, call) for call in asks):
            return True
    tests = (one.test for one in conditions(first))
    alike = any(
        isinstance(part, Member) and part.name in ("length", "size") for test in tests for part in find(test, Member)
    )
    return alike or any(_asks_all(call) and name in names_in(call) for call in find(function.body, Call))


def _asks_all(call: Call) -> bool:
    """Tell whether a call asks something of each element, as ``Promise.all`` does not."""
    return call.name in ("every", "some") or (call.name in ("all", "any") and call.receiver is None)


def _only_refuses(module: Module, call: Call) -> bool:
    asked = callee(module, call)
    return asked is not None and only_refuses(asked)
