"""COM009: a function that runs again and again subscribes anew each time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, use_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Expr, Function, Literal, Member, Name, Object, Param, strip
from reviewer.code.text.ideas import LISTEN_WORDS, LISTENS
from reviewer.code.walk import ancestors, calls_in, find, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.subscriptions import OFFS, Subscription, handler_of, subscriptions
from reviewer.experts.communication.vocabulary import first_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_AGAIN: Final = frozenset(
    "request ask call send emit publish execute invoke render refresh update tick poll fetch query notify post show "
    "dispatch".split()
)
"""First words of functions that are called many times."""
_WHOLE: Final = frozenset(
    "host app application server window client plugin plugins system core db database kernel workspace session".split()
)
"""Names of what starts once."""


@module_check("COM009", words=LISTEN_WORDS)
def subscription_repeated(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each subscription for whether it is made in a handler or in a function that is called many times."""
    if module.is_test:
        return
    known = list(subscriptions(module))
    handlers = {id(found.handler): found for found in known if found.handler is not None}
    for found in known:
        if not found.names or use_of(found.call).how != "dropped" or _ends(found.call) or _is_start(found.names[0]):
            continue
        for around in ancestors(found.call):
            if not isinstance(around, Function):
                continue
            outer = handlers.get(id(around))
            said = "" if _same_each_time(module, found.call, around) else _said(around, outer)
            if said and not _stops(around) and not conditions(found.call) and _lives_longer(module, found, around):
                yield Match(
                    found.call,
                    f"Each time {said}, one more handler of '{found.names[0]}' is added, and none is taken away: the "
                    "tenth time it runs ten times.",
                )
            if said or around.owner is not None:
                break


def _said(function: Function, outer: Subscription | None) -> str:
    if outer is not None and outer.names and outer.call.name in LISTENS and not _is_start(outer.names[0]):
        return f"'{outer.names[0]}' comes"
    again = function.name and first_word(function.name) in _AGAIN and function.kind != "arrow"
    return f"'{function.name}' is called" if again else ""


def _is_start(name: str) -> bool:
    """Tell whether an event comes once in a life: ``ready``, ``host.ready``, and not ``report.ready``."""
    *of, last = re.split(r"[.:/]", name.lower())
    return not set(of) - _WHOLE and last in (
        "ready", "load", "loaded", "start", "started", "init", "initialized", "domcontentloaded", "listening", "open",
        "connect", "connected", "activate", "activated", "mounted", "boot", "setup", "install", "online", "spawn",
        "end", "finish", "exit", "beforeexit", "sigint", "sigterm",
    )  # fmt: skip


def _ends(call: Call) -> bool:
    """Tell whether a subscription ends by itself: by a signal, or because it is for one event."""
    for argument in call.args[2:]:
        given = strip(argument)
        if isinstance(given, Object) and {"once", "signal"} & set(given.keys):
            return True
    return not isinstance(strip(call.args[0]), Literal) and call.name == "addEventListener"


def _same_each_time(module: Module, call: Call, function: Function) -> bool:
    """Tell whether an element of a page is given the same function again, which it keeps once."""
    handler = strip(call.args[1]) if call.name == "addEventListener" and len(call.args) > 1 else None
    if isinstance(handler, Member):
        return True
    made = definition(module, handler) if isinstance(handler, Name) else None
    return isinstance(made, Function) and not inside(made, function)


def _stops(function: Function) -> bool:
    return any(call.name in OFFS for call in calls_in(function.body))


def _lives_longer(module: Module, found: Subscription, function: Function) -> bool:
    """Tell whether what is listened to outlives the function: it is neither given to it nor made in it."""
    root = strip(found.receiver) if found.receiver is not None else None
    field = ""
    while isinstance(root, Member):
        field, root = root.name, strip(root.object)
    if not isinstance(root, Name):
        return False
    if root.id == "this":
        return not _made_anew(function, field) and handler_of(module, found.call.args[1]) is not None
    for binding in module.scopes.lookup(root.id, root):
        if isinstance(binding, Param):
            return not (isinstance(binding.parent, Function) and inside(binding.parent, function))
        if isinstance(binding, Assign):
            return not inside(binding, function) or _is_alias(binding.value)
    return bool(module.scopes.lookup(root.id, root))


def _made_anew(function: Function, field: str) -> bool:
    """Tell whether a function gives a field of its object a new thing each time it runs."""
    return any(
        is_this_member(assign.target) and assign.target.name == field and isinstance(assign.value, Call)
        for assign in find(function.body, Assign, into_functions=False)
    )


def _is_alias(value: Expr | None) -> bool:
    return isinstance(value, Member) and isinstance(value.object, Name) and value.object.id == "this"
