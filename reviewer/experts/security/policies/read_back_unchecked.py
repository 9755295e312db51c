"""SEC443: what was kept is read back without the check that everything else passes before it is taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Call,
    Class,
    Expr,
    For,
    Function,
    If,
    Index,
    Member,
    Name,
    Node,
    Spread,
    Throw,
    strip,
)
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ADDS: Final = frozenset({"push", "append", "add", "set", "extend", "update", "insert", "unshift"})
_PARSES: Final = frozenset({"parse", "loads", "load", "safe_load", "deserialize"})
_PARSERS: Final = frozenset({"JSON", "json", "yaml", "YAML", "toml", "tomllib", "tomli", "TOML", "orjson", "pickle"})


class _Taken(Struct, frozen=True):
    """Where a method takes something into a field."""

    field: str
    place: Call | Assign
    values: tuple[Expr, ...]


@module_check("SEC443", words={"json", "yaml", "toml", "tomllib", "orjson"})
def read_back_unchecked(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the methods of each class that take things into the same table."""
    if module.is_test:
        return
    for cls in module.classes:
        if cls.kind == "class" and len(cls.methods) > 1:
            yield from _of_class(module, cls)


def _of_class(module: Module, cls: Class) -> Iterator[Match]:
    methods = [one for one in cls.methods if not one.signature_only]
    checked = {
        taken.field: (method, check)
        for method in methods
        for taken in _taken(method)
        if not _parsed(method) and (check := _check_of(module, method, taken)) is not None
    }
    for method in methods if checked else ():
        parsed = _parsed(method)
        if not parsed:
            continue
        for taken in _taken(method):
            known = checked.get(taken.field)
            if known is None or not _is_of(method, taken, parsed) or _looks(module, method, known[1]):
                continue
            yield Match(
                taken.place,
                f"'{method.name}' takes what a file holds into '{taken.field.lstrip('_#')}' as it is, where "
                f"'{known[0].name}' asks '{known[1].name}' first: whoever writes the file writes what it would refuse.",
                related=((known[1], "checked here"),),
            )
            break


def _taken(method: Function) -> Iterator[_Taken]:
    """Yield where a method adds to a field of its object, or puts something in its place."""
    for node in find(method.body, Call):
        held = strip(node.receiver) if node.receiver is not None else None
        if node.name in _ADDS and is_this_member(held) and node.args:
            yield _Taken(held.name, node, tuple(node.args))
    for put in find(method.body, Assign):
        table = strip(put.target.object) if isinstance(put.target, Index) else None
        if is_this_member(table) and put.value is not None:
            yield _Taken(table.name, put, (put.value,))
        elif is_this_member(put.target) and put.value is not None and method.kind != "constructor":
            yield _Taken(put.target.name, put, (put.value,))


def _check_of(module: Module, method: Function, taken: _Taken) -> Call | None:
    """Return the call of the same file that refuses what won't do, before a method takes it in or as it does."""
    if method.kind == "constructor" or (isinstance(taken.place, Assign) and is_this_member(taken.place.target)):
        return None
    given = {param.name for param in method.params}
    for call in find(method.body, Call):
        asked = callee(module, call)
        if (
            asked is None
            or asked.module is not module
            or not names_in(call.args) & given
            or call.line > taken.place.line
        ):
            continue
        if any(isinstance(around, If) for around in find(asked.body, If)) and any(
            True for _ in find(asked.body, Throw)
        ):
            return call
    return None


def _parsed(method: Function) -> set[str]:
    """Return the names of a method that hold what was parsed, and what is taken from it."""
    found: set[str] = set()
    for _ in range(3):
        for assign in find(method.body, Assign):
            target = assign.target
            value = assign.value
            if isinstance(target, Name) and value is not None and (_parses(value) or names_in(value) & found):
                found.add(target.id)
        for loop in find(method.body, For):
            source = loop.iterable
            if source is not None and loop.target is not None and (_parses(source) or names_in(source) & found):
                found |= names_in(loop.target)
    return found


def _parses(value: Node) -> bool:
    for call in find(value, Call):
        held = strip(call.receiver) if call.receiver is not None else None
        if call.name in _PARSES and isinstance(held, Name) and held.id in _PARSERS:
            return True
    return False


def _is_of(method: Function, taken: _Taken, parsed: set[str]) -> bool:
    """Tell whether what is taken in is what was parsed, and nothing that was made of it by somebody else."""
    for value in taken.values:
        held = strip(value.value) if isinstance(value, Spread) else strip(value)
        while isinstance(held, Member | Index):
            held = strip(held.object)
        if isinstance(held, Name) and held.id in parsed:
            return True
    return False


def _looks(module: Module, method: Function, check: Call) -> bool:
    """Tell whether a method asks the same check, or looks at what it reads by itself."""
    for node in find(method.body, If):
        if function_of(node) is not None:
            return True
    return any(call.name == check.name or _refuses(module, call) for call in calls_in(method.body))


def _refuses(module: Module, call: Call) -> bool:
    asked = callee(module, call)
    return asked is not None and any(True for _ in find(asked.body, Throw))
