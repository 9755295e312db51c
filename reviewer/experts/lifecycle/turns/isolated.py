"""What a failure is kept from: waits for several at once, and catches around one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat
from reviewer.code.flow import enclosing_loop, guarding_try, returns_of
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Await,
    Call,
    Class,
    Comprehension,
    Expr,
    ExprStatement,
    For,
    Function,
    Handler,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Spread,
    Throw,
    Try,
    With,
    Yield,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, walk
from reviewer.experts.lifecycle.bringing.dependencies import names_dependencies, outermost
from reviewer.experts.lifecycle.bringing.loading import brings_in, netted, swallows, throws_on
from reviewer.experts.lifecycle.hooks.doors import escapes, ways
from reviewer.experts.lifecycle.hooks.hooks import hook_uses, hooks_of
from reviewer.experts.lifecycle.values import last_word, value_class
from reviewer.experts.lifecycle.vocabulary import (
    PLAIN_PLUGIN_WORDS,
    PLUGIN_WORDS,
    STRONG_STARTS,
    WEAK_HOOKS,
    has_word,
    starts,
    stops,
)

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SETTLING: Final = frozenset(
    {"settled", "settle", "safely", "safe", "quietly", "tolerant", "attempt", "try", "guarded"}
)


def joined(module: Module, join: Call) -> Iterator[Call]:
    """Yield the calls that are made for every item of what is joined; dependencies of one plugin are left out."""
    for arg in join.args:
        value: Expr | None = strip(arg.value) if isinstance(arg, Spread) else strip(arg)
        if isinstance(value, Name):
            origin = module.scopes.origin(value)
            value = origin if isinstance(origin, Expr) else None
            if isinstance(value, Array) and not value.items:
                yield from _put_on(module, last_word(arg.value if isinstance(arg, Spread) else arg), join)
        if isinstance(value, Call) and value.name == "from" and len(value.args) == 2:
            callback = strip(value.args[1])
            if isinstance(callback, Function) and not names_dependencies(module, value.args[0]):
                yield from calls_in(callback.body)
        if isinstance(value, Call) and value.name == "map" and value.receiver is not None and value.args:
            if names_dependencies(module, value.receiver):
                continue
            callback = strip(value.args[0])
            if isinstance(callback, Function):
                yield from calls_in(callback.body)
        elif isinstance(value, Comprehension) and not any(
            names_dependencies(module, iterable) for _t, iterable in value.clauses
        ):
            yield from calls_in(value.element)


def run_for_each(module: Module, join: Call) -> Iterator[Function]:
    """Yield the functions of the subject that are run, by their name, for every item of what is joined.

    ``Promise.all(ids.map(start))``, and ``pool.map(start, names)``, whose answers come until the first that fails.
    """
    if join.name == "map":
        mapped = [join] if module.language == "python" and join.receiver is not None and len(join.args) > 1 else []
    else:
        given = [strip(arg.value) if isinstance(arg, Spread) else strip(arg) for arg in join.args]
        made = [module.scopes.origin(one) if isinstance(one, Name) else one for one in given]
        mapped = [one for one in made if isinstance(one, Call) and one.name == "map" and one.receiver is not None]
    for call in mapped:
        named = strip(call.args[0]) if call.args else None
        over = call.receiver if call is not join else call.args[1]
        if isinstance(named, Name | Member) and over is not None and not names_dependencies(module, over):
            target = definition(module, named)
            if isinstance(target, Function):
                yield target


def lets_out(module: Module, function: Function) -> bool:
    """Tell whether a function wakes, ends or brings in one plugin, and what that throws leaves it."""
    if ways(module, function):
        return escapes(module, function)
    return any(brings_in(function.module, call) and not netted(call, function) for call in calls_in(function.body))


def _put_on(module: Module, name: str, join: Call) -> Iterator[Call]:
    """Yield the calls whose promises are put on a list, one for each turn of a loop: ``jobs.push(plugin.start())``."""
    function = function_of(join)
    for call in calls_in(function.body) if function is not None else ():
        if call.name not in ("push", "append") or call.receiver is None or last_word(call.receiver) != name:
            continue
        loop = enclosing_loop(call)
        if isinstance(loop, For) and loop.iterable is not None and not names_dependencies(module, loop.iterable):
            yield from (work for arg in call.args for work in calls_in(arg))


def own_lifecycle(inquiry: Inquiry, module: Module, call: Call) -> bool:
    """Tell whether a call goes to the host's own function that wakes or ends one plugin."""
    callee = strip(call.callee)
    if not call.args or not (is_this_member(callee) or isinstance(callee, Name)):
        held = own_method(module, call) if call.args else None
        return held is not None and bool(ways(module, held))
    said = words(call.name)
    target = definition(module, call.callee)
    if not said or not isinstance(target, Function):
        return False
    if ways(module, target):
        return True
    uses = [use for use in hook_uses(inquiry, module) if outermost(use.site) is target]
    if not (starts(call.name) or stops(call.name) or starts(said[0]) or stops(said[0])):
        return False
    known = PLAIN_PLUGIN_WORDS if flat(said[0]) in WEAK_HOOKS else PLUGIN_WORDS  # anything can be attached or opened
    of_plugins = any(has_word(param.name + "_" + param.type, known) for param in target.params)
    return bool(uses) or of_plugins or has_word(call.name, PLUGIN_WORDS)


def own_method(module: Module, call: Call) -> Function | None:
    """Return the method of one of the host's own classes that is called on an instance: ``container.enable(part)``."""
    target = definition(module, call.callee)
    if isinstance(target, Function):
        return target
    cls = value_class(module, call.receiver) if call.receiver is not None else None
    return cls.method(call.name) if cls is not None and cls.kind == "class" else None


def caught(module: Module, work: Call, limit: Node, depth: int = 0) -> bool:
    """Tell whether the error of a call is caught before it reaches an outer node, here or in the function called."""
    inner: Node = work
    for around in ancestors(work):
        if around is limit:
            break
        if isinstance(around, Call):
            if (
                around.name in ("catch", "then", "finally")
                and inner is not None
                and around.args
                and around.name != "finally"
            ):
                taking = around.args[:1] if around.name == "catch" else around.args[1:2]
                if taking and not throws_on(taking[0]):
                    return True
                inner = around
                continue
            if around is not work and not set(words(around.name)).isdisjoint(_SETTLING):
                return True
            helper = definition(module, around.callee) if around is not limit else None
            if isinstance(helper, Function) and _nets(helper) and around is not work:
                return True
        if isinstance(around, Try) and any(inner is s for s in around.body) and _catches(around):
            return True
        if isinstance(around, With) and any(_keeps_errors(module, value) for value, _ in around.items):
            return True
        inner = around
    target = own_method(module, work)
    if target is None or depth > 0:
        return False
    return not escapes(module, target) if ways(module, target) else _nets(target)


def _keeps_errors(module: Module, value: Expr) -> bool:
    """Tell whether a context manager keeps what fails inside: ``suppress``, or one of the subject's that catches."""
    value = strip(value)
    if not isinstance(value, Call):
        return False
    if value.name == "suppress":
        return True
    made = definition(module, value.callee)
    if isinstance(made, Class):
        left = made.method("__exit__") or made.method("__aexit__")
        return left is not None and any(
            isinstance(given.value, Literal) and given.value.value is True for given in returns_of(left)
        )
    return isinstance(made, Function) and any(
        isinstance(node.parent, ExprStatement) and (guard := guarding_try(node)) is not None and _catches(guard)
        for node in find(made.body, Yield)
    )


def _nets(function: Function) -> bool:
    """Tell whether a function catches what its own work throws: all that wakes or brings in a plugin, where it does."""
    risky = [call for call in calls_in(function.body) if _risky(function, call)]
    risky += [use.call for use in hooks_of(function.module) if use.kind == "start" and outermost(use.site) is function]
    if risky:
        return all(netted(call, function) for call in risky)
    return any(
        (isinstance(node, Handler) and swallows(node))
        or (isinstance(node, Call) and node.name == "catch" and node.args and not _rethrows(node))
        for node in walk(function.body)
        if not _is_aside(function, node)
    )


def _is_aside(function: Function, node: Node) -> bool:
    """Tell whether a catch only sees to something, and the promise is waited for all the same: its error goes on.

    ``entry.catch(() => running.delete(id)); return (await entry).unit``
    """
    held = strip(node.receiver) if isinstance(node, Call) and node.receiver is not None else None
    if not isinstance(held, Name) or not isinstance(node.parent, ExprStatement):
        return False
    waits = (one.value for one in walk(function.body) if isinstance(one, Await | Return) and one.value is not None)
    return any(isinstance(one := strip(value), Name) and one.id == held.id for value in waits)


def _risky(function: Function, call: Call) -> bool:
    """Tell whether a call runs code of a plugin."""
    receiver = call.receiver
    woken = receiver is not None and not is_this_member(strip(call.callee)) and flat(call.name) in STRONG_STARTS
    return woken or brings_in(function.module, call)


def _rethrows(catch: Call) -> bool:
    return any(isinstance(node, Throw) for arg in catch.args for node in walk(arg))


def _catches(statement: Try) -> bool:
    return any(map(swallows, statement.handlers))
