"""Whether the handlers of a table may be asynchronous: by their declared type, or by what is registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type, definition, made_type, named_type
from reviewer.code.syntax import Array, Assign, Binary, Call, Expr, Field, Function, Member, Name, Object, Param, strip
from reviewer.code.text.calling import calls
from reviewer.code.text.words import identifiers
from reviewer.code.walk import function_of, names_in, walk
from reviewer.experts.communication.aliases import alias_text
from reviewer.experts.communication.sources import sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry
    from reviewer.experts.communication.invocations import Invocation
    from reviewer.experts.communication.sources import Sources

_PROMISES: Final = frozenset({"Promise", "PromiseLike", "Awaitable", "Coroutine", "CoroutineType"})
_BROWSERS: Final = ("chrome.", "browser.", "webext.", "webextension-polyfill.", "vscode.")
_MOST_NAMES: Final = 24
_MOST_CALLS: Final = 200


def maybe_async(inquiry: Inquiry, found: Invocation, module: Module) -> str:
    """Say why the result of a handler may be a promise or a coroutine, or give an empty string."""
    table = found.source.table
    for text in declared_types(module, found):
        if _promises(module, text, found.call.name):
            return "its type says so"
    callee = strip(found.call.callee)
    method = callee.name if isinstance(callee, Member) and callee.name not in ("call", "apply", "bind") else ""
    if table is not None and _given_async(inquiry, sources(inquiry, module), table, method):
        return "asynchronous functions are registered"
    return ""


def declared_types(module: Module, found: Invocation) -> Iterator[str]:
    """Yield the texts of the declared types that a handler may have."""
    table = found.source.table
    if table is not None:
        yield _table_type(found)
        for access in table.of("write"):
            if access.function is not None and access.value is not None:
                kept = _kept_names(access.value)
                yield from (param.type for param in access.function.params if param.type and param.name in kept)
    target = strip(found.call.callee)
    base = target.object if isinstance(target, Member) else target
    if isinstance(base, Name | Member):
        yield declared_type(module, base)
    if isinstance(target, Member):
        yield declared_type(module, target)


def _kept_names(value: Expr) -> set[str]:
    """Return the names that a value holds itself, and not those that it was only made with: ``bus.on(topic, hear)``."""
    value = strip(value)
    if isinstance(value, Call) and not (value.new or value.name[:1].isupper()):
        return set()
    return names_in(value)


def _table_type(found: Invocation) -> str:
    """Return the text of the declared type of the table that handlers are in, or an empty string."""
    table = found.source.table
    declared = table.declared if table is not None else None
    if not isinstance(declared, Field | Assign) or found.function is None:
        return ""
    return declared.type or made_type(found.function.module, declared.value)


def _promises(module: Module, text: str, called: str) -> bool:
    """Tell whether a type, or one that it is made of, is the type of a function that gives a promise.

    ``called`` is the name under which a method of an object type is called.
    """
    waiting, seen = [text], set[str]()
    while waiting and len(seen) < _MOST_NAMES:
        current = waiting.pop()
        names = identifiers(current.encode())
        if names & _PROMISES:
            return True
        for name in sorted(names - seen):
            seen.add(name)
            waiting.append(alias_text(module, name))
            shape = named_type(module, name)
            if shape is not None:
                waiting.extend(field.type for field in shape.fields if "=>" in field.type or field.type.isidentifier())
                if any(_gives_promise(method) for method in shape.methods if method.name == called):
                    return True
    return False


def _gives_promise(method: Function) -> bool:
    if method.asynchronous:
        return not method.generator
    return bool(identifiers(method.returns.encode()) & _PROMISES)


def _given_async(inquiry: Inquiry, known: Sources, table: Table, method: str) -> bool:
    """Tell whether somebody in the subject registers an asynchronous function in the table.

    Of an entry whose method is called, only an object counts: a function has none of that name.
    """
    for function, value in _put_in(known, table):
        if not function.name:
            continue
        entry = strip(value)
        made = function.module.scopes.origin(entry) if isinstance(entry, Name) else None
        own = {node.id for node in walk([entry, made] if isinstance(made, Object) else entry) if isinstance(node, Name)}
        objects = bool(method) and isinstance(entry, Name) and not isinstance(made, Object)
        for position, param in enumerate(function.params):
            if own & {param.name, *param.fields.values()} and _called_with_async(
                inquiry, function, position, param, objects=objects
            ):
                return True
    return False


def wrapped_async(inquiry: Inquiry, module: Module, table: Table) -> bool:
    """Tell whether all that is put into a table is an asynchronous function made there, around what is handed in."""
    puts = [strip(value) for function, value in _put_in(sources(inquiry, module), table)]
    made = [module.scopes.origin(one) if isinstance(one, Name) else one for one in puts]
    functions = [one for one in made if isinstance(one, Function)]
    kept = [one for one in made if not isinstance(one, Function) and not _is_collection(one)]
    return bool(functions) and not kept and all(one.asynchronous and not one.generator for one in functions)


def _is_collection(made: object) -> bool:
    """Tell whether something is a collection, or one that is there already: ``lists.get(topic) ?? new Set()``."""
    made = strip(made.right) if isinstance(made, Binary) and made.op in ("??", "or") else made
    return isinstance(made, Array | Object) or (isinstance(made, Call) and made.name in ("Set", "Map", "Array"))


def _put_in(known: Sources, table: Table) -> Iterator[tuple[Function, Expr]]:
    """Yield what is put into a table, or into one of the collections that it holds, and the function that does."""
    for access in table.of("write"):
        if access.function is not None and access.value is not None:
            yield access.function, access.value
    for call in known.module.calls(("add", "push", "append")):
        held, function = known.of(call.receiver), function_of(call)
        if held is not None and held.table is table and held.looked_up and call.args and function is not None:
            yield function, call.args[0]


def _called_with_async(inquiry: Inquiry, function: Function, position: int, param: Param, *, objects: bool) -> bool:
    count = 0
    for module in inquiry.project.modules(naming={function.name}, showing=calls(function.name)):
        for call in module.calls((function.name,)):
            count += 1
            given = call.arg(position, param.name)
            if count > _MOST_CALLS:
                return False
            if module.resolve(call.callee).startswith(_BROWSERS):
                continue  # an event of the browser, which has a method of the same name
            if objects and isinstance(given, Function):
                continue
            if given is not None and _is_async(module, call, given):
                return True
    return False


def _is_async(module: Module, call: Call, given: object) -> bool:
    if isinstance(given, Object):
        return any(isinstance(value, Function) and value.asynchronous for _key, value in given.entries)
    target = definition(module, given) if isinstance(given, Name | Member | Function) else None
    return isinstance(target, Function) and target.asynchronous and not target.generator
