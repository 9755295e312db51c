"""The file that an entry of a registry names, and the calls that run it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value, declared_type, named_type
from reviewer.code.syntax import (
    Assign,
    Call,
    Class,
    Expr,
    For,
    Function,
    Index,
    Member,
    Name,
    Param,
    strip,
)
from reviewer.code.text.calling import calls
from reviewer.code.walk import function_of, walk
from reviewer.experts.paths import text_of
from reviewer.experts.registry.made_from import ways_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

RUNS: Final = ("import", "require", "Worker", "fork", "spec_from_file_location", "run_path")
"""Calls that run a file."""


def path_of(call: Call) -> Expr:
    """Return what a call runs."""
    return call.args[1] if call.name == "spec_from_file_location" and len(call.args) > 1 else call.args[0]


def entry_of(module: Module, path: Expr) -> tuple[Name, set[str]] | None:
    """Return the variable whose member becomes the path of a file, with the members that the path is made of."""
    read: dict[str, tuple[Name, set[str]]] = {}
    for one in ways_back(module, path):
        for part in walk(one, into_functions=False):
            called = isinstance(part.parent, Call) and part.parent.callee is part
            base = strip(part.object) if isinstance(part, Member | Index) and not called else None
            name = part.name if isinstance(part, Member) else text_of(part.key) if isinstance(part, Index) else ""
            if isinstance(base, Name) and name and base.id not in ("this", "path", "os") and _is_held(module, base):
                read.setdefault(base.id, (base, set()))[1].add(name)
    return next(iter(read.values()), None)


def _is_held(module: Module, name: Name) -> bool:
    """Tell whether a name holds something that was handed in, or that a table or a call gave."""
    bindings = module.scopes.lookup(name.id, name)
    return any(
        isinstance(one, Param | For) or (isinstance(one, Assign) and one.value is not None and _is_call(one.value))
        for one in bindings
    )


def _is_call(value: Expr) -> bool:
    return isinstance(strip(value), Call | Index)


def type_of(module: Module, name: Name) -> Class | None:
    """Return the class or interface of what a name holds, by what made it or by the table that gave it."""
    return class_of_value(module, name) or named_type(module, declared_type(module, name))


def callers(inquiry: Inquiry, module: Module, function: Function) -> Iterator[Function]:
    """Yield the functions that call one by its name, in whatever file."""
    if not function.name:
        return
    for other in (module, *inquiry.project.modules(naming={function.name}, tests=False, showing=calls(function.name))):
        for call in other.calls((function.name,)):
            caller = function_of(call)
            if caller is not None and caller is not function:
                yield caller
