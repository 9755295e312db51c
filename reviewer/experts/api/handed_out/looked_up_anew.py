"""API020: a member that is looked up in a table of makers is made anew at each access, with what it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Class,
    Conditional,
    Expr,
    Function,
    Index,
    Name,
    Object,
    Return,
    strip,
)
from reviewer.code.walk import class_of, find
from reviewer.experts.api.handed_out.fresh_wrapper import class_memory, is_kept
from reviewer.experts.api.handed_out.quotas import refuses_by
from reviewer.experts.api.vocabulary import spelled
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ACCESSES: Final = frozenset({"__getattr__", "__getattribute__", "__getitem__"})
"""Methods of Python by which a member of an object, or an item, is reached."""


@module_check("API020", words={"getattr", "getattribute", "getitem", "proxy"})
def looked_up_anew(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what the access to a member gives where it calls a maker that it took from a table."""
    if module.is_test:
        return
    for function in module.functions:
        if not _is_access(function) or is_kept(function):
            continue
        for answer in find(function.body, Return, into_functions=False):
            made = strip(answer.value) if answer.value is not None else None
            table = _table_of(module, made.callee) if isinstance(made, Call) else None
            counted = next(filter(None, map(_counts, _makers(module, table))), None) if table is not None else None
            if counted is not None:
                yield Match(
                    answer,
                    f"Every access makes a new '{counted[0]}', and what it counts in '{counted[1]}' starts anew each "
                    "time: its limit is never reached.",
                )


def _is_access(function: Function) -> bool:
    """Tell whether a function is run when a member of an object is reached: also ``get`` of what stands behind one."""
    if function.name in _ACCESSES:
        return True
    around = function.parent
    trap = around.parent if isinstance(around, Object) and around.get("get") is function else None
    return isinstance(trap, Call) and trap.name == "Proxy"


def _table_of(module: Module, callee: Expr) -> Object | None:
    """Return the table, written out in the code, from which what is called was taken."""
    held = strip(callee)
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    only = bound[0].value if len(bound) == 1 and isinstance(bound[0], Assign) else None
    taken = _looked_up(strip(only) if only is not None else held)
    while isinstance(taken, Index) and isinstance(strip(taken.object), Index):
        taken = strip(taken.object)  # ``right, make = table[name]``
    if isinstance(taken, Call) and taken.name == "get" and taken.receiver is not None:
        root = strip(taken.receiver)
    elif isinstance(taken, Index):
        root = strip(taken.object)
    else:
        return None
    cls = class_of(callee)
    values = module.scopes.field_values(cls, root.name) if cls is not None and is_this_member(root) else []
    made = strip(values[0]) if len(values) == 1 else module.scopes.origin(root)
    return made if isinstance(made, Object) else None


def _looked_up(taken: Expr) -> Expr:
    """See through what stands in for a maker that is not there: ``known ? makers[name] : undefined``."""
    if isinstance(taken, Conditional):
        sides = (strip(taken.then), strip(taken.other))
        return next((side for side in sides if isinstance(side, Index | Call)), taken)
    return strip(taken.left) if isinstance(taken, Binary) and taken.op in ("??", "or") else taken


def _makers(module: Module, table: Object) -> Iterator[Class]:
    """Yield the classes of which the values of a table make an object: themselves, by ``partial``, by a function."""
    for _key, value in table.entries:
        for part in value.items if isinstance(value, Array) else [value]:
            made: Expr = strip(part)
            if isinstance(made, Function):
                answer = next(find(made.body, Return, into_functions=False), None)
                made = strip(answer.value) if answer is not None and answer.value is not None else made
            if isinstance(made, Call) and made.name == "partial" and made.args:
                made = strip(made.args[0])
            of = definition(module, made.callee if isinstance(made, Call) else made)
            if isinstance(of, Class):
                yield of


def _counts(cls: Class) -> tuple[str, str] | None:
    """Return the name of a class and of what it counts, where a method refuses by the number."""
    memory = class_memory(cls)
    refuses = bool(memory) and any(refuses_by(method, memory) for method in cls.methods)
    return (cls.name or spelled(cls), memory) if refuses else None
