"""LIF034: a state that a guest has only while it begins or ends stays when that fails, however the state is called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, before, exits, siblings
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    ExprStatement,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Param,
    Statement,
    Try,
    strip,
)
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers
from reviewer.experts.lifecycle.bringing.taken_back import sets_member_back, undone_on_failure
from reviewer.experts.lifecycle.bringing.unloading import span
from reviewer.experts.lifecycle.guests.entries import entries
from reviewer.experts.lifecycle.hooks.doors import passages
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_WORDS: Final = HOOK_WORDS | frozenset({"worker", "fork", "spawn", "subprocess", "popen"})
_MOST_CALLERS: Final = 2
"""Callers above a function whose handlers are read."""
_COMPARES: Final = frozenset({"===", "!==", "==", "!=", "is", "is not", "in", "not in"})


@module_check("LIF034", words=_WORDS)
def passing_state_stuck(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at a state that is set before a guest begins or ends, and only replaced when that went well."""
    if module.is_test:
        return
    told = {id(entry.node) for entry in entries(inquiry, module) if entry.state == "pending"}
    seen: set[int] = set()
    for function in module.functions:
        for call in passages(function):
            pair = _around(module, function, call)
            if pair is None or id(pair[0]) in seen or _undone(module, call, pair[0]) or _goes_on(call):
                continue
            if id(pair[0]) in told and not undone_on_failure(module, call):
                continue  # its own check speaks
            seen.add(id(pair[0]))
            yield Match(
                span(module, pair[0], call),
                f"When '{module.text_of(call.callee)}' throws, '{module.text_of(pair[0].target)}' keeps this value for "
                f"ever: the next one is set in line {pair[1].line}, and only when all went well.",
                related=((call, "may throw here"), (pair[1], "set only on success")),
            )
        yield from _before_the_try(module, function)
        yield from _waits_for_one_event(module, function)


def _goes_on(call: Call) -> bool:
    """Tell whether control comes to the next line when a call fails: ``await hook().catch((error) => log(error))``."""
    chained = call.parent
    caught = chained.parent if isinstance(chained, Member) and chained.name == "catch" else None
    handler = strip(caught.args[0]) if isinstance(caught, Call) and caught.args else None
    return isinstance(handler, Function) and not exits(handler.body)


def _waits_for_one_event(module: Module, function: Function) -> Iterator[Match]:
    """Find a state that is left only when an event comes, with no word of what happens when it does not.

    ``record.state = "starting"; await new Promise((resolve) => worker.once("online", resolve)); …``
    """
    for wait in find(function.body, Await, into_functions=False) if function.asynchronous else ():
        made = strip(wait.value)
        work = strip(made.args[0]) if isinstance(made, Call) and made.new and made.args else None
        if not isinstance(made, Call) or made.name != "Promise" or not isinstance(work, Function):
            continue
        calls = list(calls_in(work.body))
        listens = [call for call in calls if call.name in ("once", "on", "addEventListener") and len(call.args) > 1]
        if len(work.params) != 1 or len(listens) != 1 or any(call.name == "setTimeout" for call in calls):
            continue
        pair = _around(module, function, made)
        if pair is not None and not _undone(module, made, pair[0]):
            yield Match(
                span(module, pair[0], wait),
                f"'{module.text_of(pair[0].target)}' keeps this value for ever when "
                f"{module.text_of(listens[0].args[0])} never comes: what ends before, or fails, is not heard.",
                related=((listens[0], "the only thing that is waited for"), (pair[1], "set only behind it")),
            )


def _around(module: Module, function: Function, call: Call) -> tuple[Assign, Assign] | None:
    """Return where a member is given one constant before a call and another one after it, and is asked elsewhere."""
    later = [node for node in after(call) if _gives_constant(node)]
    texts = {module.text_of(node.target): node for node in reversed(later) if isinstance(node, Assign)}
    for node in reversed(list(before(call))):
        if not isinstance(node, Assign) or not _gives_constant(node) or function_of(node) is not function_of(call):
            continue
        next_one = texts.get(module.text_of(node.target))
        if next_one is None or function_of(next_one) is not function_of(call):
            continue
        if _constant(node) != _constant(next_one) and _asked(module, node):
            return node, next_one
    return None


def _gives_constant(node: Node) -> bool:
    return isinstance(node, Assign) and isinstance(node.target, Member) and node.op == "=" and bool(_constant(node))


def _constant(assign: Assign) -> str:
    """Return the state that an assignment gives: a text, or a constant of an enumeration."""
    value = strip(assign.value) if assign.value is not None else None
    if isinstance(value, Literal) and isinstance(value.value, str):
        return value.value
    if isinstance(value, Member) and isinstance(value.object, Name) and value.object.id[:1].isupper():
        return value.name
    return ""


def _asked(module: Module, assign: Assign) -> bool:
    """Tell whether the member is compared with something anywhere in the file."""
    name = assign.target.name if isinstance(assign.target, Member) else ""
    return any(
        isinstance(side, Member) and side.name == name
        for test in module.all(Binary)
        if test.op in _COMPARES
        for side in (strip(test.left), strip(test.right))
    )


def _undone(module: Module, call: Call, state: Assign) -> bool:
    """Tell whether a failure of a call gives the member another value, here or where its function is called."""
    name = state.target.name if isinstance(state.target, Member) else ""
    function = function_of(state)
    inner: Node = call
    for around in ancestors(call):
        nodes: list[Node] = []
        if isinstance(around, Call) and around.name in ("catch", "then", "finally"):
            nodes = [one for one in around.args if isinstance(one, Function)]
        elif isinstance(around, Try) and any(inner is one for one in around.body):
            nodes = [*around.handlers, *around.final]
        if any(isinstance(one.target, Member) and one.target.name == name for one in find(nodes, Assign)):
            return True
        if isinstance(around, Try) and nodes and any(_gives_back(module, one, name) for one in calls_in(nodes)):
            return True
        if around is function:
            break
        inner = around
    if function is not None and _attempts(call, function):
        return _set_back(module, call, name)
    return undone_on_failure(module, call)


def _attempts(call: Call, function: Function) -> list[Try]:
    """Return the attempts in a function whose handlers hear of a call that fails."""
    inner: Node = call
    found: list[Try] = []
    for around in ancestors(call):
        if around is function:
            break
        if isinstance(around, Try) and around.handlers and any(inner is one for one in around.body):
            found.append(around)
        inner = around
    return found


def _set_back(module: Module, call: Call, name: str, depth: int = 0) -> bool:
    """Tell whether something that runs where a call fails may give the member another value, here or in a caller."""
    function = function_of(call)
    if function is None:
        return False
    for attempt in _attempts(call, function):
        if sets_member_back(module, [*attempt.handlers, *attempt.final], name):
            return True
    around = callers(function) if depth < _MOST_CALLERS else ()
    return any(_set_back(module, one, name, depth + 1) for one in around)


def _gives_back(module: Module, call: Call, name: str) -> bool:
    """Tell whether a function of the subject that a handler calls sets the member."""
    target = definition(module, call.callee)
    return isinstance(target, Function) and any(
        isinstance(one.target, Member) and one.target.name == name for one in find(target.body, Assign)
    )


def _before_the_try(module: Module, function: Function) -> Iterator[Match]:
    """Find a state that is told before a ``try`` and set back by its handlers, with what may fail between the two."""
    starts = passages(function)
    for attempt in find(function.body, Try, into_functions=False) if starts else ():
        if not attempt.handlers or not any(inside(call, attempt) for call in starts):
            continue
        back = {_told(module, one): one for handler in attempt.handlers for one in calls_in(handler.body)}
        earlier = [one for one in siblings(attempt) if one.start < attempt.start]
        for place, statement in enumerate(earlier):
            call = _plain_call(statement)
            other = back.get(_told(module, call)) if call is not None and len(call.args) > 1 else None
            if call is None or other is None or module.text_of(call) == module.text_of(other):
                continue
            risky = next((one for one in earlier[place + 1 :] if _may_fail(module, one)), None)
            if risky is not None:
                yield Match(
                    risky,
                    f"When this fails, what '{module.text_of(call)}' has said stays: only the 'try' below, in line "
                    f"{attempt.line}, says otherwise when something goes wrong.",
                    related=((call, "said here"), (other, "taken back only from here")),
                )
            break


def _told(module: Module, call: Call) -> tuple[str, str]:
    """Return what a call is made of without what it says: the function, and whom it speaks of."""
    return (module.text_of(call.callee), module.text_of(call.args[0]) if call.args else "")


def _plain_call(statement: Statement) -> Call | None:
    value = strip(statement.value) if isinstance(statement, ExprStatement) else None
    return value if isinstance(value, Call) else None


def _may_fail(module: Module, statement: Statement) -> bool:
    """Tell whether a statement waits for something, or runs a factory that was looked up or handed in."""
    for node in walk(statement, into_functions=False):
        if isinstance(node, Await):
            return True
        if isinstance(node, Call) and isinstance(node.callee, Name):
            made = module.scopes.origin(node.callee)
            held = [one.value for one in module.scopes.lookup(node.callee.id, node.callee) if isinstance(one, Assign)]
            if isinstance(made, Param | Index) or any(one is not None and any(find(one, Index)) for one in held):
                return True
    return False
