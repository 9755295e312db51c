"""Context variables of Python: which expressions are one, and who sets, reads and resets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import callee
from reviewer.code.syntax import Call, Expr, Function, Imported, Member, Name, Node
from reviewer.code.walk import calls_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module


def is_context_variable(module: Module, expr: Expr | None) -> bool:
    """Tell whether an expression names a context variable, of this file or of another of the subject."""
    made = _made(module, expr) if expr is not None else None
    return isinstance(made, Call) and made.name == "ContextVar"


def is_carried(module: Module, expr: Expr | None) -> bool:
    """Tell whether an expression names what goes along with a task: a context variable, an ``AsyncLocalStorage``."""
    made = _made(module, expr) if expr is not None else None
    return isinstance(made, Call) and made.name in ("ContextVar", "AsyncLocalStorage")


def _made(module: Module, expr: Expr) -> Node | None:
    """Return the value that a name, an imported name or a name of an imported module was given."""
    found = module.scopes.origin(expr)
    if isinstance(found, Member):
        holder = module.scopes.origin(found.object)
        if isinstance(holder, Imported):
            inner = "" if holder.name == "*" else holder.name if holder.source.endswith(".") else f".{holder.name}"
            found = Imported(found.name, found.name, holder.source + inner, type_only=False)
    if isinstance(found, Imported):
        return module.project.definition(module, found) if module.project is not None else None
    return found


def uses(module: Module, function: Function, name: str) -> Iterator[Call]:
    """Yield the calls of ``set``, ``get`` or ``reset`` of a context variable in a function."""
    for call in calls_in(function.body, into_functions=False):
        if call.name == name and is_context_variable(module, call.receiver):
            yield call


def variable_read(function: Function) -> Call | None:
    """Return the call that reads a context variable in a function, or in those of the subject that it calls."""
    read = reads_context(function)
    inner = callee(function.module, read) if read is not None else None
    return read if inner is None else variable_read(inner)


def reads_context(function: Function, depth: int = 2) -> Call | None:
    """Return the call by which a function, or one that it calls in the subject, reads a context variable.

    A function that sets one itself knows what it reads.
    """
    module = function.module
    if next(uses(module, function, "set"), None) is not None:
        return None
    found = next(uses(module, function, "get"), None)
    if found is not None or not depth:
        return found
    for call in calls_in(function.body, into_functions=False):
        target = callee(module, call)
        if target is not None and target is not function and reads_context(target, depth - 1) is not None:
            return call
    return None


def kept_for_thread(module: Module) -> Iterator[str]:
    """Yield the names of what is kept for each thread: ``here.park`` of ``here = threading.local()``."""
    for member in module.all(Member) if "threading" in module.identifiers else ():
        made = module.scopes.origin(member.object) if isinstance(member.object, Name) else None
        if isinstance(made, Call) and made.name == "local":
            yield member.name
