"""SEC086: the handlers of routes that change something ask a guard in their first lines, and one of them does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Literal, Throw
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import path_words, said_in, word_set
from reviewer.experts.security.asking.route_without_guard import is_open_path, routes_of
from reviewer.experts.security.values.source_words import ROUTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.security.asking.route_without_guard import Route

_REFUSALS: Final = word_set("forbidden unauthorized unauthorised permission permissions denied deny refused access")
_CHECKS: Final = word_set(
    "authorize authorise authorized forbidden unauthorized permission permissions allowed allow allows can may owner "
    "admin role roles scope scopes signature verify acl hmac digest"
)
"""Words of handlers that look for themselves who asks."""


@module_check("SEC086", words=ROUTERS | {"router", "route", "post", "delete"})
def handler_without_guard(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the handlers of a file that change something with one another."""
    if module.is_test:
        return
    changing = [route for _router, route in routes_of(module) if route.changes and route.handler is not None]
    asked = {id(route): guards for route in changing if (guards := _guards(module, route))}
    common = set.intersection(*asked.values()) if len(asked) > 1 else set()
    missing = [route for route in changing if id(route) not in asked and not _asks_otherwise(route)]
    if not common or len(missing) != 1 or missing[0].guarded:
        return
    beside = next(route for route in changing if id(route) in asked)
    guard = min(common)
    yield Match(
        missing[0].at,
        f"'{missing[0].path}' changes something without asking '{guard}', as the other handlers of this file do: "
        "whoever may call any route may call this one.",
        related=((beside.at, "this one asks"),),
    )


def _guards(module: Module, route: Route) -> set[str]:
    """Return the names of the functions of the subject that a handler has asked, and that refuse by an error."""
    found: set[str] = set()
    for call in calls_in(route.handler.body, into_functions=False) if route.handler is not None else ():
        target = definition(module, call.callee)
        if isinstance(target, Function) and target.name and refuses(target):
            found.add(target.name)
    return found


def refuses(function: Function) -> bool:
    """Tell whether a function throws, or answers, that somebody may not do something."""
    if any(one.value is not None and path_words(one.value) & _REFUSALS for one in find(function.body, Throw)):
        return True
    return any(
        isinstance(node, Literal) and node.value in (401, 403) and isinstance(node.parent, Call)
        for node in walk(function.body)
    )


def _asks_otherwise(route: Route) -> bool:
    """Tell whether a handler is open on purpose, or looks for itself who asks."""
    if route.handler is None or is_open_path(route) or refuses(route.handler):
        return True
    return bool((said_in(route.handler.body) | set(words(route.handler.name))) & _CHECKS)
