"""Functions of the subject that make a text harmless between tags, whatever they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Imported, Literal, Name, Regex
from reviewer.code.walk import calls_in

if TYPE_CHECKING:
    from reviewer.code.module import Module


def escapers(module: Module) -> frozenset[str]:
    """Return the names of the functions, of this file or imported from the subject, that replace ``<``."""
    return module.once("security.escapers", lambda: frozenset(_named(module)))


def _named(module: Module) -> set[str]:
    found = {function.name for function in module.functions if function.name and escapes(module, function)}
    project = module.project
    for name in module.imports if project is not None else ():
        made = project.definition(module, name) if project is not None and isinstance(name, Imported) else None
        if isinstance(made, Function) and escapes(made.module, made):
            found.add(name.local)
    return found


def escapes(module: Module, function: Function) -> bool:
    """Tell whether a function replaces the signs that begin a tag."""
    return any(_replaces_tags(module, call) for call in calls_in(function.body, into_functions=False))


def _replaces_tags(module: Module, call: Call) -> bool:
    if call.name not in ("replace", "replaceAll") or not call.args:
        return False
    sought = module.scopes.origin(call.args[0])
    if isinstance(sought, Regex):
        return "<" in sought.pattern
    return isinstance(sought, Literal) and isinstance(sought.value, str) and "<" in sought.value


def is_escaper(module: Module, call: Call) -> bool:
    """Tell whether a call runs a function of the subject that replaces ``<``."""
    made = definition(module, call.callee) if isinstance(call.callee, Name) else None
    return isinstance(made, Function) and escapes(made.module, made)
