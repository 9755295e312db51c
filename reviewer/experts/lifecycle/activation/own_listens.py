"""Functions of a subject by which somebody listens, whatever they are called: they keep a handler under its topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Name, Param, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, names_in
from reviewer.experts.lifecycle.guests.stores import PUTS, runs, store_of
from reviewer.experts.registry.nested import nested_entries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Access

_TOPICS: Final = frozenset("topic topics event events channel signal message kind type subject".split())
_MOST: Final = 8


def is_own_listen(module: Module, call: Call) -> bool:
    """Tell whether a call hands a function to one of the subject's that keeps it under the topic it is given."""
    if module.project is None or not call.name or call.receiver is None:
        return False
    handed = [at for at, given in enumerate(call.args) if _is_function(module, given)]
    if not handed or len(call.args) < 2:
        return False
    key = f"lifecycle.own_listens.{call.name}"
    kept = module.once(key, lambda: tuple(_kept_positions(module, call.name)))
    return any(at in kept for at in handed)


def _is_function(module: Module, given: Expr) -> bool:
    """Tell whether an argument is a function that is written there, or beside the call under a name."""
    given = strip(given)
    return isinstance(definition(module, given) if isinstance(given, Name) else given, Function)


def is_kept_for_later(module: Module, call: Call) -> bool:
    """Tell whether a function beside this one keeps the function that it is handed in a collection, to call it."""
    target = definition(module, call.callee)
    if not isinstance(target, Function) or target.module is not module:
        return False
    handed = [p.name for p, given in zip(target.params, call.args, strict=False) if isinstance(strip(given), Function)]
    for put in calls_in(target.body) if handed else ():
        if put.name in PUTS and put.receiver is not None and any(names_in(arg) & set(handed) for arg in put.args):
            store = store_of(module, put.receiver, {}, [])
            if store is not None and runs(store, module):
                return True
    return False


def _kept_positions(module: Module, name: str) -> Iterator[int]:
    """Yield which parameters the functions of a name keep under a topic."""
    modules = module.project.modules(naming={name}, tests=False) if module.project is not None else ()
    for count, other in enumerate(modules):
        if count == _MOST:
            return
        for table in tables(other):
            for access in table.of("write"):
                if access.function is not None and access.function.name == name and _under_topic(access):
                    yield from _entered(other, access)
            for entry in nested_entries(other, table):
                beside = [one for one in table.accesses if one.function is entry.function]
                if entry.function is not None and entry.function.name == name and any(map(_under_topic, beside)):
                    yield from _entered(other, entry)


def _under_topic(access: Access) -> bool:
    key = strip(access.key) if access.key is not None else None
    return isinstance(key, Name) and not _TOPICS.isdisjoint(words(key.id))


def _entered(module: Module, access: Access) -> Iterator[int]:
    """Yield the places of the parameters that become part of an entry, by themselves or in a record."""
    function = access.function
    if access.value is None or function is None:
        return
    reached = set(names_in(access.value))
    for name in tuple(reached):
        for bound in module.scopes.lookup(name, access.value):
            made = getattr(bound, "value", None)
            if not isinstance(bound, Param) and made is not None:
                reached |= names_in(made)
    yield from (at for at, param in enumerate(function.params) if param.name in reached)
