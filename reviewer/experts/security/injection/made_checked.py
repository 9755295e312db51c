"""Whether the field of an object was checked when the object was made, so that every such object holds a good value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.links import class_of_value
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Class, If, Member, Name, Throw
from reviewer.code.walk import find, walk
from reviewer.experts.security.guards import limited

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function

_MAKERS: Final = frozenset({"constructor", "__init__", "__post_init__"})
_MOST: Final = 20
"""Places where an object is made that are looked at."""


def made_checked(module: Module, value: Expr) -> bool:
    """Tell whether a value is made of fields that the class of their object, or whoever makes one, has checked."""
    members = [node for node in walk(value, into_functions=False) if isinstance(node, Member)]
    return bool(members) and any(_is_checked(module, member) for member in members)


def _is_checked(module: Module, member: Member) -> bool:
    cls = class_of_value(module, member.object)
    if cls is None or cls.kind != "class":
        return False
    if any(_refuses(method, member.name) for method in cls.methods if method.name in _MAKERS):
        return True
    fields = [field.name for field in cls.fields]
    if member.name not in fields:
        return False
    position = fields.index(member.name)
    given = [(call, call.arg(position, member.name)) for call in _makings(cls)]
    sure = [argument is not None and _limited(cls, call, argument) for call, argument in given]
    return bool(sure) and all(sure)


def _makings(cls: Class) -> list[Call]:
    """Return where objects of a class are made in its file: by its name, or as ``cls(…)`` in a method of it."""
    own = [
        call
        for method in cls.methods
        for call in find(method.body, Call)
        if isinstance(call.callee, Name) and call.callee.id in ("this", "cls")
    ]
    return [*own, *(call for call in cls.module.calls((cls.name,)) if call.receiver is None)][:_MOST]


def _limited(cls: Class, call: Call, argument: Expr) -> bool:
    return limited(cls.module, [argument], call)


def _refuses(maker: Function, name: str) -> bool:
    """Tell whether a constructor tests the field, or what it is given for it, and throws."""
    for test in find(maker.body, If, into_functions=False):
        if not exits(test.body) or not any(isinstance(node, Throw) for node in walk(test.body)):
            continue
        for node in walk(test.test):
            if isinstance(node, Member) and is_this_member(node) and node.name == name:
                return True
            if getattr(node, "id", "") == name:
                return True
    return False
