"""Which calls give a promise or a coroutine, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import falls_off, guarding_try, returns_of
from reviewer.code.reach.links import callee as callee_of
from reviewer.code.reach.links import is_async
from reviewer.code.reach.promises import returns_promise
from reviewer.code.reach.remembered import remembered
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Class,
    For,
    Function,
    If,
    Member,
    Name,
    Param,
    Throw,
    Try,
    strip,
)
from reviewer.code.text.promise_types import answers_later, is_promise_type
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.experts.api.vocabulary import spelled
from reviewer.experts.lifecycle.values import value_class, value_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node

_KNOWN: Final = frozenset(
    (
        "asyncio.sleep asyncio.gather asyncio.wait_for asyncio.wait asyncio.to_thread asyncio.open_connection "
        "anyio.sleep trio.sleep timers.promises.setTimeout events.once stream.promises.pipeline aiohttp.request"
    ).split()
)
_KNOWN_ROOTS: Final = ("fs.promises.", "fs/promises.", "dns.promises.", "timers.promises.", "aiofiles.")
_BUILT_IN: Final = frozenset(
    {"Promise.all", "Promise.allSettled", "Promise.any", "Promise.race", "Promise.reject", "fetch"}
)
_NEVER_FAIL: Final = frozenset({"Promise.resolve", "Promise.allSettled"})
_EITHER: Final = frozenset({"and", "or", "??"})
"""Operators whose result is one of their sides."""
TAKERS: Final = frozenset(
    (
        "gather wait_for wait race all allSettled any shield create_task ensure_future push append add set "
        "run_until_complete run isawaitable iscoroutine resolve start_soon spawn run_coroutine_threadsafe waitUntil "
        "track keep fire_and_forget as_completed timeout submit void schedule defer background launch close detach "
        "forget ignore then catch finally unshift enqueue collect await_ settle from_coroutine async_to_sync "
        "spawn_later TaskGroup create_background_task"
    ).split()
)
"""Calls that take a promise or a coroutine as what it is."""


@remembered
def gives_promise(module: Module, call: Call) -> bool | None:
    """Tell whether a call gives a promise or a coroutine: True, False, or None where nobody can say."""
    if call.new:
        return module.resolve(call.callee) == "Promise"
    known = is_async(module, call)
    if known is not None:
        return known
    name = module.resolve(call.callee)
    if "(" in name and not _of_declared(module, call):
        return True if _hands_on(module, call) else None  # a member of a result, which may have been awaited
    if name in _KNOWN or name.startswith(_KNOWN_ROOTS):
        return not name.endswith("FileHandle")
    if name in _BUILT_IN and not module.scopes.lookup(name.split(".")[0], call):
        return module.language != "python"
    if returns_promise(module, call) or _hands_on(module, call):
        return True
    if isinstance(strip(call.callee), Member):
        return _by_declaration(module, call)
    return _by_parameter(module, call)


def _by_parameter(module: Module, call: Call) -> bool | None:
    """Tell whether a function that was handed in gives a promise or a coroutine, by its written type."""
    name = strip(call.callee)
    bound = module.scopes.lookup(name.id, name) if isinstance(name, Name) else []
    only = bound[0] if len(bound) == 1 else None
    if not isinstance(only, Param) or not only.type:
        return None
    declared = only.type
    if declared.isidentifier():
        alias = module.scopes.lookup(declared, only)
        written = alias[0] if len(alias) == 1 else None
        if isinstance(written, Assign) and written.value is not None:
            declared = module.text_of(written.value)
        elif isinstance(written, Class) and written.kind == "type":
            declared = module.text_of(written).partition("=")[2].rstrip().rstrip(";")
    return True if answers_later(declared) else None


def _hands_on(module: Module, call: Call) -> bool:
    """Tell whether a function of the subject answers with nothing but a call whose like is awaited in its own file."""
    target = callee_of(module, call) if module.language != "python" else None
    if target is None or target.generator or target.kind == "constructor":
        return False
    answers = [strip(one.value) if one.value is not None else None for one in returns_of(target)]
    return bool(answers) and all(isinstance(one, Call) and awaited_elsewhere(target.module, one) for one in answers)


def _of_declared(module: Module, call: Call) -> bool:
    """Tell whether a member of a variable is called whose own line says its type: ``pump: Pump = getattr(…)()``."""
    callee = strip(call.callee)
    holder = strip(callee.object) if isinstance(callee, Member) else None
    bindings = module.scopes.lookup(holder.id, holder) if isinstance(holder, Name) else []
    return bool(bindings) and isinstance(bindings[0], Assign) and bool(bindings[0].type)


def _by_declaration(module: Module, call: Call) -> bool | None:
    callee = strip(call.callee)
    if not isinstance(callee, Member):
        return None
    method = _declared(module, callee)
    if method is not None and not method.generator:
        return True if method.asynchronous or is_promise_type(method.returns) else None
    declared = value_type(module, callee)
    return True if "=>" in declared and is_promise_type(declared.split("=>")[-1]) else None


def always_promise(module: Module, call: Call) -> bool:
    """Tell whether what is called is known, and gives a promise or a coroutine whatever happens: it is never None."""
    target = callee_of(module, call) or _declared(module, strip(call.callee))
    if target is None or target.generator:
        return False
    around = target.returns.partition("<")[0] + target.returns.rpartition(">")[2]
    return target.asynchronous or (is_promise_type(target.returns) and "|" not in around and not falls_off(target))


def _declared(module: Module, callee: Expr) -> Function | None:
    """Return the method of the class or interface that the object of a call is said to be of."""
    if not isinstance(callee, Member):
        return None
    cls = value_class(module, callee.object)
    return next((one for one in cls.methods if one.name == callee.name), None) if cls is not None else None


def awaited_elsewhere(module: Module, call: Call) -> bool:
    """Tell whether the same member of the same thing is awaited at another place of the file.

    For a service of the context it is enough that another of its members is: a storage has
    one manner.
    """
    name = module.resolve(call.callee)
    if not name or (name.startswith("this.") and name.count(".") < 2):
        return False
    known = module.memory.get("api.awaited")
    if not isinstance(known, dict):
        known = module.memory["api.awaited"] = _awaited_names(module)
    if name in known and _root_binding(module, call) in known[name]:
        return not (module.language == "python" and _is_plain_function(module, call.name))
    if name in _OF_CONTEXT and any(other.startswith("context.") for other in known):
        return True
    service, _, last = name.rpartition(".")
    if service.startswith("context.") and last in _STORING:
        return any(other.rpartition(".")[0] == service for other in known)
    return False


def _is_plain_function(module: Module, name: str) -> bool:
    """Tell whether a function of this name runs at once, whatever it gives: ``def add_job(self, work): …``."""
    project = module.project
    if project is None:
        return False
    told = project.answers(f"api.plain {name}", lambda other: _has_plain(other, name), {name}, tests=False)
    return any(told)


def _has_plain(module: Module, name: str) -> bool:
    return any(
        one.name == name and not one.asynchronous and not one.generator and not one.signature_only and not one.returns
        for one in module.functions
    )


_OF_CONTEXT: Final = frozenset(
    "context.commands.execute context.commands.invoke context.commands.run context.network.fetch "
    "context.network.request context.http.fetch context.database.query context.database.execute".split()
)
"""What a host that is asynchronous at all can only answer later: another plugin's work, the network, a database."""
_STORING: Final = frozenset(
    "get set put delete remove save load write read query execute fetch post request send".split()
)


def _awaited_names(module: Module) -> dict[str, set[int]]:
    """Return what is awaited by resolved name, with the bindings that these names begin with."""
    found: dict[str, set[int]] = {}
    for node in module.all(Await):
        inner = strip(node.value)
        if isinstance(inner, Call):
            name = module.resolve(inner.callee)
            if name:
                found.setdefault(name, set()).add(_root_binding(module, inner))
    return found


def _root_binding(module: Module, call: Call) -> int:
    """Return which local of a function a member is called on: two of one name are two things; 0 where it is none."""
    root = strip(call.callee)
    while isinstance(root, Member):
        root = strip(root.object)
    bindings = module.scopes.lookup(root.id, root) if isinstance(root, Name) and root is not call.callee else []
    local = next((one for one in bindings if isinstance(one, Assign) and function_of(one) is not None), None)
    given = strip(local.value) if local is not None and local.value is not None else None
    return local.start if local is not None and not isinstance(given, Name | Member) else 0


def handles_itself(module: Module, call: Call, depth: int = 3) -> bool:
    """Tell whether what a call runs never fails: all of its body stands in a ``try`` whose handler throws nothing.

    So it is with a promise that nobody can reject: ``new Promise((resolve) => …)``.
    """
    if call.new and call.name == "Promise":
        work = strip(call.args[0]) if call.args else None
        return isinstance(work, Function) and len(work.params) == 1
    target = callee_of(module, call)
    if target is None:
        return False
    tries = [one for one in find(target.body, Try, into_functions=False) if one.handlers]
    waits: list[Node] = list(find(target.body, Await, into_functions=False))
    waits += [
        value
        for value in _handed_on(target)
        if _may_be_promise(target.module, value) and not (depth and handles_itself(target.module, value, depth - 1))
    ]
    if not tries:
        return not waits
    inside = {id(node) for one in tries for node in find(one.body, Await, into_functions=False)}  # a return is not
    thrown = any(next(find(one.handlers, Throw, into_functions=False), None) for one in tries)
    return not thrown and all(id(node) in inside for node in waits)


def _handed_on(function: Function) -> Iterator[Call]:
    """Yield the calls whose answer a function gives as its own, which nobody waits for inside it."""
    for answer in returns_of(function):
        value = strip(answer.value) if answer.value is not None and not isinstance(answer.value, Await) else None
        if not isinstance(value, Call) or function.module.resolve(value.callee) in _NEVER_FAIL:
            continue
        if not _joins_caught(function, value):
            yield value


def _joins_caught(function: Function, join: Call) -> bool:
    """Tell whether what is waited for together has its errors taken one by one: each ends with a ``catch(…)``."""
    module = function.module
    given = strip(join.args[0]) if len(join.args) == 1 else None
    if module.resolve(join.callee) not in ("Promise.all", "Promise.race") or given is None:
        return False
    mapped = strip(given.args[0]) if isinstance(given, Call) and given.name == "map" and given.args else None
    if isinstance(mapped, Function):
        answers = [one.value for one in returns_of(mapped)]
        return bool(answers) and all(one is not None and _ends_caught(one) for one in answers)
    if isinstance(given, Array):
        return bool(given.items) and all(map(_ends_caught, given.items))
    made = module.scopes.origin(given) if isinstance(given, Name) else None
    if not isinstance(given, Name) or not isinstance(made, Array):
        return False
    puts = [call for call in calls_in(function.body) if call.name in ("push", "unshift") and _is_of(call, given.id)]
    put = [*made.items, *(one for call in puts for one in call.args)]
    return bool(put) and all(map(_ends_caught, put))


def _is_of(call: Call, name: str) -> bool:
    held = strip(call.receiver) if call.receiver is not None else None
    return isinstance(held, Name) and held.id == name


def _ends_caught(work: Expr) -> bool:
    """Tell whether a promise ends with what takes its error and throws none: ``ask(one).catch(tell)``."""
    chain = strip(work)
    if not isinstance(chain, Call) or chain.name != "catch" or not chain.args:
        return False
    by = strip(chain.args[0])
    return isinstance(by, Function) and not any(find(by.body, Throw, into_functions=False))


def _may_be_promise(module: Module, call: Call) -> bool:
    return bool(gives_promise(module, call)) or awaited_elsewhere(module, call)


def waited_for(module: Module, name: Name, made_at: Node) -> bool:
    """Tell whether a variable that holds a promise is awaited, returned or handed on somewhere after it was made."""
    function = function_of(made_at)
    scope = function.body if function is not None else module.body
    return any(node.id == name.id and node is not name and _used_as_promise(node) for node in find(scope, Name))


def _used_as_promise(name: Name) -> bool:
    for around in ancestors(name):
        if isinstance(around, Await):
            inner = around.value
            return inner is name or not isinstance(inner, Call) or any(True for _ in calls_in(inner))
        if isinstance(around, For) and around.iterable is name and not around.asynchronous:
            return False  # what is gone through was taken for a list
        kind = type(around).__name__
        if kind in ("Comprehension", "Template") or (isinstance(around, Binary) and around.op not in _EITHER):
            return False
        if kind in ("Return", "Array", "Object", "For", "Yield", "Spread", "Assign"):
            return True
        if isinstance(around, Member):
            return around.name in ("then", "catch", "finally", "add_done_callback", "result", "close", "send", "cancel")
        if isinstance(around, Call):
            return any(arg is name for arg in around.args) and (around.name in TAKERS or _is_unknown(around))
        if isinstance(around, Function):
            return False
    return False


def _is_unknown(call: Call) -> bool:
    """Tell whether a call may take a promise for all that can be seen."""
    return spelled(call.callee) not in ("len", "str", "list", "sorted", "Number", "String", "Boolean", "print", "log")


def first_of_chain(receiver: Expr | None) -> Call | None:
    """Return the work that ``work().then(use).finally(tidy)`` begins with."""
    work = strip(receiver) if receiver is not None else None
    while isinstance(work, Call) and work.name in ("then", "finally") and work.receiver is not None:
        work = strip(work.receiver)
    return work if isinstance(work, Call) else None


def awaited_other_way(module: Module, call: Call) -> bool:
    """Tell whether the very call is awaited in the other way of a question: what is asked is if it has to be.

    ``if iscoroutinefunction(end): await end() else: end()``
    """
    inner: Node = call
    for around in ancestors(call):
        if isinstance(around, Function):
            return False
        if isinstance(around, If):
            other = around.orelse if any(inner is one for one in around.body) else around.body
            spelled = module.text_of(call)
            if any(module.text_of(strip(one.value)) == spelled for one in find(other, Await, into_functions=False)):
                return True
        inner = around
    return False


def is_caught(wait: Await) -> bool:
    """Tell whether a handler around something that is awaited hears of its error, or its own promise does."""
    held = strip(wait.value)
    if isinstance(held, Call) and held.name in ("catch", "allSettled"):
        return True
    guard = guarding_try(wait)
    return guard is not None and bool(guard.handlers)
