"""LIF181: a walk over dependencies gives out a plugin before those that it depends on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import siblings
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    ExprStatement,
    For,
    Function,
    Index,
    Name,
    Node,
    Statement,
    Yield,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, names_in, statement_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.vocabulary import DEPENDENCY_WORDS
from reviewer.experts.paths import last_words, path_words, said_in, surroundings, word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module

_OTHER_WAY: Final = word_set(
    "dependents dependent dependants dependant downstream consumers reverse reversed stop unload disable shutdown "
    "teardown uninstall remove deactivate dispose unshift appendleft insert down"
)
"""Words of a walk that is meant to come to the dependents first, or whose result is turned round."""
_ORDERS: Final = word_set(
    "order ordered ordering sort sorted toposort topo topological topologically sequence start starts load loads plan "
    "activate boot schedule init initialize launch enable install"
)
"""Words of a walk whose order matters."""
_LISTS: Final = word_set("order ordered sorted result results sequence plan out output list chain queue batch")
_APPENDS: Final = frozenset({"push", "append"})
_ACTS: Final = word_set("start activate load boot enable launch init initialize setup install mount")
_FINDS: Final = DEPENDENCY_WORDS - {"after", "consumers", "extends", "imports", "builds", "dependents", "dependants"}


@module_check("LIF181", words=_FINDS)
def dependents_first(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that goes down the dependencies of what it is given by calling itself."""
    if module.is_test:
        return
    for function in module.functions:
        if not function.name or not function.params:
            continue
        for loop, again in _descents(function):
            if not _orders(function):
                continue
            given = _given_out_before(module, _thing(function, again), function, loop)
            if given is not None:
                yield Match(
                    given,
                    f"'{function.name}' gives this out before it comes to what it depends on: each is started ahead "
                    "of the plugins that it needs.",
                    related=((loop, "its dependencies come only here"),),
                )
            break


def _orders(function: Function) -> bool:
    """Tell whether the order of a walk matters, and is not meant or made to be the other way round."""
    said = surroundings(function) | said_in(function.body)
    around: Function = function
    while around.outer is not None:
        around = around.outer
    turned = said_in(around.body) & {"reverse", "reversed", "toreversed"}
    return bool(said & _ORDERS) and not said & _OTHER_WAY and not turned


def _descents(function: Function) -> Iterator[tuple[Statement, Call]]:
    """Yield the statements that call their own function for each dependency, each with that call."""
    for loop in find(function.body, For, into_functions=False):
        again = next((c for c in calls_in(loop.body, into_functions=False) if c.name == function.name), None)
        if again is not None and loop.iterable is not None and _needs(loop.iterable):
            yield loop, again
    for each in calls_in(function.body, into_functions=False):
        callback = strip(each.args[0]) if each.name in ("map", "forEach") and each.args else None
        if not isinstance(callback, Function) or each.receiver is None or not _needs(each.receiver):
            continue
        again = next((call for call in calls_in(callback.body) if call.name == function.name), None)
        statement = statement_of(each)
        if again is not None and statement is not None:
            yield statement, again


def _needs(iterable: Expr) -> bool:
    """Tell whether what is gone through are dependencies, with a default beside them or not: ``plugin.needs ?? []``."""
    iterable = strip(iterable)
    if isinstance(iterable, Binary) and iterable.op in ("or", "??"):
        iterable = iterable.left
    return bool(path_words(iterable) & _FINDS)


def _thing(function: Function, again: Call) -> set[str]:
    """Return the parameter that each dependency is given as, and the variables that are looked up by it."""
    looped = {name for around in ancestors(again) if around is not function for name in _turns(around)}
    position = next((n for n, arg in enumerate(again.args) if names_in(arg) & looped), 0)
    names = {function.params[min(position, len(function.params) - 1)].name}
    for assign in find(function.body, Assign, into_functions=False):
        value = strip(assign.value) if assign.value is not None else None
        looked_up = isinstance(value, Index) or (isinstance(value, Call) and value.name in ("get", "find", "at"))
        if looked_up and value is not None and isinstance(assign.target, Name) and names_in(value) & names:
            names.add(assign.target.id)
    return names


def _turns(around: Node) -> set[str]:
    """Return the names that a loop, or the function that is run for each item, has for the item at hand."""
    if isinstance(around, For) and around.target is not None:
        return names_in(around.target)
    return {param.name for param in around.params} if isinstance(around, Function) else set()


def _given_out_before(module: Module, thing: set[str], function: Function, loop: Statement) -> Node | None:
    """Return what gives out the very thing whose dependencies the loop goes through, in front of the loop."""
    listed = siblings(loop, module) or list(function.body)
    at = next((position for position, one in enumerate(listed) if one is loop), 0)
    if any(_gives_out(function, thing, later) is not None for later in listed[at + 1 :]):
        return None
    return next((made for one in listed[:at] if (made := _gives_out(function, thing, one)) is not None), None)


def _gives_out(function: Function, thing: set[str], statement: Statement) -> Node | None:
    if not isinstance(statement, ExprStatement):
        return None
    value = strip(statement.value)
    if isinstance(value, Yield):
        return statement if value.value is not None and names_in(value.value) & thing else None
    if not isinstance(value, Call) or not any(names_in(one) & thing for one in value.args):
        return _starts(thing, value, statement) if isinstance(value, Call) else None
    if value.name in _APPENDS and set(last_words(value.receiver)) & _LISTS and not _popped(function, value):
        return statement
    return statement if set(words(value.name)[:1]) & _ACTS and value.name != function.name else None


def _starts(thing: set[str], call: Call, statement: Statement) -> Node | None:
    """Return the statement where the given thing itself is started: ``plugin.activate(…)``."""
    started = call.receiver is not None and bool(names_in(call.receiver) & thing)
    return statement if started and set(words(call.name)[:1]) & _ACTS else None


def _popped(function: Function, call: Call) -> bool:
    """Tell whether what is pushed is taken off again: that is the way down, and no result."""
    return any(
        one.name == "pop" and path_words(one.receiver) == path_words(call.receiver) for one in calls_in(function)
    )
