"""What a function hands out, and what its own inner functions decide by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import named_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Return,
    Throw,
    Unary,
    strip,
)
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.security.deciding.asked_to_refuse import says_refused
from reviewer.experts.security.handing.handed import is_collection

if TYPE_CHECKING:
    from reviewer.code.module import Module

_ASKS: Final = frozenset({"has", "includes", "get", "some", "issuperset"})
_MAKES: Final = frozenset({"set", "dict", "list"})
_KEPT: Final = ("Readonly", "readonly", "Iterable", "frozenset", "FrozenSet", "tuple", "Mapping")


def decided_beside(module: Module, value: Expr) -> Function | None:
    """Return the function inside the maker that refuses by what a local holds: ``if (!held.has(right)) throw …``."""
    value = strip(value)
    bound = module.scopes.lookup(value.id, value) if isinstance(value, Name) else []
    only = bound[0] if len(bound) == 1 else None
    maker = function_of(only) if isinstance(only, Assign | Param) else None
    if not isinstance(value, Name) or maker is None:
        return None
    by = (name for name in find(maker.body, Name) if name.id == value.id and _refuses(name, maker))
    return next((function_of(name) for name in by), None)


def refused_by_own(cls: Class, field: str) -> Function | None:
    """Return the method that refuses by what a field of its object says: ``if (!this.sheet[deed]) throw …``."""
    for method in cls.methods if field else ():
        held = (one for one in find(method.body, Member) if is_this_member(one) and one.name == field)
        if any(_told_no(one, method) for one in held):
            return method
    return None


def refuses_plainly(function: Function) -> bool:
    """Tell whether an error of a function says that somebody may not."""
    return any(says_refused([thrown]) for thrown in find(function.body, Throw))


def _told_no(held: Expr, function: Function) -> bool:
    """Tell whether a function says that somebody may not where an entry, or a member, of a record is not true."""
    entry = held.parent
    if isinstance(entry, Member) and isinstance(entry.parent, Call) and entry.parent.callee is entry:
        entry = entry.parent if entry.name in ("get", "has", "includes") else None
    if isinstance(entry, Call) and entry.receiver is None and not _is_read_by_name(entry, held):
        return False
    keyed = isinstance(entry, Binary) and entry.op in ("in", "not in") and entry.right is held
    if not keyed and not (isinstance(entry, Index | Member) and entry.object is held) and not isinstance(entry, Call):
        return False
    named = {one.target.id for one in ancestors(held) if isinstance(one, Assign) and isinstance(one.target, Name)}
    return any(
        says_refused([left]) and _is_no(condition.test, condition.holds, held, named)
        for left in find(function.body, Throw)
        for condition in conditions(left)
    )


def _is_read_by_name(entry: Expr, held: Expr) -> bool:
    """Tell whether an expression is a member whose name is told: ``getattr(badge, deed)``."""
    return isinstance(entry, Call) and entry.name == "getattr" and entry.args[:1] == [held]


def _refuses(held: Name, maker: Function) -> bool:
    """Tell whether a place asks whether something is held, and throws or leaves by the answer."""
    function = function_of(held)
    around = held.parent
    asked = around.parent if around is not None and not isinstance(around, Binary) else around
    if function is None or function is maker:
        return False
    if _told_no(held, function):
        return True
    if isinstance(around, Binary):
        if around.op not in ("in", "not in") or around.right is not held:
            return False
    elif not isinstance(asked, Call) or asked.receiver is not held or asked.name not in _ASKS:
        return False
    named = {one.target.id for one in ancestors(held) if isinstance(one, Assign) and isinstance(one.target, Name)}
    return any(
        _is_no(condition.test, condition.holds, held, named)
        for left in find(function.body, Throw)
        for condition in conditions(left)
    )


def _is_no(test: Expr, holds: bool, held: Expr, named: set[str]) -> bool:
    """Tell whether a condition is that something is not held, by the question itself or by the name of its answer."""
    test = strip(test)
    while isinstance(test, Unary) and test.op == "not":
        test, holds = strip(test.operand), not holds
    if isinstance(test, Binary) and test.op == "not in" and test.right is held:
        return holds
    if isinstance(test, Binary) and test.op in ("==", "!="):  # held.get(right) !== true
        told = strip(test.right)
        if not isinstance(told, Literal) or not isinstance(told.value, bool):
            return False
        wanted = (test.op == "==") == told.value
        test, holds = strip(test.left), holds == wanted
    asked = isinstance(test, Name) and test.id in named
    asked = asked or (isinstance(test, Call) and test.receiver is held)
    asked = asked or (isinstance(test, Index | Member) and test.object is held) or _is_read_by_name(test, held)
    return (asked or (isinstance(test, Binary) and test.op == "in" and test.right is held)) and not holds


def open_as(module: Module, value: Expr, name: str) -> bool:
    """Tell whether a set or map that only a local holds is handed out under a type that lets it be changed."""
    origin = module.scopes.origin(value)
    made_here = isinstance(origin, Call) and origin.name in _MAKES and module.language == "python"
    if not isinstance(value, Name) or not (made_here or is_collection(module, value)):
        return False
    made = next((one for one in ancestors(value) if isinstance(one, Object | Return)), None)
    maker = function_of(value)
    returns = maker.returns.strip("'\" ").removeprefix("Promise<").rstrip(">") if maker is not None else ""
    declared = named_type(module, returns) if made is not None and returns else None
    types = [field.type for field in declared.fields if field.name == name] if declared is not None else []
    return not any(kind.strip().startswith(_KEPT) for kind in types)
