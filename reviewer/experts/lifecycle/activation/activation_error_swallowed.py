"""LIF021: the error of an activation is dropped, and the plugin is entered as running all the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, conditions, exits
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Delete,
    Expr,
    Function,
    Handler,
    Jump,
    Member,
    Name,
    Node,
    Return,
    Statement,
    Throw,
    Try,
    With,
)
from reviewer.code.walk import ancestors, inside, names_in, statement_of, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.taken_back import undoes
from reviewer.experts.lifecycle.guests.entries import Entry, concerns, entries, unconditional_after
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, HookUse, uses_in
from reviewer.experts.lifecycle.values import last_word
from reviewer.experts.lifecycle.vocabulary import has_word

if TYPE_CHECKING:
    from reviewer.code.module import Module

_REPORTERS: Final = frozenset({"noop", "ignore", "warn", "warning", "error", "log", "debug", "info", "report", "print"})


@module_check("LIF021", words=HOOK_WORDS)
def activation_error_swallowed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where control goes on after a failed activation to the line that enters the plugin."""
    if module.is_test:
        return
    for use in uses_in(inquiry, module, "start"):
        for swallow, statement, changed in _swallows(use):
            entry = _entered_all_the_same(inquiry, module, use, swallow, statement, changed)
            if entry is not None:
                yield Match(
                    swallow,
                    f"What '{module.text_of(use.member)}' raises is dropped here, and line {entry.node.line} "
                    "enters the plugin as running all the same.",
                    related=((entry.node, "entered here"), (use.call, "activated here")),
                )
                break


def _swallows(use: HookUse) -> Iterator[tuple[Node, Node, set[str]]]:
    """Yield (what swallows, the statement after which control goes on, names that tell of the failure)."""
    inner: Node = use.site
    for around in ancestors(use.site):
        if isinstance(around, Call) and around.name == "catch" and around.args:
            callback = around.args[0]
            whole = statement_of(around)
            noted = isinstance(callback, Function) and whole is not None and _overwritten(use.frame, callback, whole)
            if whole is not None and not _kept(around) and (drops(callback) or noted):
                yield around, whole, changed_in(callback.body) if isinstance(callback, Function) else set()
        elif isinstance(around, Try) and any(inner is s for s in around.body):
            for handler in around.handlers:
                if exits(handler.body):
                    continue
                if not tells(handler.body) or _overwritten(use.frame, handler, around):
                    yield handler, around, changed_in(handler.body)
        elif isinstance(around, With) and any(suppresses(value) for value, _ in around.items):
            yield around.items[0][0], around, set()
        if isinstance(around, Function):
            return
        inner = around


def drops(callback: Expr) -> bool:
    """Tell whether a callback of ``catch`` at most reports: it takes nothing back and throws nothing on."""
    if isinstance(callback, Function):
        throws = any(isinstance(node, Throw) for node in walk(callback.body, into_functions=False))
        return not throws and not undoes(callback.body)
    return has_word(last_word(callback), _REPORTERS)


def _kept(call: Call) -> bool:
    """Tell whether the outcome of the chain is looked at: ``const ok = await p.then(yes).catch(no)``."""
    around = call.parent
    while isinstance(around, Await):
        around = around.parent
    return isinstance(around, Assign)


def suppresses(value: Node) -> bool:
    """Tell whether a block around something lets its errors go nowhere: ``with suppress(Exception)``."""
    return isinstance(value, Call) and value.name in ("suppress", "suppressing", "ignored")


def tells(body: list[Statement]) -> bool:
    """Tell whether a handler takes back what was done, or leaves: what comes after it is not reached."""
    if undoes(body):
        return True
    return any(isinstance(node, Throw | Return | Jump) for node in walk(body, into_functions=False))


def _overwritten(frame: Function | None, handler: Handler | Function, statement: Node) -> bool:
    """Tell whether a failure is only noted in a field that gets another value at once behind the ``try``."""
    leaves = any(isinstance(node, Throw | Return | Jump) for node in walk(handler.body, into_functions=False))
    noted = {
        (frame.module.text_of(node.target), node.target.name)
        for node in walk(handler.body, into_functions=False)
        if frame is not None and isinstance(node, Assign) and isinstance(node.target, Member)
    }
    if leaves or frame is None or any(isinstance(node, Delete) for node in walk(handler.body, into_functions=False)):
        return False
    outside = {id(one.test) for one in conditions(statement)}
    return any(
        isinstance(node, Assign)
        and isinstance(node.target, Member)
        and node.start > statement.start
        and (frame.module.text_of(node.target), node.target.name) in noted
        and all(id(one.test) in outside for one in conditions(node))
        and not inside(node, statement)
        for node in after(statement)
    )


def changed_in(body: list[Statement]) -> set[str]:
    """Return the variables that some code sets, by which what comes after it may know of a failure."""
    return {n.target.id for n in walk(body) if isinstance(n, Assign) and isinstance(n.target, Name)}


def _entered_all_the_same(
    inquiry: Inquiry, module: Module, use: HookUse, swallow: Node, statement: Node, changed: set[str]
) -> Entry | None:
    for entry in entries(inquiry, module):
        if entry.state in ("resting", "pending") or not concerns(module, entry, use):
            continue
        if entry.table is None and entry.state != "active":
            continue
        in_final = isinstance(statement, Try) and any(entry.node is n for n in walk(statement.final))
        in_handler = isinstance(swallow, Handler) and any(entry.node is n for n in walk(swallow.body))
        succeeded = [*statement.body, *statement.orelse] if isinstance(statement, Try) else []
        in_body = any(inside(entry.node, one) for one in succeeded)
        in_chain = any(inside(entry.node, step) and not conditions(entry.node) for step in _next_steps(swallow))
        if not (in_final or in_handler or in_chain or (unconditional_after(entry, statement) and not in_body)):
            continue
        if not changed & names_in(entry.node):
            return entry
    return None


def _next_steps(swallow: Node) -> Iterator[Function]:
    """Yield the functions that run behind a ``catch`` in its chain: ``start().catch(log).then(() => enter())``."""
    node = swallow
    while isinstance(node.parent, Member) and isinstance(node.parent.parent, Call):
        node = node.parent.parent
        step = node.args[0] if isinstance(node, Call) and node.name in ("then", "finally") and node.args else None
        if isinstance(step, Function):
            yield step
