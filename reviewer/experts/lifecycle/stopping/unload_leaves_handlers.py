"""LIF029: handlers that plugins hung into a bus stay there when the host unloads them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import use_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Class,
    Comprehension,
    Delete,
    Expr,
    For,
    Function,
    Imported,
    Index,
    Member,
    Name,
    Node,
    Object,
    Param,
    Unary,
    strip,
)
from reviewer.code.text.ideas import HANDLER, HOLDERS
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, names_in, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.communication.aliases import alias_text
from reviewer.experts.communication.vocabulary import HANDLERS
from reviewer.experts.lifecycle.bringing.dependencies import with_helpers
from reviewer.experts.lifecycle.bringing.unloading import Unload, unloads
from reviewer.experts.lifecycle.guests.owner_tables import keeps_undo
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS
from reviewer.experts.lifecycle.vocabulary import PLUGIN_WORDS, RELEASE_WORDS, has_word
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module

_HANDLERS: Final = HANDLER | frozenset(
    "handlers listeners fn func function run middleware action execute handle step task".split()
)
_PUTS: Final = frozenset({"push", "add", "append", "set", "setdefault", "unshift", "insert"})
_TAKES: Final = frozenset({"delete", "discard", "remove", "pop", "splice", "clear", "shift", "popitem"})
_DEEPEST: Final = 12
_OWNERS: Final = PLUGIN_WORDS | HOLDERS | {"id", "name", "key", "source", "subscriber", "who"}


class _Bus(Struct, frozen=True):
    """A class that keeps handlers: the table, the putting in, and the methods that take out by owner."""

    cls: Class
    table: str
    put: Call | Assign
    by_owner: tuple[Function, ...]


@module_check("LIF029", words=HOOK_WORDS)
def unload_leaves_handlers(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where handlers can't be taken out at all, or are never taken out by their owner."""
    if module.is_test:
        return
    for unload in unloads(inquiry, module):
        if not unload.removals:
            continue
        for bus in _buses(module):
            if unload.function in bus.by_owner:
                continue  # the end of a plugin takes them out itself
            reason = _stays(inquiry, bus) or _left_to_plugins(inquiry, bus, unload)
            if reason:
                yield Match(
                    unload.place,
                    f"'{unload.function.name}' drops the plugin, but its handlers stay in "
                    f"'{bus.cls.name}.{bus.table}': {reason}.",
                )
                break


def _buses(module: Module) -> Iterator[_Bus]:
    """Yield the buses that a module defines or imports."""
    candidates: list[Class] = [cls for cls in module.classes if cls.kind == "class"]
    for bindings in module.scopes.table(None).values():
        for binding in bindings:
            if isinstance(binding, Imported) and module.project is not None:
                found = module.project.definition(module, binding)
                if isinstance(found, Class) and found.kind == "class":
                    candidates.append(found)
    for cls in candidates:
        bus = _bus(cls)
        if bus is not None:
            yield bus


def _bus(cls: Class) -> _Bus | None:
    for method in find(cls, Function):
        params = {
            p.name
            for p in method.params
            if has_word(p.name, _HANDLERS) or "Callable" in p.type or "=>" in p.type or _is_handed_on(method, p)
        }
        told = params | {p.name for p in method.params if has_word(p.name, HANDLERS)}
        if not (told or _plain(method)) or method.kind == "constructor" or method.name == "__init__":
            continue
        for node in walk(method.body):
            if isinstance(node, Call) and node.name in _PUTS and node.receiver is not None:
                own = isinstance(definition(cls.module, node.callee), Function)  # a service, which has the table
                table = "" if own else _field_root(cls.module, node.receiver)
                given = [
                    *node.args,
                    *(made for one in node.args if isinstance(made := cls.module.scopes.origin(one), Object | Array)),
                ]
                put = {n.id for arg in given for n in walk(arg) if isinstance(n, Name)} if table else set()
                if put & params or (put & _plain(method) and _calls_items(cls, table)):
                    return _Bus(cls, table, node, _by_owner(cls, table))
            elif isinstance(node, Assign) and isinstance(node.target, Index) and isinstance(node.value, Name):
                table = _field_root(cls.module, node.target.object) if node.value.id in told else ""
                if table:
                    return _Bus(cls, table, node, _by_owner(cls, table))
    return None


def _plain(method: Function) -> set[str]:
    """Return the parameters of a method that are no owner, and may be a function for all that their names say."""
    return {p.name for p in method.params if not has_word(p.name, _OWNERS) and (not p.type or _by_alias(method, p))}


def _by_alias(method: Function, param: Param) -> bool:
    """Tell whether the type of a parameter is a name that the file gives to a kind of functions."""
    alias = alias_text(method.module, param.type.strip())
    return "Callable" in alias or "=>" in alias


def _calls_items(cls: Class, table: str) -> bool:
    """Tell whether what a table holds is called where it is gone through: ``for _, sieve in rows: sieve(grain)``."""
    for loop in find(cls, For):
        if loop.iterable is None or loop.target is None or not _goes_through(cls.module, loop.iterable, table):
            continue
        items = names_in(loop.target)
        if any(isinstance(run := strip(one.callee), Name) and run.id in items for one in find(loop.body, Call)):
            return True
    return False


def _goes_through(module: Module, over: Expr, table: str) -> bool:
    over = strip(over)
    while isinstance(over, Call) and over.receiver is None and over.name in ("list", "tuple", "reversed") and over.args:
        over = strip(over.args[0])
    return _field_root(module, over) == table


def _is_handed_on(method: Function, param: Param) -> bool:
    """Tell whether a parameter is a function by the alias that is its type, and a port hands on what it is given."""
    project = method.module.project
    if not param.type or not _by_alias(method, param) or project is None:
        return False
    position = method.params.index(param)
    for module in project.modules(naming={method.name}, tests=False):
        for call in module.calls((method.name,)):
            given, port = call.arg(position, param.name), function_of(call)
            name = strip(given) if given is not None else None
            if isinstance(name, Name) and port is not None and any(one.name == name.id for one in port.params):
                return True
    return False


def _field_root(module: Module, expr: Expr) -> str:
    """Return the field that a chain begins with; a variable that holds a part of it is followed to its value."""
    expr = strip(expr)
    for _ in range(_DEEPEST):
        if isinstance(expr, Member) and is_this_member(expr):
            return expr.name
        if isinstance(expr, Member | Index):
            expr = strip(expr.object)
        elif isinstance(expr, Call):
            expr = strip(expr.callee)
        elif isinstance(expr, Binary) and expr.op in ("??", "or"):
            expr = strip(expr.left)
        elif isinstance(expr, Assign):
            expr = strip(expr.target)  # (this.listeners[event] ??= []).push(handler)
        elif isinstance(expr, Name) and (held := _held(module, expr)) is not None:
            expr = strip(held)
        else:
            break
    return ""


def _held(module: Module, name: Name) -> Expr | None:
    """Return what a variable was given first, or what a loop gives it one item of."""
    for binding in module.scopes.lookup(name.id, name)[:1]:
        if isinstance(binding, Assign) and binding.value is not None and strip(binding.value) is not name:
            return binding.value
        if isinstance(binding, For):
            return binding.iterable
    return None


def _takes_out(module: Module, node: Node, table: str) -> bool:
    """Tell whether a node takes something out of a field's table, nested or not."""
    if isinstance(node, Call) and node.name in _TAKES and node.receiver is not None:
        return _field_root(module, node.receiver) == table or _local_of(node.receiver)
    if isinstance(node, Call) and node.name == "set" and node.receiver is not None and len(node.args) > 1:
        return _field_root(module, node.receiver) == table and _filtered(node.args[1])
    if isinstance(node, Assign) and isinstance(node.target, Member | Index):
        adds = node.op != "="  # this.handlers[topic] ??= []
        return not adds and _field_root(module, node.target) == table
    if isinstance(node, Delete):
        return any(_field_root(module, target) == table for target in node.targets)
    return isinstance(node, Unary) and node.op == "delete" and _field_root(module, node.operand) == table


def _filtered(value: Expr) -> bool:
    """Tell whether a value is what is left of a list: ``list.filter(…)``."""
    return any(call.name == "filter" for call in find(value, Call)) or isinstance(strip(value), Comprehension)


def _local_of(expr: Expr) -> bool:
    """Tell whether something is taken out of a local variable, which may be a part of the table."""
    return isinstance(strip(expr), Name)


def _methods_taking_out(cls: Class, table: str) -> list[Function]:
    return [
        method
        for method in cls.methods
        if method.kind != "constructor"
        and method.name != "__init__"
        and any(_takes_out(cls.module, n, table) for n in walk(method.body))
    ]


def _by_owner(cls: Class, table: str) -> tuple[Function, ...]:
    """Return the methods that take out everything of one owner."""
    return tuple(
        method
        for method in _methods_taking_out(cls, table)
        if len(method.params) == 1
        and has_word(method.params[0].name, _OWNERS)
        and (has_word(method.name, RELEASE_WORDS) or words(method.name)[:1] == ("off",))
    )


def _stays(inquiry: Inquiry, bus: _Bus) -> str:
    """Say why handlers stay, or return an empty string."""
    if not _methods_taking_out(bus.cls, bus.table):
        return f"no line takes anything out of it (put in at line {bus.put.line})"
    if len(bus.by_owner) == 1 and not _called_somewhere(inquiry, bus.by_owner[0]):
        return f"'{bus.by_owner[0].name}' would take them out and is never called"
    return ""


def _left_to_plugins(inquiry: Inquiry, bus: _Bus, unload: Unload) -> str:
    """Say so where each handler is kept with its owner, and only the owner itself takes it out, if it does."""
    put = function_of(bus.put)
    owners = {param.name for param in put.params if has_word(param.name, HOLDERS)} if put is not None else set()
    owners |= {p.name for p in put.params if has_word(p.name, PLUGIN_WORDS)} if put is not None else set()
    if isinstance(bus.put, Call):
        kept = [bus.cls.module.scopes.origin(one) for one in bus.put.args]
        known = any(isinstance(one, Object | Array) and names_in(one) & owners for one in kept)
    else:
        known = bool(names_in(bus.put.target) & owners)
    if not known or bus.by_owner or put is None or keeps_undo(put) or _tracked(inquiry, put):
        return ""
    reached = with_helpers(unload.function)
    called = [definition(f.module, call.callee) for f in reached for call in find(f.body, Call)]
    touched = any(
        last_name(node).lstrip("#_") == bus.table.lstrip("#_")
        for function in (*reached, *(one for one in called if isinstance(one, Function)))
        for node in walk(function.body)
    )
    return "" if touched else "each is kept with its owner, and nobody takes out what a plugin leaves"


def _tracked(inquiry: Inquiry, put: Function) -> bool:
    """Tell whether the host keeps what the method gives back, by which a handler is taken out again."""
    return any(
        use_of(call).how in ("assigned", "argument", "item")
        for module in inquiry.project.modules(naming={put.name}, tests=False)
        for call in module.calls((put.name,))
    )


def _called_somewhere(inquiry: Inquiry, method: Function) -> bool:
    return any(_calls(module, method) for module in inquiry.project.modules(naming={method.name}))


def _calls(module: Module, method: Function) -> bool:
    for call in module.calls((method.name,)):
        target = definition(module, call.callee)
        if target is method or not isinstance(target, Function):
            return True
    return module.source.count(method.name.encode()) > 2
