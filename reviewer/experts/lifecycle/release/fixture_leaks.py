"""LIF300: a fixture opens something for a test, and nothing closes it when the test is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Await, Call, Return, Yield
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.python_package.fixtures import fixtures
from reviewer.experts.python_package.resources import acquired, given_away, held_as, in_block, receiver_name, released

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.python_package.fixtures import Fixture


@module_check("LIF300", words={"fixture"})
def fixture_leaks(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Follow what a fixture starts to the code behind its yield, and to its finalizers."""
    if module.is_test:
        return
    for fixture in fixtures(module):
        for call, what in acquired(module, fixture.function):
            name = receiver_name(call) if what == "the patch" else held_as(call)
            if in_block(call) or (name and given_away(fixture.function, name)):
                continue
            if _handed_out(call) if not name else not released([*fixture.function.body], name):
                yield Match(call, _said(fixture, what))


def _handed_out(call: Call) -> bool:
    """Tell whether the test gets what a call gives at once, so that the fixture has no name for it."""
    around = call.parent
    while isinstance(around, Await):
        around = around.parent
    return isinstance(around, Return | Yield)


def _said(fixture: Fixture, what: str) -> str:
    asks = {"function": "test", "class": "class", "module": "module"}.get(fixture.scope, "run")
    behind = any(True for _ in find(fixture.function, Yield, into_functions=False))
    where = "behind the yield closes it" if behind else "closes it: there is no yield and no finalizer"
    return f"The fixture '{fixture.name}' opens {what} for each {asks}, and nothing {where}."
