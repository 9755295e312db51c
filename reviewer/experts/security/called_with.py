"""Whether a call runs a function, and whether calls that nobody here reads may run it, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Class, Function

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Call


def called_elsewhere(module: Module, function: Function) -> bool:
    """Tell whether another file calls a public method of this name, with who knows what."""
    project = module.project
    if function.owner is None or function.kind == "constructor" or function.name.startswith(("_", "#")):
        return False
    if function.private or project is None:
        return False
    name, own = function.name, (module.path, function.raw.start_byte)
    calls = project.answers(f"methods called {name}", lambda other: _called_on(other, name), {name}, tests=False)
    return any(path != own[0] and (None in met or own in met) for path, met in calls)


def _called_on(module: Module, name: str) -> tuple[str, frozenset[tuple[str, int] | None]]:
    """Return the path of a file, and where the methods of a name that it calls are; None for one that is unknown."""
    met: set[tuple[str, int] | None] = set()
    for call in module.calls((name,)):
        found = definition(module, call.callee) if call.receiver is not None else call
        if found is None:
            met.add(None)
        elif isinstance(found, Function | Class):
            met.add((found.module.path, found.raw.start_byte))
    return module.path, frozenset(met)


def may_reach(module: Module, call: Call, function: Function) -> bool:
    """Tell whether a call of this name can be one of this function."""
    target = definition(module, call.callee)
    unknown = call.receiver is not None or call.new
    return unknown if target is None else target is function or target is function.owner
