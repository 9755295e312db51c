"""Values of labels that a guest chooses, because they are what a member of its port is handed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import declared_type
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    Function,
    If,
    Index,
    Member,
    Name,
    Param,
    Template,
    strip,
)
from reviewer.code.walk import find, function_of, names_in
from reviewer.experts.patterns.observing.metrics import last_name
from reviewer.experts.patterns.vocabulary import spelled
from reviewer.experts.security.handing.ports import is_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_TEXTS: Final = frozenset({"", "string", "str", "String", "any", "unknown", "Any"})
_ARGUMENTS: Final = frozenset({"args", "arguments", "payload", "body", "params"})
"""Names of what a caller sends along with a command."""
_SHORT_LISTS: Final = frozenset(
    "type kind class code status state method plugin command outcome version verb mode action event topic unit channel "
    "level lang language locale format region zone priority plan tier category group role protocol enabled flag driver "
    "provider model stage phase result reason source target direction".split()
)
"""Words of members that take one of a few values."""
_NUMBERS: Final = frozenset("value amount n by delta count seconds ms duration elapsed took time timestamp".split())


def chosen_by_guest(module: Module, call: Call, value: Expr) -> str:
    """Return why a label has no end: a guest hands it to a member of its port, and nobody looks at it."""
    label = strip(value)
    root = label
    while isinstance(root, Member):
        root = strip(root.object)
    function = function_of(call)
    bound = module.scopes.lookup(root.id, root) if isinstance(root, Name) else []
    param = bound[0] if len(bound) == 1 else None
    if not isinstance(param, Param) or not isinstance(root, Name) or param.parent is not function or function is None:
        return ""
    free = is_any_text(param) if label is root else declared_type(module, label) in _TEXTS
    if not free or not isinstance(label, Name | Member) or set(spelled(last_name(label))) & _NUMBERS:
        return ""
    if _is_looked_at(module, function, root) or not is_port(module, function):
        return ""
    return f"no end to what a guest hands in as '{last_name(label)}'"


def out_of_arguments(module: Module, call: Call, value: Expr) -> str:
    """Return why a label has no end: it is taken out of the arguments that a caller sends, as it is."""
    value = _as_it_is(value)
    if isinstance(value, Call):
        name = str(getattr(strip(value.args[0]), "value", "")) if value.name == "get" and value.args else ""
        holder = value.receiver
    elif isinstance(value, Index):
        name, holder = str(getattr(strip(value.key), "value", "")), value.object
    else:
        name, holder = last_name(value), value.object if isinstance(value, Member) else None
    root = strip(holder) if holder is not None else None
    function = function_of(call)
    bound = module.scopes.lookup(root.id, root) if isinstance(root, Name) else []
    if len(bound) != 1 or not isinstance(bound[0], Param) or function is None or not isinstance(root, Name):
        return ""
    said = set(spelled(name))
    if not said or said & (_SHORT_LISTS | _NUMBERS) or not set(spelled(root.id)) & _ARGUMENTS:
        return ""
    asked = (node for one in find(function.body, If) for node in find(one.test, Expr))
    looked_at = any(set(spelled(last_name(node))) & said for node in asked)
    return "" if looked_at else f"no end to what a caller sends as '{name}'"


def _as_it_is(value: Expr) -> Expr:
    """Return what a text is made of: ``args.lot`` of ``String(args.lot ?? "none")``."""
    value = strip(value)
    if isinstance(value, Binary) and value.op in ("??", "or"):
        return _as_it_is(value.left)
    if isinstance(value, Call) and value.name in ("String", "str") and value.args:
        return _as_it_is(value.args[0])
    if isinstance(value, Template) and len(value.holes) == 1:
        return _as_it_is(value.holes[0])
    return value


def is_any_text(param: Param) -> bool:
    """Tell whether a parameter may be any text, by its type or for want of one."""
    return param.type in _TEXTS


def is_said_to_be_text(module: Module, value: Expr) -> bool:
    """Tell whether a label is a parameter as it is, or a member of one whose type says that it may be any text."""
    return isinstance(strip(value), Name) or declared_type(module, strip(value)) in ("string", "str")


def tests_before(function: Function, value: Name) -> Iterator[Node]:
    """Yield what a function asks before it uses a value."""
    for condition in conditions(value):
        yield condition.test
    yield from (node.test for node in find(function.body, If))


def _is_looked_at(module: Module, function: Function, name: Name) -> bool:
    """Tell whether a function asks what a value is before it uses it, or puts another one in its place."""
    asked = [*tests_before(function, name), *(one.test for one in find(function.body, Conditional))]
    if any(isinstance(node, Call | Binary) and name.id in names_in(node) for node in asked):
        return True
    changed = any(isinstance(one, Assign) for one in module.scopes.lookup(name.id, name))
    return changed or any(
        node.op in ("in", "not in") and name.id in names_in(node.left) for node in find(function.body, Binary)
    )
