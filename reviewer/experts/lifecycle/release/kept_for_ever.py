"""LIF053: a plugin puts something on a list with every event, and nothing ever takes it off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.syntax import (
    Assign,
    Call,
    Function,
    Literal,
    Member,
    Name,
    Object,
    strip,
)
from reviewer.code.text.ideas import LISTENS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.fate import callbacks, home_of
from reviewer.experts.lifecycle.growing import shrinks
from reviewer.experts.lifecycle.listening import foreign
from reviewer.experts.lifecycle.targets import target_function
from reviewer.experts.lifecycle.values import root_name

if TYPE_CHECKING:
    from reviewer.code.module import Module

_PUTS: Final = frozenset({"push", "append", "unshift", "appendleft", "extend"})
_ID_TAILS: Final = frozenset({"id", "uuid", "number", "token", "key", "ref", "guid"})
_ONCE: Final = frozenset(
    "ready launching launched finish finished loaded load init initialized boot start started end exit".split()
)
"""Words of events that come once."""


@module_check("LIF053", words=_PUTS | {"set"} | {word for name in LISTENS for word in words(name)})
def kept_for_ever(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what the handlers of a plugin's events put on the plugin's own lists."""
    if module.is_test or _walks_trees(module):
        return
    told: set[str] = set()
    for handler in _handlers(module):
        for call in calls_in(handler.body):
            name = _own_list(handler.module, call)
            if name and name not in told and not shrinks(handler.module, name, whole=call.name in _PUTS):
                told.add(name)
                yield Match(
                    call,
                    f"'{name.removeprefix('this.')}' gets longer with every event, and nothing ever makes it shorter: "
                    "the plugin takes more memory for as long as the host runs.",
                )


def _walks_trees(module: Module) -> bool:
    """Tell whether a module makes a visitor for every file that a linter reads: its lists last as long as one file."""
    return any(made.get("create") is not None and made.get("meta") is not None for made in module.all(Object))


def _handlers(module: Module) -> Iterator[Function]:
    """Yield the functions that a module gives to events of what outlives it, each once."""
    seen: set[int] = set()
    for call in module.calls(LISTENS):
        if call.receiver is None or not foreign(module, call.receiver, module.resolve(call.callee)):
            continue
        first = call.arg(0)
        if isinstance(first, Literal) and not _ONCE.isdisjoint(words(str(first.value))):
            continue
        for given in callbacks(call):
            handler = target_function(module, given)
            called = [callee(module, one) for one in calls_in(handler.body) if not one.new] if handler else []
            for function in (handler, *called):  # what the handler does, and what it hands the event on to
                if function is not None and id(function) not in seen:
                    seen.add(id(function))
                    yield function


def _own_list(module: Module, call: Call) -> str:
    """Return the field, or the variable of the module or a closure, that a call puts something on."""
    if call.receiver is None or not (call.name in _PUTS or _by_event(module, call)):
        return ""
    name = root_name(call.receiver)
    if name.startswith("this."):
        return name
    if not name or home_of(module, name, call) is function_of(call):
        return ""
    bound = module.scopes.lookup(name, call)
    return name if bound and all(isinstance(binding, Assign) for binding in bound) else ""


def _by_event(module: Module, call: Call) -> bool:
    """Tell whether a map gets an entry under the id of what an event is about: ``visits.set(visit.id, …)``."""
    if call.name != "set" or len(call.args) != 2:
        return False
    key = strip(call.args[0])
    if isinstance(key, Name):
        return _ID_TAILS.issuperset(words(key.id)[-1:]) and len(words(key.id)) > 1
    return isinstance(key, Member) and bool(words(key.name)) and words(key.name)[-1] in _ID_TAILS
