"""LIF033: what a state is made of is asked of an asynchronous function, and nobody waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import declared_member, is_async
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Call,
    Function,
    Index,
    Member,
    Name,
    Object,
    Return,
    Statement,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.promise_types import is_promise_type
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.dependencies import outermost, with_helpers
from reviewer.experts.lifecycle.bringing.plugin_work import plugin_work
from reviewer.experts.lifecycle.hooks.hooks import hooks_of
from reviewer.experts.lifecycle.running.hook_not_awaited import takes_promises
from reviewer.experts.lifecycle.values import root_name, value_class
from reviewer.experts.lifecycle.vocabulary import saves
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_WRITES_OUT: Final = frozenset({"dumps", "dump", "stringify", "structuredClone", "packb", "safe_dump", "serialize"})
"""Calls that make a text or a copy of what they are given, and can't wait for it."""
_STATES: Final = word_set("state snapshot checkpoint memento")


@module_check("LIF033", words={"state", "snapshot", "dump", "dumps", "stringify", "json", "clone", "async", "promise"})
def state_of_promises(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each asynchronous call that nobody waits for, for the state or the text that its promise is put into."""
    if module.is_test:
        return
    hooks = {id(use.call) for use in hooks_of(module)}
    for call in module.all(Call):
        function = function_of(call)
        if function is None or id(call) in hooks or use_of(call).how not in ("assigned", "other", "argument", "item"):
            continue
        if any(isinstance(one, Await) for one in _expression(call)) or not _gives_promise(module, call):
            continue
        into = _state(module, call, function)
        if into:
            yield Match(
                call,
                f"'{short(module.text_of(call.callee))}' is asynchronous and nobody waits for it: {into} gets its "
                "promise, and what it would have given is lost.",
            )


def _expression(call: Call) -> Iterator[Node]:
    """Yield what stands around a call in its own statement."""
    for around in ancestors(call):
        if isinstance(around, Statement | Function | Assign):
            return
        yield around


def _gives_promise(module: Module, call: Call) -> bool:
    known = is_async(module, call)
    if known is not None:
        return known
    callee = strip(call.callee)
    cls = value_class(module, callee.object) if isinstance(callee, Member) else None
    declared = declared_member(cls, call.name) if cls is not None else None
    return declared is not None and (declared.asynchronous or is_promise_type(declared.returns))


def _state(module: Module, call: Call, function: Function) -> str:
    """Return what a promise ends in, in words: a state that is given out, a text, a table; empty for anything else."""
    top: Expr = call
    record = False
    while isinstance(top.parent, Object | Array):
        record, top = True, top.parent
    around = top.parent
    if isinstance(around, Return) and record and _gives_state(function):
        return f"the state of '{function.name}'"
    if isinstance(around, Call) and around.callee is not top and around.name in _WRITES_OUT:
        return f"'{around.name}'"
    if not isinstance(around, Assign) or around.value is not top:
        return ""
    target = strip(around.target)
    if isinstance(target, Index):
        held = root_name(target)
        if held.startswith("this."):
            return _in_table(module, call, target, function)
        return _written_out(function, held)
    if isinstance(target, Name) and record:
        return _written_out(function, target.id)
    return ""


def _gives_state(function: Function) -> bool:
    return saves(function.name) or bool(set(words(function.name)[-1:]) & _STATES)


def _written_out(function: Function, name: str) -> str:
    """Return what a record of promises is made into, where nobody waits for what is in it."""
    if any(takes_promises(one) and name in names_in(one) for one in calls_in(function.body)):
        return ""
    if any(name in names_in(one) for one in find(function.body, Await) if not isinstance(strip(one.value), Call)):
        return ""
    for made in calls_in(function.body):
        if made.name in _WRITES_OUT and any(
            isinstance(one := strip(arg), Name) and one.id == name for arg in made.args
        ):
            return f"'{made.name}'"
    given = [one.value for one in find(function.body, Return, into_functions=False) if one.value is not None]
    if _gives_state(function) and any(isinstance(one := strip(value), Name) and one.id == name for value in given):
        return f"the state of '{function.name}'"
    return ""


def _in_table(module: Module, call: Call, target: Index, function: Function) -> str:
    """Return the table in which the answer of a plugin that is ended behind it is kept, where nobody waits for that."""
    ended = {id(outermost(use.site)) for use in hooks_of(module) if use.kind == "stop"}
    home = outermost(call)
    if home is None or call.args or plugin_work(module, call.callee) is None:
        return ""
    if not any(id(one) in ended for one in with_helpers(home)):
        return ""
    name = root_name(target).removeprefix("this.")
    table = next((one for one in tables(module) if one.name == name), None)
    if table is None or "Promise" in module.text_of(table.declared) or "Awaitable" in module.text_of(table.declared):
        return ""
    if any(takes_promises(one) and name in module.text_of(one) for one in calls_in(function.body)):
        return ""
    return "" if any(isinstance(read.node.parent, Await) for read in table.of("read")) else f"'{name}'"
