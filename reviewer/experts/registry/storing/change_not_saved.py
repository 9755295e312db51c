"""REG160: what was read of a file is changed and never saved, as the functions beside this one do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Comprehension,
    Delete,
    ExprStatement,
    For,
    Function,
    If,
    Index,
    Member,
    Name,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, behind, calls_in, find, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.registry.storing.changed_outside_lock import WRITES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_READS: Final = frozenset({"load", "loads", "safe_load", "read_text", "read_bytes"})
_TAKES: Final = frozenset(
    {"pop", "popitem", "update", "append", "remove", "clear", "extend", "insert", "discard", "add"}
)
"""Methods that change what they are called on, as far as nobody wants their answer."""
_ASKS: Final = frozenset({"len", "sorted", "bool", "any", "all", "list", "set", "print", "isinstance", "str"})


@module_check("REG160", words={"json", "yaml", "toml", "msgpack", "tomllib"})
def change_not_saved(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what functions read by a function that others use before they save, for a change that is lost."""
    if module.is_test or module.language != "python":
        return
    read = [(function, *one) for function in module.functions if function.name for one in _read(module, function)]
    saved = {id(reader): save for function, kept, reader in read for save in _saved(module, function, kept.id)}
    for function, kept, reader in read:
        save = saved.get(id(reader))
        change = _changed(function, kept.id) if save is not None else None
        if save is None or change is None or _goes_on(function, kept, change):
            continue
        yield Match(
            change,
            f"This changes what '{reader.name}' has read, and nobody saves it: '{short(module.text_of(save))}' is in "
            f"the functions beside '{function.name}', and at the next start all is as it was.",
            related=((save, "saved there"),),
        )


def _read(module: Module, function: Function) -> Iterator[tuple[Name, Function]]:
    """Yield the variables of a function that hold what another one reads of a file, with that function."""
    for assign in find(function.body, Assign, into_functions=False):
        made = strip(assign.value) if assign.value is not None else None
        if not isinstance(assign.target, Name) or not isinstance(made, Call):
            continue
        reader = definition(module, made.callee)
        if isinstance(reader, Function) and reader.module is module and reader is not function and _reads(reader):
            yield assign.target, reader


def _reads(reader: Function) -> bool:
    """Tell whether a function parses a file anew at each call, and keeps nothing of it."""
    kept = any(is_this_member(strip(one.target)) for one in find(reader.body, Assign))
    return not kept and any(call.name in _READS for call in calls_in(reader.body))


def _saved(module: Module, function: Function, name: str) -> Iterator[Call]:
    """Yield the calls by which a function saves a variable."""
    for call in calls_in(function.body, into_functions=False):
        target = definition(module, call.callee) if WRITES & set(words(call.name)[:1]) else None
        if isinstance(target, Function) and any(isinstance(arg, Name) and arg.id == name for arg in call.args):
            yield call


def _changed(function: Function, name: str) -> Node | None:
    """Return the last statement that changes what a variable holds."""
    found: list[Node] = [one for one in find(function.body, Assign, into_functions=False) if _is_part(one.target, name)]
    for gone in find(function.body, Delete, into_functions=False):
        found += [gone for one in gone.targets if _is_part(one, name)]
    for statement in find(function.body, ExprStatement, into_functions=False):
        call = strip(statement.value)
        held = strip(call.receiver) if isinstance(call, Call) and call.receiver is not None else None
        if isinstance(call, Call) and call.name in _TAKES and isinstance(held, Name) and held.id == name:
            found.append(statement)
    return max(found, key=lambda one: one.raw.start_byte, default=None)


def _is_part(target: Expr, name: str) -> bool:
    target = strip(target)
    held = strip(target.object) if isinstance(target, Index) else None
    return isinstance(held, Name) and held.id == name


def _goes_on(function: Function, kept: Name, change: Node) -> bool:
    """Tell whether what was read is used for more than its parts: it is handed on, given back, or kept elsewhere."""
    for use in find(function.body, Name):
        if use.id != kept.id or use is kept or not behind(use, kept):
            continue
        if behind(use, change):
            return True  # the change is for what comes here
        around = next(ancestors(use), None)
        if isinstance(around, Call) and use in around.args and around.name in _ASKS:
            continue
        of_part = isinstance(around, Index) and around.object is use
        asked = isinstance(around, Member | Binary | For | Comprehension | Unary | If)
        if not of_part and not asked:
            return True
        if any(
            isinstance(outer, Function) and outer is not function and inside(outer, function)
            for outer in ancestors(use)
        ):
            return True
    return False
