"""LIF053: a plugin puts something on a list with every event, and nothing ever takes it off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Delete,
    Expr,
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
from reviewer.code.walk import calls_in, find, function_of, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.fate import callbacks, home_of
from reviewer.experts.lifecycle.listening import foreign
from reviewer.experts.lifecycle.targets import target_function
from reviewer.experts.lifecycle.values import root_name

if TYPE_CHECKING:
    from reviewer.code.module import Module

_PUTS: Final = frozenset({"push", "append", "unshift", "appendleft", "extend"})
_TAKES: Final = frozenset(
    "pop shift splice clear popleft popitem remove discard delete slice truncate trim prune flush drain".split()
)

_ID_TAILS: Final = frozenset({"id", "uuid", "number", "token", "key", "ref", "guid"})
_ONCE: Final = frozenset(
    "ready launching launched finish finished loaded load init initialized boot start started end exit".split()
)
"""Words of events that come once."""


@module_check("LIF053", words=_PUTS | {"set"})
def kept_for_ever(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what the handlers of a plugin's events put on the plugin's own lists."""
    if module.is_test or _walks_trees(module):
        return
    told: set[str] = set()
    for handler in _handlers(module):
        for call in calls_in(handler.body):
            name = _own_list(module, call)
            if name and name not in told and not _shrinks(module, name, whole=call.name in _PUTS):
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
            called = [target_function(module, one.callee) for one in calls_in(handler.body)] if handler else []
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


def _shrinks(module: Module, name: str, *, whole: bool) -> bool:
    """Tell whether anything in the module takes from a list, bounds it, hands it out or sets it anew.

    ``whole`` tells whether to empty it altogether counts, which ends a plugin and no single entry of a map.
    """
    if any(_takes(call, name) and (whole or call.name != "clear") for call in module.all(Call)):
        return True
    if any(root_name(target) == name for node in module.all(Delete) for target in node.targets):
        return True
    if any(node.op in ("<", ">", "<=", ">=", "==", "!=") and _counts(node, name) for node in module.all(Binary)):
        return True
    made = 0
    for node in module.all(Assign):
        if node.value is not None and _is(node.target, name):
            made += 1
            if made > 1 or _bounded(node.value):
                return True
        elif (node.value is not None and _is(node.value, name)) or (node.op == "=" and _cuts(node.target, name)):
            return True
    return False


def _takes(call: Call, name: str) -> bool:
    """Tell whether a call takes from a list, or hands it to somebody who may."""
    if call.receiver is not None and call.name in _TAKES and root_name(call.receiver) == name:
        return True
    handed = any(_is(arg, name) for arg in (*call.args, *call.keywords.values()))
    return handed and call.name not in ("len", "list")


def _cuts(target: Expr, name: str) -> bool:
    """Tell whether an assignment sets the length of a list, or a part of it."""
    part = isinstance(target, Index) or (isinstance(target, Member) and target.name == "length")
    return part and root_name(target) == name


def _is(expr: Expr, name: str) -> bool:
    expr = strip(expr)
    if isinstance(expr, Member) and is_this_member(expr):
        return f"this.{expr.name}" == name
    return isinstance(expr, Name) and expr.id == name


def _bounded(value: Expr) -> bool:
    return any("maxlen" in call.keywords or len(call.args) > 1 for call in find(value, Call))


def _counts(node: Binary, name: str) -> bool:
    """Tell whether a comparison speaks of a list: of its length, most likely."""
    return any(isinstance(part, Member | Name) and root_name(part) == name for part in walk(node))
