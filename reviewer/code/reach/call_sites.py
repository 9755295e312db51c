"""Where a function of the subject is called, in its own file and in those that import it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Class, Function, Imported, Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Call, Node


def call_sites(module: Module, function: Function) -> Iterator[tuple[Module, Call]]:
    """Yield the calls that run a function, or make an object of a class; of other files those that are no tests."""
    made = function.owner if function.kind == "constructor" else None
    name = made.name if made is not None else function.name
    if not name:
        return
    for call in module.calls((name,)):
        yield module, call
    outermost = made.outer is None if made is not None else function.owner is None and function.outer is None
    if module.project is None or not outermost:
        return
    for other in module.project.modules(naming={name}, tests=False, using=module.path):
        for call in other.calls((name,)):
            if _is_imported(other, call, module):
                yield other, call


def _is_imported(module: Module, call: Call, source: Module) -> bool:
    """Tell whether the name that is called was imported from a file of the subject."""
    if not isinstance(call.callee, Name) or module.project is None:
        return False
    for binding in module.scopes.lookup(call.callee.id, call.callee):
        if isinstance(binding, Imported):
            found = module.project.definition(module, binding)
            return isinstance(found, Function | Class) and found.module.path == source.path
    return False


def is_same(one: Node | None, other: Function | Class) -> bool:
    """Tell whether what was found is a function or class, whose file may have been parsed again in between."""
    if not isinstance(one, Function | Class) or one.module.path != other.module.path:
        return False
    return one.raw.start_byte == other.raw.start_byte
