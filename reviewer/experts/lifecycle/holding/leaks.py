"""What an owner acquires and its end never gives back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, enclosing_loop
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Array, Call, Expr, For, Function, Member, Name, Object, Return, strip
from reviewer.code.syntax import Literal as Constant
from reviewer.code.tables import tables
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.lifecycle.holding.acquired import Kind, describe
from reviewer.experts.lifecycle.holding.acquisition import Acquisition
from reviewer.experts.lifecycle.holding.fate import Fate, fates, spoken
from reviewer.experts.lifecycle.holding.helper_leaks import helper_leaks
from reviewer.experts.lifecycle.holding.host_leaks import host_leaks
from reviewer.experts.lifecycle.holding.listening import OFFS
from reviewer.experts.lifecycle.holding.owners import Owner, owners
from reviewer.experts.lifecycle.values import last_word
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SHORT_LIVED: Final = frozenset({"the child process", "the process", "the socket", "the reader"})
"""Things that end by themselves often enough when they are only used inside one function."""
_ENDS_WITH_FUNCTION: Final = ("the HTTP", "the client session", "the database", "the connection")
"""The same by how they are called."""


def leaks(inquiry: Inquiry, module: Module) -> tuple[Acquisition, ...]:
    """Return what the owners of a module acquire and never release, in source order; worked out once."""
    return module.once("lifecycle.leaks", lambda: tuple(_leaks(inquiry, module)))


def leaks_of(inquiry: Inquiry, module: Module, kind: Kind) -> Iterator[Acquisition]:
    """Yield the leaks of one kind."""
    return (leak for leak in leaks(inquiry, module) if leak.kind == kind)


def _leaks(inquiry: Inquiry, module: Module) -> Iterator[Acquisition]:
    if module.is_test:
        return
    seen: set[int] = set()
    for owner in owners(inquiry, module):
        if not owner.ends and not (owner.plugin and owner.strongly_started):
            continue
        for call in _calls(owner):
            if id(call) not in seen:
                seen.add(id(call))
                leak = _leak(module, owner, call)
                if leak is not None:
                    yield leak
    if inquiry.subject.kind == "host":
        yield from host_leaks(inquiry, module)
    else:
        yield from helper_leaks(inquiry, module, seen)


def _calls(owner: Owner) -> Iterator[Call]:
    for node in owner.nodes:
        start = node.body if isinstance(node, Function) else node
        yield from calls_in(start)


def _leak(module: Module, owner: Owner, call: Call) -> Acquisition | None:
    described = describe(module, call)
    if described is None or _in_end(owner, call):
        return None
    kind, what, sure = described
    if kind == "registration" and not owner.ends:
        return None  # a plugin without an end lives as long as its host
    if kind in ("subscription", "registration") and (not owner.plugin or _taken_off(module, owner, call)):
        return None
    if (kind == "resource" and _ended_by_signal(module, call)) or _undone_beside(module, call):
        return None
    left = [fate for fate in fates(module, call) if not _released(owner, fate) and not _given_back(call, fate)]
    if not left or len(left) < len(fates(module, call)):
        return None
    if left[0].how == "dropped" and _harmless(module, call, kind, what):
        return None
    if not owner.closed and left[0].how != "dropped":
        return None
    if not owner.ends and kind != "subscription" and left[0].how == "kept":
        sure = False
    if kind == "timer" and not what.startswith(("setInterval", "the ")):
        tests = {name for condition in conditions(call) for name in spoken(condition.test)}
        if tests & owner.released:
            return None  # it sets itself again only while the end has not said otherwise
        sure = sure and not tests
    return Acquisition(kind, call, what, owner, left[0], sure and owner.sure)


def _undone_beside(module: Module, call: Call) -> bool:
    """Tell whether a function that takes something back of the same service is put on a list beside a call.

    ``host.commands.add(name, run); self._undo.append(lambda: host.commands.drop(name))``
    """
    function, service = function_of(call), module.text_of(call.receiver) if call.receiver is not None else ""
    puts = [one for one in calls_in(function.body) if one.name in ("append", "push", "add")] if function else []
    given = [strip(arg) for put in puts for arg in put.args]
    return bool(service) and any(
        isinstance(one, Function)
        and any(back.receiver is not None and module.text_of(back.receiver) == service for back in calls_in(one.body))
        for one in given
    )


def _given_back(call: Call, fate: Fate) -> bool:
    """Tell whether a list of the function alone, which it gives to its caller, keeps a thing: ``return servers``."""
    function = function_of(call)
    if function is None or fate.how != "kept" or not fate.name.isidentifier():
        return False
    return fate.name in {name for one in find(function.body, Return, into_functions=False) for name in _answered(one)}


def _answered(answer: Return) -> set[str]:
    value = strip(answer.value) if answer.value is not None else None
    return {value.id} if isinstance(value, Name) else set()


def _ended_by_signal(module: Module, call: Call) -> bool:
    """Tell whether a thing ends with a signal that is raised somewhere: ``{ signal: this.stop.signal }``."""
    for options in call.args:
        signal = options.get("signal") if isinstance(options, Object) else None
        holder = strip(signal.object) if isinstance(signal, Member) and signal.name == "signal" else None
        text = module.text_of(holder) if holder is not None else ""
        if text and any(module.text_of(one.receiver) == text for one in module.calls(("abort",)) if one.receiver):
            return True
    return False


def _released(owner: Owner, fate: Fate) -> bool:
    if fate.how != "kept":
        return fate.how == "handed"
    if fate.name.startswith("sys."):
        return True  # the streams of the process end with it
    root, _dot, part = fate.name.partition(".")
    if root != "this" and f".{part or root}" in owner.released:
        return True  # what a record holds is released by its own name
    return fate.name in owner.released or (root != "this" and f"{root}.*" in owner.released and "." in fate.name)


def _in_end(owner: Owner, call: Call) -> bool:
    function = function_of(call)
    return function is not None and any(function is end for end in owner.ends)


def _taken_off(module: Module, owner: Owner, call: Call) -> bool:
    """Tell whether the owner's end takes a listener off by its event or by its owner."""
    first = call.arg(0)
    event = first.value if isinstance(first, Constant) else None
    for other in owner.release_calls:
        if other.name not in OFFS and not other.name.startswith(("remove", "unregister", "unsubscribe", "off")):
            continue
        if (other.receiver is None and not other.args) or _of_another_service(module, other, call):
            continue
        if other.receiver is not None and _own_table(module, owner, other.receiver):
            continue  # what leaves a table of the owner's leaves no bus
        given = other.arg(0)
        if given is None:
            if _same_thing(module, other.receiver, call.receiver):
                return True
        elif not isinstance(given, Constant) or given.value == event or (event is None and not _repeated(call)):
            return True
    return False


def _own_table(module: Module, owner: Owner, receiver: Expr) -> bool:
    """Tell whether a call is made on a map, set or list that the owner itself makes: ``this.running.delete(port)``."""
    receiver = strip(receiver)
    name = last_name(receiver)
    if not isinstance(receiver, Name) and not is_this_member(receiver):
        return False
    return any(
        table.name == name and (table.owner is owner.at or (table.owner is None and isinstance(receiver, Name)))
        for table in tables(module)
    )


def _of_another_service(module: Module, other: Call, call: Call) -> bool:
    """Tell whether two calls go to different services of the context: ``storage.remove`` and ``middleware.use``."""
    left, right = (module.resolve(one.receiver).split(".") for one in (other, call))
    return left[0] == right[0] == "context" and len(left) > 1 and len(right) > 1 and left[1] != right[1]


def _repeated(call: Call) -> bool:
    """Tell whether a call is made for each of several events."""
    if enclosing_loop(call) is not None:
        return True
    function = function_of(call)
    return function is not None and isinstance(function.parent, Call) and function.parent.name == "forEach"


def _same_thing(module: Module, left: Expr | None, right: Expr | None) -> bool:
    if left is None or right is None:
        return False
    known = module.resolve(left)
    return last_word(left) == last_word(right) or (known != "" and known == module.resolve(right))


def _harmless(module: Module, call: Call, kind: Kind, what: str) -> bool:
    """Tell whether a dropped thing ends by itself."""
    if kind == "resource":
        return (
            what in _SHORT_LIVED
            or what.startswith(("the HTTP", "the client session", "the database", "the connection"))
            or _managed(call)
        )
    return isinstance(call.parent, Array)


def _managed(call: Call) -> bool:
    return isinstance(call.parent, For)


def siblings_kept(module: Module, leak: Acquisition) -> bool:
    """Tell whether the same owner keeps what other calls of the same kind give."""
    for call in _calls(leak.owner):
        if call is leak.call:
            continue
        described = describe(module, call)
        listed = described is not None and described[0] in ("subscription", "registration")
        if listed and any(_released(leak.owner, fate) for fate in fates(module, call)):
            return True
    return False


def sibling_taken_off(module: Module, leak: Acquisition) -> bool:
    """Tell whether the end of the same owner takes another registration back by its name: ``unregister("a.show")``."""
    given_back = {
        told.value
        for other in leak.owner.release_calls
        if other.name.startswith(("remove", "unregister", "deregister", "off")) and _same_service(module, other, leak)
        for told in other.args[:1]
        if isinstance(told, Constant)
    }
    registered = (call.arg(0) for call in _calls(leak.owner) if call is not leak.call and call.name == leak.call.name)
    return any(isinstance(name, Constant) and name.value in given_back for name in registered)


def _same_service(module: Module, other: Call, leak: Acquisition) -> bool:
    return _same_thing(module, other.receiver, leak.call.receiver)
