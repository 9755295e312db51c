"""API161: a setting says how long a loop rests, as it is, where another setting beside it is held against bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    If,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Throw,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Function
    from reviewer.experts.check import Inquiry

_WAITS: Final = {"sleep": 0, "setInterval": 1, "setTimeout": 1, "Timer": 0, "wait": 0, "call_later": 0}
"""Calls that wait, and where they take how long."""
_SETTINGS: Final = frozenset("config settings options opts prefs preferences configuration".split())
_BOUNDS: Final = frozenset({"min", "max", "clamp", "bounded", "limit", "between"})
_NUMBERS: Final = frozenset({"float", "int", "Number", "parseInt", "parseFloat"})


@module_check("API161", words={"sleep", "interval", "timer", "wait", "timeout", "later"})
def interval_of_settings(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each wait for a field that holds a setting, and at what becomes of the settings beside it."""
    if module.is_test:
        return
    told: set[int] = set()
    for call in module.calls(_WAITS):
        cls, length = class_of(call), call.arg(_WAITS[call.name], "interval")
        for held in _kept(module, cls, length) if cls is not None and length is not None else ():
            function = function_of(held)
            taken = _setting(held)
            if function is None or taken is None or id(held) in told:
                continue
            name, settings = taken
            if _is_bound(function, held, name) or not _bounds_another(function, settings, name):
                continue
            told.add(id(held))
            yield Match(
                held,
                f"'{name}' is taken as somebody has written it, unlike the setting beside it: with zero or less "
                f"'{short(module.text_of(call.callee))}' does not wait at all, and the loop never rests.",
                related=((call, "waits for it here"),),
            )


def _kept(module: Module, cls: Class, length: Expr) -> Iterator[Expr]:
    """Yield what a field is given of which a wait is so many: ``self._minutes * 60``, ``self._config["minutes"]``."""
    for part in find(length, Expr):
        record, name = _entry_of_field(part)
        if record is not None:
            for value in module.scopes.field_values(cls, record.name):
                made = strip(value)
                entry = made.get(name) if isinstance(made, Object) else None
                if entry is not None:
                    yield entry
        elif is_this_member(part) and not isinstance(part.parent, Index | Call | Member):
            yield from module.scopes.field_values(cls, part.name)


def _entry_of_field(part: Expr) -> tuple[Member | None, str]:
    """Return the field of the object that holds a record, and which entry of it is read: ``this.options.seconds``."""
    if isinstance(part, Index) and is_this_member(part.object) and isinstance(part.key, Literal):
        return part.object, str(part.key.value)
    if isinstance(part, Member) and is_this_member(part.object) and not isinstance(part.parent, Call):
        return part.object, part.name
    return None, ""


def _setting(held: Expr) -> tuple[str, str] | None:
    """Return the name of the setting that a number is made of, and of the parameter that holds the settings."""
    value = strip(held)
    while isinstance(value, Binary) and value.op in ("??", "or", "*"):
        value = strip(value.left)
    if isinstance(value, Name):
        return _taken_apart(value)
    if not isinstance(value, Call) or value.name not in _NUMBERS or not value.args:
        return None
    inner = strip(value.args[0])
    if isinstance(inner, Binary) and inner.op in ("??", "or"):
        inner = strip(inner.left)
    if isinstance(inner, Call) and inner.name == "get" and inner.args:
        holder, key = inner.receiver, strip(inner.args[0])
    elif isinstance(inner, Index):
        holder, key = inner.object, strip(inner.key)
    elif isinstance(inner, Member):
        holder, key = inner.object, None
    else:
        return None
    name = str(key.value) if isinstance(key, Literal) else inner.name if isinstance(inner, Member) else ""
    root = strip(holder) if holder is not None else None
    if not name or not isinstance(root, Name) or not set(words(root.id)) & _SETTINGS:
        return None
    function = function_of(held)
    given = function is not None and any(isinstance(one, Param) and one.name == root.id for one in function.params)
    return (name, root.id) if given else None


def _taken_apart(value: Name) -> tuple[str, str] | None:
    """Return the name of a setting that a parameter of settings is taken apart into, and what it lies in."""
    function = function_of(value)
    for param in function.params if function is not None else ():
        said = {*words(param.type), *words(function.name if function is not None else "")}
        if value.id in param.fields.values() and said & (_SETTINGS | {"configure"}):
            return value.id, ""
    return None


def _is_bound(function: Function, held: Expr, name: str) -> bool:
    """Tell whether a setting is held against anything in its function, or what takes it says a bound."""
    asked = {word for one in find(function.body, If) for node in find(one.test, Expr) for word in _said(node)}
    if set(words(name)) & asked:
        return True
    around = held.parent
    return isinstance(around, Call) and bool(set(words(around.name)) & _BOUNDS)


def _said(node: Expr) -> tuple[str, ...]:
    if isinstance(node, Literal):
        return words(str(node.value)) if isinstance(node.value, str) else ()
    return words(node.id) if isinstance(node, Name) else words(node.name) if isinstance(node, Member) else ()


def _bounds_another(function: Function, settings: str, name: str) -> bool:
    """Tell whether a function refuses another of the settings that is out of bounds."""
    made = {
        one.target.id
        for one in find(function.body, Assign)
        if isinstance(one.target, Name) and one.value is not None and settings and settings in names_in(one.value)
    }
    if settings:
        made.add(settings)
    else:
        made |= {local for param in function.params for local in param.fields.values()} - {name}
    for test in find(function.body, If):
        if not test.body or not isinstance(test.body[-1], Throw):
            continue
        compared = [one for one in find(test.test, Binary) if one.op in ("<", "<=", ">", ">=")]
        if any(names_in(one) & made and not set(words(name)) <= names_in(one) for one in compared):
            return True
    return False
