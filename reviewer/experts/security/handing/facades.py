"""Objects that a host makes for one plugin: known by their functions, which ask what that one may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Expr, Function, Literal, Name, Object, Return, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.vocabulary import IDENTITIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_RECORDS: Final = frozenset({"SimpleNamespace", "MappingProxyType", "dict", "Namespace"})
"""Calls of Python that make an object of the members that they are given."""
_WHO: Final = IDENTITIES | {"key", "name", "id", "slug", "guest"}


def is_facade(module: Module, made: Object | Call) -> bool:
    """Tell whether a function makes an object for one plugin, with members that first ask whether it may."""
    maker = function_of(made)
    if maker is None or not maker.params or not _is_answer(made):
        return False
    if isinstance(made, Call) and made.name not in _RECORDS:
        return False
    given = {param.name for param in maker.params if set(words(param.name)) & _WHO}
    return bool(given) and any(_asks_for(module, member, given) for member in _functions(module, made))


def members_of(made: Object | Call) -> Iterator[tuple[str, Expr]]:
    """Yield the members that an object is made with, by name."""
    if isinstance(made, Call):
        yield from made.keywords.items()
        return
    yield from ((str(key.value), value) for key, value in made.entries if isinstance(key, Literal))


def _functions(module: Module, made: Object | Call) -> Iterator[Function]:
    for _name, value in members_of(made):
        found = definition(module, value) if isinstance(strip(value), Name | Function) else None
        if isinstance(found, Function):
            yield found


def _asks_for(module: Module, member: Function, given: set[str]) -> bool:
    """Tell whether a function asks for the permission of whom its maker was told of, and not of whom it is told."""
    known = given - {param.name for param in member.params}
    return any(
        is_check(module, call) and any(isinstance(name, Name) and name.id in known for name in map(strip, call.args))
        for call in find(member.body, Call, into_functions=False)
    )


def _is_answer(made: Node) -> bool:
    """Tell whether an object is what a function returns, frozen or not."""
    around = made.parent
    while isinstance(around, Call) and made in around.args:
        made, around = around, around.parent
    return isinstance(around, Return)
