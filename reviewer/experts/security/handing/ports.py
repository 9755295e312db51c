"""Ports: what is made for one guest and handed to it, and the name by which the host knows for whom that was."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.record_members import record_around
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Expr, For, Function, Member, Name, Param, Return, strip
from reviewer.code.tables import tables
from reviewer.code.text.ideas import FACES, GUESTS
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, function_of, inside, names_in
from reviewer.experts.lifecycle.bringing.brought import is_brought
from reviewer.experts.lifecycle.bringing.loading import brings_in
from reviewer.experts.security.handing.given_to_guests import is_given, reaches_guests
from reviewer.experts.security.values.curried import told_at

if TYPE_CHECKING:
    from reviewer.code.module import Module

_TAILS: Final = frozenset({"id", "name", "slug", "uid", "key", "ref"})
_NAMES: Final = GUESTS | {"guest", "owner", "identity"}
_WHO: Final = frozenset({("id",), ("name",), ("slug",), ("key",)})
_DEEPEST: Final = 3
"""Functions through which a name is followed to those who know whose it is."""
_MOST: Final = 6
"""Places where a port is made that are looked at."""


def is_port(module: Module, function: Function) -> bool:
    """Tell whether a function is a member of what is handed to a guest, or made by what is told its id."""
    return bool(function.params) and (_is_made_for_one(function) or reaches_guests(module, function))


def is_inside_port(module: Module, function: Function) -> bool:
    """Tell whether a function is such a member, or one beside them that whoever makes them has for itself."""
    if is_port(module, function):
        return True
    maker = function.outer
    if maker is None and function.owner is not None and function.name not in ("constructor", "__init__"):
        said = set(words(function.owner.name))
        return bool(said & FACES and said & (GUESTS | {"guest", "mod"}))
    if maker is None or not maker.name or not maker.params:
        return False
    return is_given(module, maker.name) or (_is_answer(function, maker) and _is_told_whose(maker))


def _is_answer(function: Function, maker: Function) -> bool:
    """Tell whether a function is all that the one around it gives back: ``return (fields) => …``."""
    if isinstance(function.parent, Return):
        return True
    named = (strip(one.value) for one in returns_of(maker) if one.value is not None)
    return bool(function.name) and any(isinstance(one, Name) and one.id == function.name for one in named)


def _is_made_for_one(function: Function) -> bool:
    """Tell whether an object is made of functions for one guest: ``stageFor(packId, desk)`` gives ``{ cue }``."""
    maker = function.outer
    return maker is not None and record_around(function) is not None and _is_told_whose(maker)


def _is_told_whose(maker: Function) -> bool:
    """Tell whether a function is told the id of one guest."""
    return any(
        len(said) > 1 and said[-1] in _TAILS and _NAMES.issuperset(said[:-1])
        for said in (words(param.name) for param in maker.params)
    )


def says_for_whom(module: Module, function: Function, expr: Expr) -> bool:
    """Tell whether a value in a member of a port names the guest for whom the port was made.

    It was told to the function around, or to the constructor; it goes by a word for guests, or whoever makes the port
    keeps the guest under it, or loads it by that name.
    """
    bound = told_to_maker(module, function, expr)
    if bound is None:
        return False
    told, named = bound
    if _NAMES.issuperset(word for word in words(named) if word not in _TAILS):
        return True
    if isinstance(told, Param):
        return _is_name_of_guest(told)
    maker = function_of(told)
    return maker is not None and (_is_key(module, maker, module.text_of(expr)) or _loads_by(module, maker, expr))


def maker_names(module: Module, function: Function) -> frozenset[str]:
    """Return the parameters by which those around a member of a port are told for whom they make it."""
    found: set[str] = set()
    maker = function.outer
    while maker is not None:
        for param in maker.params:
            own = [word for word in words(param.name) if word not in _TAILS]
            if param.name and ((own and _NAMES.issuperset(own)) or _is_name_of_guest(param)):
                found.add(param.name)
        maker = maker.outer
    return frozenset(found)


def told_to_maker(module: Module, function: Function, expr: Expr) -> tuple[Param | Assign | For, str] | None:
    """Return what the port's maker was told, or goes through, that a value is or is the id of, and its name here."""
    value = strip(expr)
    if isinstance(value, Member) and not is_this_member(value) and set(words(value.name)) & _TAILS:
        value = strip(value.object)  # ``guest.id``
    if is_this_member(value):
        cls = class_of(value)
        begin = (cls.method("constructor") or cls.method("__init__")) if cls is not None else None
        if cls is None or begin is None or begin is function:
            return None
        given = {param.name: param for param in begin.params}
        for param in begin.params:
            if param.name == value.name and param.access:
                return param, value.name
        for one in module.scopes.field_values(cls, value.name):
            held = strip(one)
            if isinstance(held, Name) and held.id in given:
                return given[held.id], value.name
        return None
    bound = module.scopes.lookup(value.id, value) if isinstance(value, Name) else []
    only = bound[0] if len(bound) == 1 else None
    if not isinstance(value, Name) or not isinstance(only, Param | Assign | For):
        return None
    maker = only.parent if isinstance(only, Param) else function_of(only)
    if not isinstance(maker, Function) or maker is function or not inside(function, maker):
        return None
    return (only, value.id) if not isinstance(only, For) or inside(function, only) else None


def _is_name_of_guest(param: Param, depth: int = 0) -> bool:
    """Tell whether those who make a port tell it the name under which the guest is kept, or by which it is loaded."""
    maker = param.parent
    if not isinstance(maker, Function) or maker.module.project is None or depth > _DEEPEST:
        return False
    question = f"security.names a guest {param.raw.start_byte if param.raw is not None else param.name} {depth}"
    return maker.module.once(question, lambda: _told_the_name(maker, param, depth))


def _told_the_name(maker: Function, param: Param, depth: int) -> bool:
    place = maker.params.index(param)
    for other, call in islice(told_at(maker.module, maker), _MOST):
        told = call.arg(place, param.name)
        around = function_of(call)
        if told is None or around is None:
            continue
        if _is_key(other, around, other.text_of(told)) or _loads_by(other, around, told):
            return True
        if isinstance(told, Member) and words(told.name)[-1:] in _WHO and is_brought(other, told.object):
            return True
        bound = other.scopes.lookup(told.id, told) if isinstance(told, Name) else []
        if len(bound) == 1 and isinstance(bound[0], Param) and _is_name_of_guest(bound[0], depth + 1):
            return True
    return False


def _is_key(module: Module, function: Function, text: str) -> bool:
    """Tell whether a function puts something into a table under what goes by a text."""
    return any(
        access.function is function and access.key is not None and module.text_of(access.key) == text
        for table in tables(module)
        for access in table.of("write")
    )


def _loads_by(module: Module, function: Function, told: Expr) -> bool:
    """Tell whether a function loads code by a name that it tells a port, or by what that name is a part of."""
    named = names_in(told)
    return any(brings_in(module, call) and named & _all_names(module, call) for call in find(function.body, Call))


def _all_names(module: Module, call: Call) -> set[str]:
    """Return the names that a call is given, and those that the values of these are made of."""
    found: set[str] = set()
    for name in names_in([*call.args, *([call.receiver] if call.receiver is not None else [])]):
        found.add(name)
        for one in module.scopes.lookup(name, call):
            if isinstance(one, Assign) and one.value is not None:
                found |= names_in(one.value)
    return found
