"""Stores of a host: collections and emitters that outlive a call, and of which there is not one for each guest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from reviewer.code.given_later import declared
from reviewer.code.reach.elsewhere import RUNNERS
from reviewer.code.reach.links import class_of_value
from reviewer.code.reach.records import given_fields
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Class,
    Comprehension,
    Conditional,
    Expr,
    For,
    Function,
    Index,
    Member,
    Name,
    Node,
    Object,
    Param,
    strip,
)
from reviewer.code.walk import calls_in, class_of, find, function_of, names_in
from reviewer.experts.communication.vocabulary import HANDLERS
from reviewer.experts.lifecycle.vocabulary import has_word
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module

CALLED: Final = HANDLERS | frozenset("fn func function run execute handle perform callable hear react effect".split())
"""What functions are called that somebody hands in to be called later."""
PUTS: Final = frozenset({"push", "append", "add", "set", "unshift", "insert", "appendleft"})
_EMITTERS: Final = frozenset({"EventEmitter", "EventTarget"})
ITSELF: Final = "this"
"""The name of a store that is the host itself."""
_DEEPEST: Final = 3
_MOST_STEPS: Final = 12

Fresh: TypeAlias = "dict[int, tuple[Module, Call] | None]"
"""Classes and functions that make something anew for each guest, by id, a class with the call that does so."""


class Store(Struct, frozen=True):
    """A collection or an emitter of the host: the name of its field or variable, and what it is a part of."""

    name: str
    path: str
    home: str
    """The class whose field it is; empty for a variable."""
    emitter: bool


def store_of(module: Module, holder: Expr, fresh: Fresh, keys: list[Expr], depth: int = 0) -> Store | None:
    """Return the store that an expression leads to; None where it is made anew for each guest, or is not known.

    ``keys`` is given what is looked up on the way.
    """
    expr = strip(holder)
    for _ in range(_MOST_STEPS):
        if isinstance(expr, Member) or (isinstance(expr, Name) and expr.id in ("this", "self")):
            return _field(module, expr, fresh, depth)
        if isinstance(expr, Index):
            keys.append(expr.key)
            expr = strip(expr.object)
        elif isinstance(expr, Call) and expr.receiver is not None:
            keys += expr.args
            expr = strip(expr.receiver)
        elif isinstance(expr, Binary | Conditional):
            expr = strip(expr.left if isinstance(expr, Binary) else expr.then)
        elif isinstance(expr, Assign):
            expr = strip(expr.target)
        elif isinstance(expr, Name):
            bound = declared(module, expr)
            given = [one for one in bound if isinstance(one, Assign) and one.value is not None]
            first = next(
                (one for one in given if function_of(one) is not function_of(expr)), given[0] if given else None
            )
            loop = next((one for one in bound if isinstance(one, For)), None)
            if first is None and loop is not None and loop.iterable is not None:
                expr = strip(loop.iterable)
                continue
            if first is None or first.value is None:
                return None
            around = function_of(first)
            value = strip(first.value)
            if _is_collection(value) and (around is None or around is not function_of(expr)):
                if around is not None and (id(around) in fresh or _is_inside(around, fresh)):
                    return None
                return Store(expr.id, module.path, "", _is_emitter(value))
            if value is expr or isinstance(value, Object | Array) or (isinstance(value, Call) and value.new):
                put = _put_under(expr, around)
                if put is None:
                    return None
                expr = strip(put)
                continue
            expr = value
        else:
            return None
    return None


def _own_emitter(module: Module, itself: Name, fresh: Fresh) -> Store | None:
    """Return the host as a store, where it is an emitter itself: ``this.on("saved", listener)``."""
    cls = class_of(itself)
    if cls is None or id(cls) in fresh or not any(last_name(base) in _EMITTERS for base in cls.bases):
        return None
    return Store(ITSELF, module.path, cls.name, True)


def _put_under(name: Name, around: Function | None) -> Expr | None:
    """Return the collection into which a function puts a new list that a variable holds."""
    for call in calls_in(around.body) if around is not None else ():
        if (
            call.name in PUTS
            and call.receiver is not None
            and any(isinstance(arg := strip(one), Name) and arg.id == name.id for one in call.args)
        ):
            return call.receiver
    for assign in find(around.body, Assign) if around is not None else ():
        value = strip(assign.value) if assign.value is not None else None
        if isinstance(assign.target, Index) and isinstance(value, Name) and value.id == name.id:
            return assign.target.object
    return None


def _field(module: Module, expr: Member | Name, fresh: Fresh, depth: int) -> Store | None:
    if isinstance(expr, Name):
        return _own_emitter(module, expr, fresh)
    held = module.scopes.origin(expr.object)  # const host = this
    itself = is_this_member(expr) or (isinstance(held, Name) and held.id == "this")
    cls = class_of(expr) if itself else class_of_value(module, expr.object)
    if cls is None:
        known = is_this_member(expr.object) or isinstance(module.scopes.origin(expr.object), Param)
        return Store(expr.name.lstrip("#"), "", "", False) if known else None  # else a part of some entry
    if id(cls) in fresh:
        given = _handed_to(cls, expr.name, fresh[id(cls)])
        return store_of(given[0], given[1], fresh, [], depth + 1) if given is not None and depth < _DEEPEST else None
    values = module.scopes.field_values(cls, expr.name) or [
        f.value for f in cls.fields if f.name == expr.name and f.value
    ]
    return Store(expr.name.lstrip("#"), cls.module.path, cls.name, any(_is_emitter(strip(v)) for v in values if v))


def _handed_to(cls: Class, name: str, made: tuple[Module, Call] | None) -> tuple[Module, Expr] | None:
    """Return what a call that makes an object hands over for one of its fields; None where the object has its own."""
    if made is None:
        return None
    module, call = made
    begin = cls.method("constructor") or cls.method("__init__")
    if begin is None:
        given = dict(given_fields(module, call)).get(name)
        return (module, given) if given is not None else None
    fields = cls.module.scopes.field_values(cls, name)
    held = strip(fields[0]) if fields else None
    param = held.id if isinstance(held, Name) else name
    for position, one in enumerate(begin.params):
        if one.name == param and (held is not None or one.access):
            given = call.arg(position, one.name)
            return (module, given) if given is not None else None
    return None


def runs(store: Store, module: Module) -> bool:
    """Tell whether a file calls what it finds in a store, or a part of that."""
    for loop in module.some(For, Comprehension):
        clauses = loop.clauses if isinstance(loop, Comprehension) else []
        if isinstance(loop, For) and loop.iterable is not None and loop.target is not None:
            clauses = [(loop.target, loop.iterable)]
        for target, over in clauses:
            if store.name in _said(over) and _calls_one(loop, names_in(target)):
                return True
    return any(
        call.args
        and store.name in _said(call.callee)
        and isinstance(given := strip(call.args[0]), Function)
        and _calls_one(given, {name for p in given.params for name in (p.name, *p.fields.values())})
        for call in module.calls(("forEach", "map"))
    )


def _said(expr: Expr) -> set[str]:
    return {name.lstrip("#") for name in names_in(expr)} | {m.name.lstrip("#") for m in find(expr, Member)}


def _calls_one(around: Node, names: set[str]) -> bool:
    """Tell whether something is called that one of these names holds, or a member of it that is no method of a list."""
    for call in calls_in(around):
        callee = strip(call.callee)
        if isinstance(callee, Name) and callee.id in names:
            return True
        held = strip(callee.object) if isinstance(callee, Member | Index) else None
        if isinstance(held, Name) and held.id in names and (isinstance(callee, Index) or has_word(call.name, CALLED)):
            return True
        if any(isinstance(arg := strip(one), Name) and arg.id in names for one in call.args) and call.name in RUNNERS:
            return True
    return False


def store_module(module: Module, store: Store) -> Module:
    """Return the module in which a store is declared, as far as that is known."""
    found = module.project.module(store.path) if store.path and module.project is not None else None
    return found or module


def _is_collection(value: Expr) -> bool:
    if isinstance(value, Call):
        return value.new or value.name in ("defaultdict", "dict", "list", "set", "deque", "OrderedDict")
    return isinstance(value, Object | Array)


def _is_emitter(value: Expr) -> bool:
    return isinstance(value, Call) and value.name in _EMITTERS


def _is_inside(function: Function, fresh: Fresh) -> bool:
    around = function.outer
    while around is not None:
        if id(around) in fresh:
            return True
        around = around.outer
    return False
