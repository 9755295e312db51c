"""Entries that a method enters into a table as it is handed them: ``self.enter(name, {"gauge": …, "since": …})``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Function, Name, Object, Param, strip
from reviewer.code.walk import class_of, function_of

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr


def handed_to_writer(module: Module, value: Expr | None) -> list[Object]:
    """Return all entries that a method is handed to store, where each is written out and all callers are in the file.

    The method may stand in a base class that knows nothing of its entries.
    """
    stored = strip(value) if value is not None else None
    made = module.scopes.origin(stored) if isinstance(stored, Name) else None
    method = made.parent if isinstance(made, Param) else None
    if not isinstance(made, Param) or not isinstance(method, Function) or class_of(method) is None:
        return []
    place = method.params.index(made)
    if (
        not method.name
        or method.name.startswith("__")
        or method.kind == "constructor"
        or _called_elsewhere(module, method)
    ):
        return []
    found: list[Object] = []
    for call in module.calls((method.name,)):
        caller = function_of(call)
        if caller is method or call.receiver is None:
            continue
        given = call.args[place] if 0 <= place < len(call.args) else call.keywords.get(made.name)
        entry = module.scopes.origin(given) if given is not None else None
        if not isinstance(entry, Object) or entry.spreads or len(entry.keys) != len(entry.entries):
            return []
        found.append(entry)
    return found


def _called_elsewhere(module: Module, method: Function) -> bool:
    """Tell whether another file speaks of the method, and may hand it other entries."""
    project = module.project
    return project is None or any(path != module.path for path in project.paths(naming={method.name}, tests=False))
