"""Lists of other plugins that a start goes down, whatever a host calls them: ``sheet.after``, ``stands_on``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Binary, Call, Comprehension, Expr, For, Function, Index, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, names_in
from reviewer.experts.lifecycle.dependencies import outermost
from reviewer.experts.lifecycle.hooks import hooks_of
from reviewer.experts.lifecycle.vocabulary import starts

if TYPE_CHECKING:
    from reviewer.code.module import Module

_EACH: Final = frozenset({"map", "forEach", "reduce"})
_WAKES: Final = frozenset("bring raise ensure require put up".split())
"""First words of functions that start something, beside the names of hooks."""


def followed_members(module: Module) -> frozenset[str]:
    """Return the names of the members over which functions that start plugins call themselves."""
    return module.once("lifecycle.followed", lambda: frozenset(_found(module)))


def _found(module: Module) -> set[str]:
    found: set[str] = set()
    for function in module.functions:
        for call in module.calls((function.name,)) if function.name and function.params else ():
            member = followed(module, call, function)
            if member:
                found.add(member)
    return found


def followed(module: Module, call: Call, function: Function) -> str:
    """Return the member of a record, looked up by the name of one plugin, whose items are started in its turn.

    ``async raise(id) { const sheet = await sheets.get(id); for (const other of sheet.after) await raise(other); … }``
    """
    if definition(module, call.callee) is not function or not call.args or not _wakes(module, function):
        return ""
    given = strip(call.args[0])
    over = _plain(_listed(call, given.id, function)) if isinstance(given, Name) else None
    if not isinstance(over, Member) or not function.params:
        return ""
    record = strip(over.object)
    bound = module.scopes.lookup(record.id, record) if isinstance(record, Name) else []
    looked_up = any(_by_name(one.value, function.params[0].name) for one in bound if isinstance(one, Assign))
    return over.name if looked_up else ""


def _plain(over: Expr | None) -> Expr | None:
    """See through what stands in for a missing list, and what makes a list of it: ``sheet?.after ?? []``."""
    while isinstance(over, Binary | Call):
        if isinstance(over, Binary) and over.op in ("??", "or"):
            over = strip(over.left)
        elif isinstance(over, Call) and over.name in ("list", "sorted", "tuple", "set") and over.args:
            over = strip(over.args[0])
        else:
            return over
    return over


def _wakes(module: Module, function: Function) -> bool:
    said = words(function.name)
    if bool(said) and (starts(function.name) or starts(said[0]) or said[0] in _WAKES):
        return True
    inner = {id(target) for call in calls_in(function.body) if (target := definition(module, call.callee)) is not None}
    frames = [outermost(use.site) for use in hooks_of(module) if use.kind == "start"]
    return any(frame is function or (frame is not None and id(frame) in inner) for frame in frames)


def _listed(call: Call, name: str, function: Function) -> Expr | None:
    """Return what is gone through where each item, by this name, is handed to a call."""
    for around in ancestors(call):
        if around is function:
            return None
        if isinstance(around, For) and isinstance(around.target, Name) and around.target.id == name:
            return strip(around.iterable) if around.iterable is not None else None
        if isinstance(around, Comprehension):
            each = (over for target, over in around.clauses if isinstance(target, Name) and target.id == name)
            return next((strip(over) for over in each), None)
        if isinstance(around, Function) and any(param.name == name for param in around.params):
            each_of = around.parent
            on = each_of.receiver if isinstance(each_of, Call) and each_of.name in _EACH else None
            return strip(on) if on is not None else None
    return None


def _by_name(value: Expr | None, name: str) -> bool:
    """Tell whether a value is looked up under a name that a function was given."""
    if value is None:
        return False
    asked = any(name in names_in(call.args) for call in find(value, Call))
    return asked or any(name in names_in(index.key) for index in find(value, Index))
