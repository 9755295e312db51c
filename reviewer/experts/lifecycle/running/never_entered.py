"""LIF005: finished work is taken out of a collection that nothing was ever put into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Expr,
    Field,
    For,
    Function,
    Literal,
    Member,
    Name,
    Object,
    Spread,
    Unary,
    strip,
)
from reviewer.code.walk import calls_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.values import last_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_ENDS: Final = ("add_done_callback", "finally")
"""Methods that say what is done when some work has ended."""
_TAKES: Final = frozenset({"discard", "remove", "delete"})
_LOOKS: Final = _TAKES | frozenset(
    "has get values keys entries size length forEach copy pop popitem clear items includes map filter some".split()
)
"""Members of a collection that put nothing into it."""
_READERS: Final = frozenset(
    "list tuple set sorted len bool iter any all sum gather wait allSettled all race from frozenset enumerate".split()
)
"""Calls that only look at a collection that they are given."""


@module_check("LIF005", words={"callback", "finally"})
def never_entered(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each callback of ended work for the collection that it takes the work out of."""
    if module.is_test:
        return
    for call in module.calls(_ENDS):
        held = _taken_from(module, call)
        name = last_word(held) if held is not None else ""
        if held is None or not name or _filled(module, name) or not _made_empty(module, name):
            continue
        if isinstance(held, Member) and any(p != module.path for p in inquiry.project.paths({name}, tests=False)):
            continue
        yield Match(
            call,
            f"What has ended is taken out of '{name}' here, and nothing ever puts it in: who goes through '{name}' to "
            "wait for what runs, or to cancel it, finds nothing, and the work itself is kept nowhere.",
        )


def _taken_from(module: Module, call: Call) -> Expr | None:
    """Return the collection that a callback takes out of: ``tasks.discard``, ``() => running.delete(work)``."""
    given = strip(call.args[0]) if len(call.args) == 1 else None
    if isinstance(given, Member) and given.name in _TAKES:
        return strip(given.object)
    named = definition(module, given) if isinstance(given, Name | Member) else None
    if isinstance(named, Function) and named.module is module and len(named.params) == 1:
        given = named
    elif not isinstance(given, Function) or len(given.body) != 1:
        return None
    taken = next((one for one in calls_in(given.body) if one.name in _TAKES and len(one.args) == 1), None)
    return strip(taken.receiver) if taken is not None and taken.receiver is not None else None


def _named(module: Module, name: str) -> list[Name | Member]:
    nodes: list[Name | Member] = [*module.all(Name), *module.all(Member)]
    return [node for node in nodes if last_word(node) == name and not _is_step(node, name)]


def _is_step(node: Name | Member, name: str) -> bool:
    """Tell whether a node is only the ``this`` or the variable in front of the member of this name."""
    return isinstance(node, Name) and isinstance(node.parent, Member) and node.id != name


def _filled(module: Module, name: str) -> bool:
    """Tell whether something may be put into what has this name, here or by whoever is given it."""
    return any(_may_fill(node) for node in _named(module, name))


def _may_fill(node: Node) -> bool:
    around = node.parent
    if isinstance(around, Member):
        return around.name not in _LOOKS
    if isinstance(around, Assign):
        return around.op != "=" or around.value is node or not _is_empty(around.value)
    if isinstance(around, Spread):
        return _may_fill(around) if isinstance(around.parent, Call) else False
    if isinstance(around, Call):
        return around.name not in _READERS
    return not isinstance(around, For | Array | Unary | Field)


def _made_empty(module: Module, name: str) -> bool:
    """Tell whether a file makes an empty collection of this name."""
    made = [one.value for one in module.all(Assign) if last_word(strip(one.target)) == name]
    made += [one.value for one in module.all(Field) if one.name.lstrip("#") == name.lstrip("#")]
    return any(_is_empty(value) for value in made if value is not None)


def _is_empty(value: Expr | None) -> bool:
    value = strip(value) if value is not None else None
    if value is None or (isinstance(value, Literal) and value.value is None):
        return True
    if isinstance(value, Call):
        return not value.args and value.name in ("set", "Set", "list", "dict", "Map", "WeakSet", "Array")
    return (isinstance(value, Array) and not value.items) or (isinstance(value, Object) and not value.entries)
