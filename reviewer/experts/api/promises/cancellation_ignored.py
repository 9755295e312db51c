"""API030: a function takes a signal by which it can be cancelled, and never looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop
from reviewer.code.reach.links import callee, named_type
from reviewer.code.syntax import Await, Call, Function, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.values import value_class
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_TYPES: Final = frozenset(
    {"AbortSignal", "CancellationToken", "CancelToken", "asyncio.Event", "threading.Event", "CancelScope"}
)
_NAMES: Final = frozenset(
    (
        "signal abortsignal cancellationtoken canceltoken cancellation cancelevent cancelled stopevent stopsignal "
        "abortcontroller"
    ).split()
)
_ENDS: Final = word_set("stop stopped stopping cancel cancelled canceled cancelling abort aborted quit halt halted")
"""Words of an event that says that somebody wants no more of it."""


@module_check("API030", words=_ENDS | {"signal", "cancellation", "token"})
def cancellation_ignored(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the parameter of an asynchronous function that does lasting work without a look at it."""
    if module.is_test:
        return
    for function in module.functions:
        if function.signature_only or not function.asynchronous:
            continue
        for param, name in _means(function):
            if (_lasts(function) or _could_hand_on(function)) and not _used(function, name):
                other = _given_another(function)
                yield Match(
                    param if other is None else other,
                    f"'{function.name or 'This function'}' takes '{name}' and never looks at it: who cancels "
                    "believes that the work ends, and it goes on to its end.",
                )


def _means(function: Function) -> Iterator[tuple[Param, str]]:
    """Yield what a function can be cancelled by: parameters, and members of a bag of options, by their local name."""
    for param in function.params:
        if _cancels(param):
            yield param, param.name
        if param.name and _has_signal(function, param):
            yield param, f"{param.name}.signal"
        for given, local in param.fields.items():
            if not local.startswith("_") and "".join(words(given)) in _NAMES:
                yield param, local


def _cancels(param: Param) -> bool:
    """Tell whether a parameter is by its type, or without one by its name, a means to cancel."""
    if not param.name or param.name.startswith("_") or param.fields:
        return False
    declared = param.type.strip().strip("'\"").removesuffix("| None").removesuffix("| undefined").strip()
    if declared and declared not in ("any", "unknown", "Any", "object"):
        named = declared.rsplit(".", 1)[-1]
        plain = declared in _TYPES or named in _TYPES
        return plain and (named != "Event" or not _ENDS.isdisjoint(words(param.name)))
    return "".join(words(param.name)) in _NAMES


def _has_signal(function: Function, param: Param) -> bool:
    """Tell whether a parameter is a bag of options whose type has a signal, and that is not handed on as a whole."""
    bag = named_type(function.module, param.type) if param.type else None
    if bag is None or not any(item.name == "signal" and "AbortSignal" in item.type for item in bag.fields):
        return False
    uses = [name for name in find(function.body, Name) if name.id == param.name]
    return bool(uses) and all(isinstance(use.parent, Member) and use.parent.name != "signal" for use in uses)


def _lasts(function: Function) -> bool:
    """Tell whether a function waits in a loop, or waits more than once: work that somebody would want to cancel."""
    waits = list(find(function.body, Await, into_functions=False))
    if len(waits) > 1:
        return True
    if any(enclosing_loop(wait) is not None for wait in waits):
        return True
    return any(
        isinstance(wait.value, Call) and wait.value.name in ("fetch", "get", "post", "request") for wait in waits
    )


def _could_hand_on(function: Function) -> bool:
    """Tell whether a function waits for another of the subject that takes a signal, and gives it none."""
    for wait in find(function.body, Await, into_functions=False):
        call = strip(wait.value)
        target = _asked(function, call) if isinstance(call, Call) else None
        for number, param in enumerate(target.params if target is not None else ()):
            if isinstance(call, Call) and _cancels(param) and call.arg(number, param.name) is None:
                return True
    return False


def _asked(function: Function, call: Call) -> Function | None:
    """Return what a call runs, or what an interface promises under its name."""
    found = callee(function.module, call)
    if found is not None or call.receiver is None:
        return found
    owner = value_class(function.module, call.receiver)
    return next((one for one in owner.methods if one.name == call.name), None) if owner is not None else None


def _given_another(function: Function) -> Expr | None:
    """Return the signal of its own making that a function hands to what it waits for, where it is the only one."""
    found = []
    for wait in find(function.body, Await, into_functions=False):
        call = strip(wait.value)
        target = _asked(function, call) if isinstance(call, Call) else None
        for number, param in enumerate(target.params if target is not None else ()):
            given = call.arg(number, param.name) if isinstance(call, Call) and _cancels(param) else None
            if given is not None:
                found.append(given)
    return found[0] if len(found) == 1 else None


def _used(function: Function, name: str) -> bool:
    return any(isinstance(node, Name) and node.id in (name, "arguments") for node in walk(function.body)) or any(
        isinstance(node, Name) and node.id == name
        for param in function.params
        if param.default is not None
        for node in walk(param.default)
    )
