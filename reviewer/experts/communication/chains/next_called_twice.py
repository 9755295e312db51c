"""COM041: one way through a middleware runs the rest of the chain twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import enclosing_loop, exits, guarding_try, in_handler
from reviewer.code.syntax import Call, Member
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.chains.middleware import Middleware, middlewares

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("COM041", words={"next", "proceed"})
def next_called_twice(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Count the calls of ``next`` along each way."""
    if module.is_test:
        return
    for found in middlewares(module):
        if found.plain and found.twice:
            second = found.twice[0]
            name = found.param.name
            why = (
                "where the rest of the chain threw, it is run again from here"
                if in_handler(second) is not None
                else "a way that already called it comes here, too, and the handler runs twice for one message"
            )
            yield Match(second, f"'{name}()' is called a second time: {why}.")
            continue
        again = _tried_again(found) or _after_rejection(found)
        if again is not None:
            yield Match(
                again,
                f"'{found.param.name}()' is called again where the rest of the chain threw: what of it has run before "
                "the error runs twice.",
            )


def _tried_again(found: Middleware) -> Call | None:
    """Return the call in a loop that goes round once more after an error of the rest: a ``try`` in ``for``."""
    for call in found.calls:
        around = guarding_try(call)
        loop = enclosing_loop(around) if around is not None else None
        if around is None or loop is None or function_of(call) is not found.function:
            continue
        if any(not exits(handler.body) for handler in around.handlers):
            return call
    return None


def _after_rejection(found: Middleware) -> Call | None:
    """Return the call in ``next().catch(() => next())``."""
    name = found.param.name
    for call in found.calls:
        way = call.parent
        caught = (
            way.parent if isinstance(way, Member) and way.object is call and way.name in ("catch", "then") else None
        )
        given = caught.args if isinstance(caught, Call) and caught.callee is way else []
        for callback in given:
            inner = next((one for one in find(callback, Call) if one.name == name and one.receiver is None), None)
            if inner is not None:
                return inner
    return None
