"""LIF053: a plugin puts something on a list with every event, and nothing ever takes it off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.syntax import (
    Assign,
    Call,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    strip,
)
from reviewer.code.text.ideas import LISTENS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, class_of, function_of, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.guests.growing import entry_behind, grows_by, shortened, shrinks
from reviewer.experts.lifecycle.holding.fate import callbacks, home_of
from reviewer.experts.lifecycle.holding.listening import foreign
from reviewer.experts.lifecycle.targets import target_function
from reviewer.experts.lifecycle.values import root_name

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node

_PUTS: Final = frozenset({"push", "append", "unshift", "appendleft", "extend"})
_ID_TAILS: Final = frozenset({"id", "uuid", "number", "token", "key", "ref", "guid", "timestamp"})
_OF_MANY: Final = frozenset(
    "user viewer visitor customer sender author email session request message order ticket parcel invoice".split()
)
"""What there is always another one of, whoever it is that counts."""
_ONCE: Final = frozenset(
    "ready launching launched finish finished loaded load init initialized boot start started end exit".split()
)
"""Words of events that come once."""


@module_check("LIF053", words=_PUTS | {"set", "add"} | {word for name in LISTENS for word in words(name)})
def kept_for_ever(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what the handlers of a plugin's events put on the plugin's own lists."""
    if module.is_test or _walks_trees(module):
        return
    told: set[str] = set()
    reached = list(_handlers(module))
    called = {id(function) for function, by_event in reached if not by_event}
    for handler, _ in reached:
        for node in walk(handler.body):
            name, whole = _kept(handler.module, node) if isinstance(node, Call | Assign) else ("", False)
            if name and _is_local(handler.module, name, node, called):
                continue
            if name and name not in told and not shrinks(handler.module, name, whole=whole):
                told.add(name)
                yield Match(
                    node,
                    f"'{name.removeprefix('this.')}' gets longer with every event, and nothing ever makes it shorter: "
                    "the plugin takes more memory for as long as the host runs.",
                )


def _kept(module: Module, node: Call | Assign) -> tuple[str, bool]:
    """Return what gets longer, and whether to empty it altogether makes up for that."""
    longer = grows_by(module, node)
    if longer is not None:
        return _outliving(module, longer, node), False
    if isinstance(node, Assign):
        return "", False
    local = strip(node.receiver) if node.receiver is not None else None
    if node.name in _PUTS and isinstance(local, Name) and home_of(module, local.id, node) is function_of(node):
        table = entry_behind(module, local)
        if table is not None and not shortened(module, local):
            return _outliving(module, table, node), False
    of_table = isinstance(local, Index) and not isinstance(strip(local.key), Literal)
    return _own_list(module, node), node.name in _PUTS and not of_table


def _walks_trees(module: Module) -> bool:
    """Tell whether a module makes a visitor for every file that a linter reads: its lists last as long as one file."""
    return any(made.get("create") is not None and made.get("meta") is not None for made in module.all(Object))


def _is_local(module: Module, name: str, at: Node, called: set[int]) -> bool:
    """Tell whether a list belongs to one round of the handling: to a call around, or to an object that it changes."""
    within = function_of(at)
    if name.startswith("this."):
        while within is not None and within.kind == "arrow":
            within = within.outer
        put = within.parent if within is not None and class_of(at) is None else None
        return isinstance(put, Assign) and isinstance(put.target, Member)  # test.addNote = function () {this.notes…}
    home = home_of(module, name, at)
    return home is not None and id(home) in called and id(within) in called


def _handlers(module: Module) -> Iterator[tuple[Function, bool]]:
    """Yield the functions that events of what outlives a module reach, each once, and whether an event calls it."""
    seen: set[int] = set()
    for call in module.calls(LISTENS):
        if call.receiver is None or not foreign(module, call.receiver, module.resolve(call.callee)):
            continue
        first = call.arg(0)
        if isinstance(first, Literal) and not _ONCE.isdisjoint(words(str(first.value))):
            continue
        for given in callbacks(call):
            handler = target_function(module, given)
            called = _called(module, handler) if handler is not None else []
            inner = [one for function in called for one in _called(function.module, function)]
            for function in (handler, *called, *inner):  # what the handler does, and what it hands the event on to
                if function is not None and id(function) not in seen:
                    seen.add(id(function))
                    yield function, function is handler


def _called(module: Module, function: Function) -> list[Function]:
    found = (callee(module, one) for one in calls_in(function.body) if not one.new)
    return [one for one in found if one is not None]


def _own_list(module: Module, call: Call) -> str:
    """Return the field, or the variable of the module or a closure, that a call puts something on."""
    if call.receiver is None or not (call.name in _PUTS or _by_event(module, call)):
        return ""
    return _outliving(module, call.receiver, call)


def _outliving(module: Module, held: Expr, at: Call | Assign) -> str:
    """Return the field, or the variable of the module or a closure, that an expression begins with; else nothing."""
    name = root_name(held)
    if name.startswith("this."):
        return name
    if not name or home_of(module, name, at) is function_of(at):
        return ""
    bound = module.scopes.lookup(name, at)
    return name if bound and all(isinstance(binding, Assign) for binding in bound) else ""


def _by_event(module: Module, call: Call) -> bool:
    """Tell whether a map or a set gets an entry for what an event is about: ``visits.set(visit.id, …)``."""
    if (call.name, len(call.args)) not in (("set", 2), ("add", 1)):
        return False
    key = strip(call.args[0])
    if isinstance(key, Call) and key.name in ("now", "time", "time_ns", "monotonic", "randomUUID", "uuid4"):
        return True
    if isinstance(key, Name):
        said = words(key.id)
        return (len(said) > 1 and said[-1] in _ID_TAILS) or (len(said) == 1 and said[0] in _OF_MANY)
    name = str(getattr(strip(key.key), "value", "")) if isinstance(key, Index) else getattr(key, "name", "")
    said = words(name) if isinstance(key, Member | Index) else ()
    return bool(said) and (said[-1] in _ID_TAILS or (len(said) == 1 and said[0] in _OF_MANY))
