"""How a registry enters things: which functions do it, under which key, and who looked before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop, returns_of
from reviewer.code.reach.links import definition, named_type
from reviewer.code.reach.made import added
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Class,
    For,
    Function,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    Template,
    strip,
)
from reviewer.code.text.ideas import DEPENDENCIES
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, class_of, find, function_of, inside, names_in, walk
from reviewer.experts.paths import last_words, said_in, surroundings
from reviewer.experts.registry.vocabulary import (
    DIGESTS,
    FIRM_REGISTERS,
    FOLDS,
    OWNERS,
    PLUGINS,
    REGISTERS,
    REPLACES,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Access, Table


_PARTS: Final = frozenset(
    "path paths dir dirs folder folders root roots part endpoint example examples template".split()
)
"""Words of functions that enter something which belongs to a plugin, and may be entered anew."""
_NAMES: Final = frozenset("id name slug key handle type kind topic verb label uid ref title identifier".split())
"""Last words of what a thing is entered under."""
_JOINS: Final = frozenset({"join", "stringify"})
"""Calls that put texts together to one."""
_STARTS: Final = frozenset(
    "start starts begin activate boot launch run open connect load enable resume instantiate create spawn wake".split()
)
"""Words of functions that bring something to life, which is another matter than entering it."""
_LIVE: Final = frozenset(
    "running active alive live started instances instance open loaded loading booted pending queue".split()
)
"""Words of tables that hold what is alive."""
_FROZEN: Final = frozenset({"freeze", "seal", "MappingProxyType"})
"""Calls that give what they are given, which nobody can change by then."""


def enters(function: Function | None) -> Function | None:
    """Return the function whose name says that it enters something new: this one or one around it."""
    while function is not None:
        name = words(function.name)
        if name and name[0] in REGISTERS and not set(name) & REPLACES:
            return function
        if name and function.owner is not None:
            return None
        function = function.outer
    return None


def of_a_registry(table: Table, entering: Function) -> bool:
    """Tell whether verb, table or class speak of a registry: 'add' alone says too little."""
    if set(words(entering.name)) & _PARTS:
        return False
    if words(entering.name)[0] in FIRM_REGISTERS:
        return True
    around = surroundings(entering) | set(words(table.name))
    for param in entering.params:
        around.update(words(param.name), words(param.type))
    named = bool(around & (PLUGINS | {"manifest", "descriptor", "vault"}))
    return named or _says_whose(table, entering) or any(_of_a_package(param) for param in entering.params)


def _of_a_package(param: Param) -> bool:
    """Tell whether a parameter is a record of something that has a manifest, or a version and a digest."""
    function = param.parent
    record = named_type(function.module, param.type) if isinstance(function, Function) and param.type else None
    said = {word for field in record.fields for word in words(field.name)} if record is not None else set()
    return "manifest" in said or ("version" in said and bool(said & (DIGESTS - {"hex", "hash"})))


def _says_whose(table: Table, entering: Function) -> bool:
    """Tell whether what a function stores names the plugin that it belongs to: ``{ run, pluginId }``."""
    return any(
        access.function is entering and isinstance(access.value, Object | Call) and said_in(access.value) & OWNERS
        for access in table.of("write")
    )


def enters_by_shape(module: Module, table: Table, access: Access) -> Function | None:
    """Return the function that enters a thing under the thing's own name, whatever the function is called.

    ``table.set(tool.id, tool)`` where another function takes out again, and a decorator that keeps what it
    decorates.
    """
    function = access.function
    if function is None or access.key is None or access.value is None:
        return None
    thing = strip(access.value)
    if _is_decorator(function, thing) and function.outer is not None and params_in(module, access.key):
        return function.outer
    if set(words(function.name)) & (REPLACES | _STARTS) or set(words(table.name)) & _LIVE:
        return None
    if _gives_undo(module, table, access, function):
        return function
    key = strip(access.key)
    if not isinstance(key, Member) or not words(key.name) or words(key.name)[-1] not in _NAMES:
        return None
    if not any(taken.function is not function for taken in table.of("delete")):
        return None
    held = {id(one) for node in walk(thing) if isinstance(node, Name) for one in module.scopes.lookup(node.id, node)}
    named = strip(key.object)
    own = isinstance(named, Name) and any(
        isinstance(one, Param) and id(one) in held for one in module.scopes.lookup(named.id, named)
    )
    return function if own and (_about_plugins(table, function) or _of_subclasses(module, function)) else None


def _gives_undo(module: Module, table: Table, access: Access, function: Function) -> bool:
    """Tell whether a function gives back what takes the entry out again: ``return () => table.delete(name)``."""
    key = module.text_of(access.key) if access.key is not None else ""
    return any(
        taken.function is not None
        and taken.function.outer is function
        and (isinstance(taken.function.parent, Return) or _is_returned(taken.function, function))
        and taken.key is not None
        and module.text_of(taken.key) == key
        for taken in table.of("delete")
    )


def _is_returned(inner: Function, function: Function) -> bool:
    """Tell whether a function gives back by its name one that it has defined."""
    return bool(inner.name) and any(
        isinstance(answer.value, Name) and answer.value.id == inner.name for answer in returns_of(function)
    )


def is_decorated(access: Access) -> bool:
    """Tell whether a decorator keeps what it decorates by a write."""
    thing = strip(access.value) if access.value is not None else None
    return access.function is not None and thing is not None and _is_decorator(access.function, thing)


def _is_decorator(function: Function, thing: Expr) -> bool:
    """Tell whether a function gives back the very function or class that it keeps, alone or as a part of a record."""
    last = function.body[-1] if function.body else None
    answer = last.value if isinstance(last, Return) else None
    if not isinstance(answer, Name) or answer.id not in {param.name for param in function.params}:
        return False
    if isinstance(thing, Call) and thing.name in _FROZEN and len(thing.args) == 1:
        thing = strip(thing.args[0])
    parts = [*thing.args, *thing.keywords.values()] if isinstance(thing, Call) else [thing]
    if isinstance(thing, Object):
        parts = [value for _key, value in thing.entries if value is not None]
    return any(isinstance(part := strip(one), Name) and part.id == answer.id for one in parts)


def _of_subclasses(module: Module, function: Function) -> bool:
    """Tell whether a class enters each of its subclasses by a function: whoever writes one of those is a guest."""
    for call in module.calls((function.name,)) if function.name else ():
        around = function_of(call)
        if around is not None and around.name == "__init_subclass__":
            return True
    return False


def _about_plugins(table: Table, function: Function) -> bool:
    around = surroundings(function) | set(words(table.name))
    for param in function.params:
        around.update(words(param.name), words(param.type))
    return bool(around & (PLUGINS | {"manifest", "descriptor"}))


def params_in(module: Module, expr: Expr, depth: int = 3) -> set[int]:
    """Return the ids of the parameters that an expression is made of; local names are followed."""
    found: set[int] = set()
    for node in _with_shared(expr):
        if not isinstance(node, Name) or depth == 0:
            continue
        for binding in module.scopes.lookup(node.id, node):
            if isinstance(binding, Param):
                found.add(id(binding))
            elif isinstance(binding, Assign) and binding.value is not None:
                found |= params_in(module, binding.value, depth - 1)
            elif isinstance(binding, For) and binding.iterable is not None:
                found |= params_in(module, binding.iterable, depth - 1)
                over = strip(binding.iterable)
                for one in added(module, over) if isinstance(over, Name) else ():
                    found |= params_in(module, one, depth - 1)
    return found


def _with_shared(expr: Expr) -> Iterator[Node]:
    """Yield the parts of an expression, with the thing that several names are taken out of: ``{ a, b } = thing``."""
    for node in walk(expr):
        yield node
        if isinstance(node, Member) and node.object.parent is not node:
            yield from _with_shared(node.object)


def key_is_given(module: Module, key: Expr | None) -> bool:
    """Tell whether a key comes from outside: a parameter, a member of one, or a text made of those."""
    key = strip(key) if key is not None else None
    if isinstance(key, Name):
        bindings = module.scopes.lookup(key.id, key)
        if any(isinstance(b, Param) for b in bindings):
            return True
        if len(bindings) == 1 and isinstance(bindings[0], Assign):
            return key_is_given(module, bindings[0].value)
        return _one_of_given(module, key)
    if isinstance(key, Member):
        base: Expr = key
        while isinstance(base, Member):
            base = strip(base.object)
        if not isinstance(base, Name) or base.id == "this":
            return False
        return key_is_given(module, base) or _read_from_given(module, base) or _one_of_given(module, base)
    if isinstance(key, Binary) and key.op in ("or", "??"):
        return key_is_given(module, key.left) or key_is_given(module, key.right)
    return any(key_is_given(module, part) for part in _put_together(module, key))


def _put_together(module: Module, key: Expr | None) -> list[Expr]:
    """Return what a key is put together of, or made of by a change of its spelling."""
    if isinstance(key, Template):
        return list(key.holes)
    if isinstance(key, Array):  # self._tasks[house, name]
        return key.items
    if isinstance(key, Call) and key.name in FOLDS:
        return [*key.args, *([key.receiver] if key.receiver is not None else [])]
    if isinstance(key, Call) and (key.name in _JOINS or _makes_text(module, key)):
        return [*key.args, *([key.receiver] if isinstance(key.receiver, Array) else [])]
    return []


def _makes_text(module: Module, call: Call) -> bool:
    """Tell whether a call runs a function of the subject that makes one text of its arguments: ``keyOf(id, at)``."""
    made = definition(module, call.callee)
    given = (
        [strip(one.value) for one in returns_of(made) if one.value is not None] if isinstance(made, Function) else []
    )
    return bool(given) and all(
        (isinstance(one, Template) and bool(one.holes)) or (isinstance(one, Call) and one.name in _JOINS)
        for one in given
    )


def _one_of_given(module: Module, name: Name) -> bool:
    """Tell whether a variable is one of several that something given brings: ``for (const it of gadget.actions)``."""
    bound = module.scopes.lookup(name.id, name)
    loop = bound[0] if len(bound) == 1 else None
    over = strip(loop.iterable) if isinstance(loop, For) and loop.iterable is not None else None
    if isinstance(over, Call) and over.name in ("entries", "items", "keys"):
        over = strip(over.args[0] if over.args else over.receiver or over)
        return isinstance(over, Name | Member) and key_is_given(module, over)
    return isinstance(over, Member) and key_is_given(module, over)


def _read_from_given(module: Module, name: Name) -> bool:
    """Tell whether a variable holds what a call made of something given: ``await readManifest(bundle)``."""
    made = [one.value for one in module.scopes.lookup(name.id, name) if isinstance(one, Assign)]
    values = [strip(value) for value in made if value is not None]
    return bool(values) and all(
        isinstance(value, Call) and any(params_in(module, arg) for arg in value.args) for value in values
    )


def looked_at(module: Module, table: Table, function: Function, write: Node | None = None) -> bool:
    """Tell whether a function, what it calls, or all that call it look into a table before writing.

    What is called behind the ``write`` only uses what was entered, to save or to tell it.
    """
    if looks(table, function) or any(
        isinstance(target, Function) and looks(table, target) for target in _called(module, function, write)
    ):
        return True
    calls = list(_callers(module, function))
    return bool(calls) and all(looks(table, caller, emptied=enclosing_loop(call) is None) for caller, call in calls)


def looks(table: Table, function: Function, *, emptied: bool = True) -> bool:
    """Tell whether a function reads, asks or deletes in a table, its inner functions included.

    ``emptied`` tells whether it is enough to empty the table: not where many are entered after that.
    """
    undoing = {id(access.function) for access in table.of("delete")}
    for access in table.of("has", "read", "delete", "iterate", *(("clear",) if emptied else ())):
        if access.function is function:
            if _is_idle(access, function):
                continue
            return True
        # A function inside that takes out is the undo that a registration gives back, whatever it looks at first.
        if access.function is not None and id(access.function) not in undoing and _within(access.function, function):
            return True
    return False


def _is_idle(access: Access, function: Function) -> bool:
    """Tell whether what was read is kept under a name that nobody reads: ``const known = table.get(id)``."""
    if _asks_for_need(access):
        return True
    kept = access.node.parent
    if access.how != "read" or not isinstance(kept, Assign) or not isinstance(kept.target, Name):
        return False
    return sum(one.id == kept.target.id for one in find(function.body, Name)) == 1


def _asks_for_need(access: Access) -> bool:
    """Tell whether it is asked for something else: ``for (const need of app.needs) if (!all.has(need)) throw …``."""
    key = strip(access.key) if access.key is not None else None
    if not isinstance(key, Name):
        return False
    for around in ancestors(access.node):
        if isinstance(around, For) and around.target is not None and key.id in names_in(around.target):
            over = around.iterable
            return over is not None and not DEPENDENCIES.isdisjoint(last_words(over))
    return False


def _within(inner: Function, outer: Function) -> bool:
    return any(around is outer for around in ancestors(inner))


def _called(module: Module, function: Function, write: Node | None) -> Iterator[Node | None]:
    for call in calls_in(function.body):
        if write is None or not inside(write, function) or call.raw.start_byte < write.raw.end_byte:
            yield definition(module, call.callee)


def _callers(module: Module, function: Function) -> Iterator[tuple[Function, Call]]:
    if not function.name:
        return
    for call in module.calls((function.name,)):
        if definition(module, call.callee) is function:
            around = function_of(call)
            while around is not None and around.outer is not None and isinstance(around.parent, Call):
                around = around.outer  # what is done with each stands in the one that goes through them
            if around is not None and around is not function:
                yield around, call


def companions(function: Function) -> list[Function]:
    """Return the functions that work beside one: the methods of its class, or all of its file."""
    cls = class_of(function)
    if isinstance(cls, Class):
        return list(find(cls, Function))
    return list(function.module.functions)


def reached(module: Module, function: Function, depth: int = 3) -> list[Function]:
    """Return a function and those that it calls inside the subject, to a depth of calls."""
    found = [function]
    edge = [function]
    for _ in range(depth):
        fresh: list[Function] = []
        for current in edge:
            for call in calls_in(current.body):
                target = definition(current.module, call.callee)
                if isinstance(target, Function) and not any(target is one for one in found):
                    found.append(target)
                    fresh.append(target)
        edge = fresh
    return found


def mentions(table: Table, functions: list[Function]) -> bool:
    """Tell whether one of these functions names a table."""
    for function in functions:
        for node in walk(function):
            if isinstance(node, Member) and table.owner is not None and node.name == table.name:
                return True
            if isinstance(node, Name) and table.owner is None and node.id == table.name:
                return True
    return False


def writes_in(table: Table, function: Function) -> list[Access]:
    """Return the writes of a table in a function itself."""
    return [access for access in table.of("write") if access.function is function]
