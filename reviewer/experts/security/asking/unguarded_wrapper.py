"""SEC022: what wraps a function in a check does so for one sort of functions, and lets another through unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import callee
from reviewer.code.syntax import Call, Conditional, Function, If, Member, Name, Param, strip
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.deciding.decisions import asks_permission, is_check
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ONWARD: Final = frozenset({"call", "apply"})
_DEEPEST: Final = 2
"""Functions one in another in which somebody may ask."""


@module_check("SEC022", words=TRIGGERS | {"guard", "guarded", "check", "ensure", "demand", "require", "requires"})
def unguarded_wrapper(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the wrappers that a function answers with: one for coroutines, one for the rest."""
    if module.is_test:
        return
    for maker in module.functions:
        if not maker.params or maker.signature_only:
            continue
        wrappers = _answered(maker)
        if len(wrappers) < 2:
            continue
        runs = [(one, _runs_wrapped(module, maker, one)) for one in wrappers]
        asking = next((one for one, run in runs if run is not None and _asks(module, one)), None)
        if asking is None or _asks(module, maker, itself=True):
            continue
        for wrapper, run in runs:
            if run is not None and not _asks(module, wrapper) and _told_by_wrapped(maker, run):
                yield Match(
                    run,
                    f"'{wrapper.name or 'this wrapper'}' runs what it wraps without asking, and "
                    f"'{asking.name or 'the other one'}' that '{maker.name or 'the same function'}' gives for other "
                    "functions asks first: whoever is wrapped in this one is open to everybody.",
                    related=((asking, "this one asks"),),
                )


def _answered(maker: Function) -> list[Function]:
    """Return the functions that a function makes and answers with, each way out of its own."""
    inner = {one.name: one for one in find(maker.body, Function) if one.outer is maker and one.name}
    found: list[Function] = []
    for answer in returns_of(maker):
        pending = [answer.value] if answer.value is not None else []
        while pending:
            value = strip(pending.pop())
            if isinstance(value, Conditional):
                pending += [value.other, value.then]
                continue
            made = inner.get(value.id) if isinstance(value, Name) else value
            if isinstance(made, Function) and not any(made is one for one in found):
                found.append(made)
    return found


def _runs_wrapped(module: Module, maker: Function, wrapper: Function) -> Call | None:
    """Return the call by which a wrapper runs what its maker was handed."""
    for call in calls_in(wrapper.body):
        called = strip(call.callee)
        if isinstance(called, Member) and called.name in _ONWARD:
            called = strip(called.object)
        if isinstance(called, Name) and _is_given(module, maker, called):
            return call
    return None


def _told_by_wrapped(maker: Function, run: Call) -> bool:
    """Tell whether what is asked on the way to the choice of a wrapper is what sort of function is wrapped.

    A wrapper for what needs no right at all may run it unasked.
    """
    called = strip(run.callee)
    wrapped = names_in(called.object if isinstance(called, Member) else called)
    tests = [one.test for one in find(maker.body, If) if function_of(one) is maker]
    tests += [one.test for one in find(maker.body, Conditional) if function_of(one) is maker]
    return bool(tests) and all(names_in(test) & wrapped for test in tests)


def _is_given(module: Module, maker: Function, name: Name) -> bool:
    bound = module.scopes.lookup(name.id, name)
    return len(bound) == 1 and isinstance(bound[0], Param) and bound[0].parent is maker


def _asks(module: Module, function: Function, depth: int = 0, *, itself: bool = False) -> bool:
    """Tell whether a function asks for a permission: by a call, or by a look-up behind which it refuses."""
    deep = not itself
    calls = list(calls_in(function.body, into_functions=deep))
    if any(is_check(module, call) for call in calls):
        return True
    tests: Iterator[If] = find(function.body, If, into_functions=deep)
    if any(asks_permission(module, test.test) and refuses(test.body) for test in tests):
        return True
    helpers = (callee(module, call) for call in calls) if depth < _DEEPEST else ()
    return any(one is not None and one is not function and _asks(one.module, one, depth + 1) for one in helpers)
