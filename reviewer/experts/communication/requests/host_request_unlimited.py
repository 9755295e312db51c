"""COM184: a plugin asks through its host's network with all it says, and nothing of it ends the waiting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Member, Name, Object, Spread, strip
from reviewer.code.walk import class_of, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.dependencies import callers
from reviewer.experts.lifecycle.turns.deadlines import bounded_around
from reviewer.experts.paths import said_in

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_ASKED: Final = frozenset(
    f"context.{network}.{verb}"
    for network in ("network", "net", "http")
    for verb in ("fetch", "request", "get", "post", "put", "patch", "delete", "head")
)
_LIMITERS: Final = frozenset("race within timeout timeouts limited deadline settimeout expires patience".split())
_MOST: Final = 2
"""Requests of one file that are told: more of the same says nothing new."""


@module_check("COM184", words={"network", "net", "http"})
def host_request_unlimited(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each request through the host that shows all of its options, and at how long it is waited for."""
    if module.is_test or inquiry.subject.kind != "plugin":
        return
    told = 0
    for call in module.calls({name.rpartition(".")[2] for name in _ASKED}):
        if told == _MOST or module.resolve(call.callee) not in _ASKED or not _shows_all(module, call):
            continue
        if _is_limited(module, call):
            continue
        told += 1
        yield Match(
            call,
            f"'{short(module.text_of(call.callee))}' is given no limit, and nothing around it has one: a service that "
            "accepts and never answers keeps whoever waits here waiting for ever.",
            fix=(
                "Wait with a limit: `async with asyncio.timeout(8):`, or hand over `timeout=8`."
                if module.language == "python"
                else "Hand over a limit: `AbortSignal.any([closing, AbortSignal.timeout(8_000)])`."
            ),
        )


def _shows_all(module: Module, call: Call) -> bool:
    """Tell whether a request shows all that it asks with: keywords of Python, or a signal of the plugin's end."""
    if module.language == "python":
        told = any("timeout" in name or name in ("signal", "deadline", "within") for name in call.keywords)
        return not told and not any(isinstance(one, Spread) for one in call.args)
    options = [strip(arg) for arg in call.args[1:]]
    signals = [one.get("signal") for one in options if isinstance(one, Object) and not one.spreads]
    return len(signals) == len(options) == 1 and _ends_with_the_plugin(module, signals[0])


def _ends_with_the_plugin(module: Module, signal: Expr | None) -> bool:
    """Tell whether a signal is that of a controller which the plugin keeps, and which no clock aborts."""
    if signal is None:
        return False
    made = module.scopes.origin(signal) if isinstance(strip(signal), Name) else strip(signal)
    if not isinstance(made, Member) or made.name != "signal":
        return False
    return _is_controller(module, made.object) and not _on_a_clock(module)


def _is_controller(module: Module, holder: Expr) -> bool:
    """Tell whether something is a controller of the file's own making, one after another perhaps."""
    holder = strip(holder)
    cls = class_of(holder)
    kept: list[object] = [module.scopes.origin(holder)]
    if is_this_member(holder) and cls is not None:
        kept = [strip(value) for value in module.scopes.field_values(cls, holder.name)]
    return bool(kept) and all(isinstance(one, Call) and module.resolve(one.callee) == "AbortController" for one in kept)


def _on_a_clock(module: Module) -> bool:
    """Tell whether a timer of the file aborts something."""
    return any("abort" in said_in(call.args) for call in module.calls(("setTimeout",)))


def _is_limited(module: Module, call: Call) -> bool:
    """Tell whether somebody ends the waiting: around the request, in its function, or where that is called."""
    function = function_of(call)
    if isinstance(call.callee, Member) and bounded_around(module, call.callee):
        return True
    while function is not None:
        if said_in(function.body) & _LIMITERS or any(bounded_around(module, one) for one in callers(function)):
            return True
        function = function.outer if not function.name else None
    return False
