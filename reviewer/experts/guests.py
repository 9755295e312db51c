"""Which calls run code from outside: of plugins, of providers, of handlers that somebody registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    Index,
    Member,
    Name,
    Object,
    Param,
    Spread,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.walk import class_of, find
from reviewer.core.scale import Confidence
from reviewer.experts.communication.vocabulary import HANDLERS
from reviewer.experts.paths import last_name, last_words, word_set
from reviewer.experts.registry.running_modules import runs

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Table

ROLES: Final = HANDLERS | word_set(
    "plugin plugins extension extensions addon addons addin addins integration integrations connector connectors "
    "mod mods skill skills "
    "guest guests widget widgets provider providers decorator decorators formatter formatters contributor contributors "
    "transform transforms transformer transformers step steps enricher enrichers"
)
"""What hosts call those whose code they run, one and many."""
_EACH: Final = {
    "forEach": 0,
    "map": 0,
    "filter": 0,
    "flatMap": 0,
    "some": 0,
    "every": 0,
    "find": 0,
    "reduce": 1,
    "reduceRight": 1,
}
"""Calls that hand each element to a function, with the parameter that gets it."""
_SAME: Final = frozenset(
    "values items entries list sorted reversed tuple filter slice reverse toReversed sort toSorted from copy".split()
)
_ONE: Final = frozenset({"get", "find", "at", "pop", "shift"})
_OF_TABLES: Final = _SAME | _ONE | _EACH.keys() | frozenset("set has add push append delete clear keys join".split())
_DEEPEST: Final = 4
_MOST_STEPS: Final = 10


def runs_guest(module: Module, call: Call) -> Confidence | None:
    """Tell how sure it is that a call runs a guest's code: by what it is called, or by who puts it where it is kept."""
    if call.receiver is None:
        return guest(module, call.callee)
    return None if call.name in _OF_TABLES else guest(module, call.receiver)


def guest(module: Module, expr: Expr) -> Confidence | None:
    """Tell how sure it is that a value came from outside, as a plugin or one of its functions."""
    expr = strip(expr)
    for _ in range(_DEEPEST):
        table = element_of(module, expr)
        if not ROLES.isdisjoint(last_words(expr)[-1:]) or (
            table is not None and not ROLES.isdisjoint(last_words(table))
        ):
            return Confidence.LIKELY
        if table is not None and _filled_with_loaded(module, table):
            return Confidence.LIKELY
        if table is not None:
            return Confidence.POSSIBLE if _filled_from_outside(module, table) else None
        if not isinstance(expr, Member) or is_this_member(expr):
            return None
        expr = strip(expr.object)  # ``entry.handler``
    return None


def element_of(module: Module, expr: Expr) -> Expr | None:
    """Return the collection that a value is one of: gone through in a loop or by a callback, or looked up."""
    expr = strip(expr)
    if isinstance(expr, Index):
        return _collection(expr.object)
    if isinstance(expr, Call):
        return _collection(expr.receiver) if expr.name in _ONE and expr.receiver is not None else None
    if not isinstance(expr, Name):
        return None
    for binding in module.scopes.lookup(expr.id, expr)[:1]:
        if isinstance(binding, For):
            return _collection(binding.iterable) if binding.iterable is not None else None
        if isinstance(binding, Comprehension):
            return next((_collection(given) for target, given in binding.clauses if _names(target, expr.id)), None)
        if isinstance(binding, Param):
            return _of_callback(binding)
        if isinstance(binding, Assign) and binding.value is not None:
            made = strip(binding.value)
            return element_of(module, made) if isinstance(made, Index | Call) else None
    return None


def table_of(module: Module, expr: Expr) -> Table | None:
    """Return the table of the file that an expression names."""
    expr = strip(expr)
    owner = class_of(expr) if is_this_member(expr) else None
    for table in tables(module):
        if table.name == last_name(expr) and table.owner is owner and isinstance(expr, Name | Member):
            return table
    return None


def _names(target: Expr, name: str) -> bool:
    return any(one.id == name for one in find(target, Name))


def _of_callback(param: Param) -> Expr | None:
    """Return what the function that has a parameter is run for each of."""
    function = param.parent
    around = function.parent if isinstance(function, Function) else None
    if not isinstance(function, Function) or not isinstance(around, Call) or around.receiver is None:
        return None
    place = _EACH.get(around.name)
    if place is None or around.args[0] is not function or len(function.params) <= place:
        return None
    if function.params[place] is not param:
        return None
    return _collection(around.receiver)


def _collection(expr: Expr) -> Expr:
    """Return the collection behind what only orders, copies or narrows it: ``hooks`` of ``[...hooks.values()]``."""
    expr = strip(expr)
    for _ in range(_DEEPEST):
        if isinstance(expr, Await):
            expr = strip(expr.value)
        elif isinstance(expr, Array) and len(expr.items) == 1 and isinstance(expr.items[0], Spread):
            expr = strip(expr.items[0].value)
        elif isinstance(expr, Call) and expr.name in _SAME:
            inner = expr.arg(0) if expr.receiver is None or expr.name == "from" else expr.receiver
            if inner is None:
                break
            expr = strip(inner)
        else:
            break
    return expr


def _filled_from_outside(module: Module, collection: Expr) -> bool:
    """Tell whether what a collection holds are functions or objects that callers hand in."""
    table = table_of(module, collection)
    return table is not None and any(
        access.value is not None and _is_handed_in(module, access.value) for access in table.of("write")
    )


def _filled_with_loaded(module: Module, collection: Expr) -> bool:
    """Tell whether a collection holds what modules gave that this file loads without naming them."""
    table = table_of(module, collection)
    return table is not None and any(
        access.value is not None and load_of(module, access.value) is not None for access in table.of("write")
    )


def load_of(module: Module, value: Expr) -> tuple[Call, bool] | None:
    """Return the call that loads the module of which a value is a part, or by a part of which it is made.

    ``new (await import(path)).default()``; with it, whether something of the module was called on the way.
    """
    made: object = value
    called = False
    for _ in range(_MOST_STEPS):
        made = strip(made) if isinstance(made, Expr) else made
        if isinstance(made, Name):
            origin = module.scopes.origin(made)
            if origin is made:
                return None
            made = origin
        elif isinstance(made, Call):
            if runs(module, made):
                return made, called
            called = True
            of_it = made.name == "getattr" and made.receiver is None and made.args
            made = made.args[0] if of_it else made.callee
        elif isinstance(made, Member | Index):
            made = made.object
        elif isinstance(made, Await):
            made = made.value
        else:
            return None
    return None


def _is_handed_in(module: Module, value: Expr) -> bool:
    value = strip(value)
    if isinstance(value, Object):
        return any(_is_handed_in(module, inner) for _key, inner in value.entries if not isinstance(inner, Object))
    if not isinstance(value, Name):
        return False
    bound = module.scopes.lookup(value.id, value)
    return len(bound) == 1 and isinstance(bound[0], Param)
