"""The plugins that a module defines: what the host wakes, hands a context to, and puts to rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.code.contexts import (
    context_parameter,
    flat,
    is_context_name,
    is_context_type,
    is_starter,
    is_stopper,
    uses_services,
)
from reviewer.code.syntax import Assign, Class, Export, ExprStatement, Function, Member, Name, Node, Object

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr


class PluginDefinition(Struct, frozen=True):
    """A plugin as code defines it.

    ``at`` is the class, the object, or for plain functions the starting one; ``start`` is the
    function that gets the context, or that wakes what was made with it, ``stop`` what ends the
    plugin, None where there is none.
    """

    at: Node
    name: str
    start: Function
    stop: Function | None
    members: tuple[Function, ...]
    """All functions of the class or object; for plain functions the exported ones."""


def plugin_definitions(module: Module) -> list[PluginDefinition]:
    """Return the plugins that a module defines, in source order.

    A class or an exported object with a waking member that takes the context, a class that is
    made with it, or exported functions of such names.
    """
    found: list[PluginDefinition] = []
    for cls in module.classes:
        if cls.kind == "class":
            members = [method for method in cls.methods if not method.signature_only]
            members += [f.value for f in cls.fields if isinstance(f.value, Function)]
            _add(found, cls, cls.name, members)
    for node in module.all(Object):
        if not isinstance(node.parent, Object) or _named_hooks(node, node.parent):
            members = [f for _key, value in node.entries if (f := _function(module, value)) is not None]
            if members:
                _add(found, node, "", members)
    _add_functions(module, found)
    return found


def _named_hooks(inner: Object, outer: Object) -> bool:
    """Tell whether an object is the part of a plugin that holds its hooks: ``{id, hooks: {onLoad(api) {…}}}``."""
    return any(outer.get(name) is inner for name in ("hooks", "lifecycle", "methods"))


def _add(found: list[PluginDefinition], at: Class | Object, name: str, members: list[Function]) -> None:
    start = next((m for m in members if _wakes(m)), None)
    stop = _stopper(members)
    if start is None and stop is not None and not stop.params and _made_with_context(members):
        start = next((m for m in members if is_starter(m.name) and not m.params), None)
    if start is None or (stop is None and not _named_context(start)):
        return
    found.append(PluginDefinition(at, name, start, stop, tuple(members)))


def _made_with_context(members: list[Function]) -> bool:
    """Tell whether a class is handed the context when it is made: ``constructor(private ctx: PluginContext)``."""
    makers = (one for one in members if one.kind == "constructor" and one.params)
    return any(is_context_name(one.params[0].name) or is_context_type(one.params[0].type) for one in makers)


def _stopper(members: list[Function]) -> Function | None:
    named = [member for member in members if is_stopper(member.name)]
    order = ("deactivate", "onunload", "unload", "teardown", "dispose", "stop")
    named.sort(key=lambda m: order.index(flat(m.name)) if flat(m.name) in order else len(order))
    return named[0] if named else None


def _wakes(function: Function) -> bool:
    """Tell whether a function is one that the host calls with a context."""
    if not is_starter(function.name) or not function.params:
        return False
    return context_parameter(function, function.params[0])


def _named_context(function: Function) -> bool:
    """Tell whether the first parameter says by its name, its type, or its use that it is a context."""
    first = function.params[0]
    if is_context_name(first.name) or "ontext" in first.type or is_context_type(first.type):
        return True
    return bool(first.name) and uses_services(function, first)


def exported_functions(module: Module) -> list[Function]:
    """Return the functions that a file defines at its top for others: declared there, assigned or exported."""
    return [function for name, function in _exported(module).items() if not name.startswith("_")]


def _add_functions(module: Module, found: list[PluginDefinition]) -> None:
    exported = _exported(module)
    start = next((f for f in exported.values() if _wakes(f)), None)
    if start is not None:
        stop = _stopper([f for f in exported.values() if f is not start])
        found.append(PluginDefinition(start, start.name, start, stop, tuple(exported.values())))


def _exported(module: Module) -> dict[str, Function]:
    exported: dict[str, Function] = {}
    for statement in module.body:
        inner = statement.body if isinstance(statement, Export) else [statement]
        for node in inner:
            name, function = _defined(node)
            if function is not None and name and not function.signature_only:
                exported[name] = function
    return exported


def _defined(node: Node) -> tuple[str, Function | None]:
    """Return the function that a statement at the top defines, and its name: declared, assigned or exported."""
    if isinstance(node, Function):
        return node.name, node
    value = node.value if isinstance(node, ExprStatement) else node
    if isinstance(value, Assign) and isinstance(value.value, Function):
        target = value.target
        if isinstance(target, Name):
            return target.id, value.value
        if isinstance(target, Member) and isinstance(target.object, Name | Member):
            holder = target.object.id if isinstance(target.object, Name) else target.object.name
            return (target.name, value.value) if holder == "exports" else ("", None)
    return "", None


def _function(module: Module, value: Expr) -> Function | None:
    """Return the function that an entry of an object holds, written in place or named."""
    if isinstance(value, Function):
        return value
    if isinstance(value, Name):
        bound = module.scopes.lookup(value.id, value)
        last = bound[-1] if bound else None
        found = last.value if isinstance(last, Assign) else last
        return found if isinstance(found, Function) else None
    return None
