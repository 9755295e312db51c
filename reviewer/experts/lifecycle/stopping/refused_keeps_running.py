"""LIF442: what a plugin may not be started without is taken from it, and the plugin that runs goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, conditions
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Function, Literal, Member, Object, Throw, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, inside
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost
from reviewer.experts.lifecycle.hooks.doors import steps, ways
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.code.tables import Table

_FORBIDS: Final = frozenset(
    "bar barred ban banned block blocked revoke revoked withdraw withdrawn suspend suspended expel deny denied forbid "
    "forbidden quarantine quarantined blocklist disallow unlicense expire expired recall recalled".split()
)
_TELLS: Final = frozenset("emit dispatch publish notify fire trigger send broadcast".split())
"""Calls by which others may hear of it, and end what runs."""
_HARM: Final = "nothing here ends the plugins that run: what was refused goes on until somebody stops it."


@module_check("LIF442", words=HOOK_WORDS)
def refused_keeps_running(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that takes what a start asks for, in hosts that can end a plugin."""
    if module.is_test:
        return
    named = [function for function in module.functions if function.name or function.owner is not None]
    starts = [function for function in named if any(step.way == "start" for step in steps(function))]
    if not starts or not any(step.way == "stop" for function in named for step in steps(function)):
        return
    gates = {gate for function in starts for gate in _gates(function)}
    setters = _state_setters(module)
    seen: set[int] = set()
    for function in module.functions:
        if function.kind == "constructor" or id(outermost(function) or function) in seen:
            continue
        taken = _taken_here(module, function, gates, starts)
        if taken is not None and "start" not in ways(module, function) and not _ends(function):
            seen.add(id(outermost(function) or function))
            yield Match(taken, f"This takes back what no plugin is started without, and {_HARM}")
            continue
        for call in calls_in(function.body, into_functions=False):
            why = _takes(module, call, gates) or _forbids(module, function, call, setters)
            if why and not _ends(function):
                seen.add(id(outermost(function) or function))
                yield Match(
                    call,
                    f"'{short(module.text_of(call))}' {why}, and {_HARM}",
                )
                break


def _gates(function: Function) -> Iterator[str]:
    """Yield the members that have to be true for a start: ``licensed`` of ``if not feed.licensed: raise``."""
    for step in steps(function):
        for condition in conditions(step.call):
            test = strip(condition.test)
            if condition.holds and isinstance(test, Member):
                yield test.name


def _taken_here(module: Module, function: Function, gates: set[str], starts: list[Function]) -> Node | None:
    """Return where a function itself takes back what a start asks for: a member, or an entry of a table."""
    for assign in find(function.body, Assign, into_functions=False):
        value = strip(assign.value) if assign.value is not None else None
        if isinstance(assign.target, Member) and assign.target.name in gates and _is_nothing(value):
            return assign
    for table in tables(module):
        gone = next((one.node for one in table.of("delete") if one.function is function), None)
        if gone is not None and any(_asks_for_entry(table, start) for start in starts):
            return gone
    return None


def _asks_for_entry(table: Table, start: Function) -> bool:
    """Tell whether a start needs an entry of a table that it does not make itself: ``if (!granted.has(id)) throw``."""
    if any(access.function is start for access in table.of("write")):
        return False
    tests = [one.test for step in steps(start) for one in conditions(step.call) if one.holds]
    return any(inside(access.node, test) for access in table.of("has") for test in tests)


def _takes(module: Module, call: Call, gates: set[str]) -> str:
    """Return what a call takes where a function of the subject sets a member that a start asks for to nothing."""
    target = definition(module, call.callee)
    if not isinstance(target, Function) or not gates:
        return ""
    for assign in find(target.body, Assign):
        value = strip(assign.value) if assign.value is not None else None
        if isinstance(assign.target, Member) and assign.target.name in gates and _is_nothing(value):
            return f"sets '{assign.target.name}' back, without which none is started"
    for text in find(target.body, Literal):
        said = text.value if isinstance(text.value, str) and "update" in text.value.lower()[:20] else ""
        for gate in sorted(gates) if said else ():
            if re.search(rf"\b{re.escape(gate)}\s{{0,3}}=\s{{0,3}}(?:0|false|null)\b", said, re.IGNORECASE):
                return f"sets '{gate}' back, without which none is started"
    return ""


def _is_nothing(value: Expr | None) -> bool:
    return isinstance(value, Literal) and (value.value is False or value.value is None or value.value == 0)


def _state_setters(module: Module) -> dict[str, set[str]]:
    """Return the functions that starts and ends tell a state with, each with what is said there: ``post(id, "up")``."""
    found: dict[str, dict[str, set[str]]] = {}
    for function in module.functions:
        for step in steps(function):
            for call in calls_in(function.body):
                if isinstance(definition(module, call.callee), Function) and (said := _said(call)):
                    found.setdefault(module.text_of(call.callee), {}).setdefault(step.way, set()).update(said)
    return {name: set().union(*by.values()) for name, by in found.items() if len(by) > 1}


def _said(call: Call) -> set[str]:
    """Return the constants that a call is handed: ``"up"``, ``{ kind: "up" }``."""
    given = [strip(arg) for arg in call.args]
    given += [strip(value) for arg in given if isinstance(arg, Object) for _key, value in arg.entries]
    return {one.value for one in given if isinstance(one, Literal) and isinstance(one.value, str)}


def _forbids(module: Module, function: Function, call: Call, setters: dict[str, set[str]]) -> str:
    """Return what a call does where it tells a state that no start and no end tells, and that forbids by its word."""
    known = setters.get(module.text_of(call.callee))
    said = _said(call) - known if known is not None and not _turned_down(call) else set()
    if any(not _FORBIDS.isdisjoint(words(one)) for one in said):
        return f"says '{min(said)}' of it"
    return ""


def _turned_down(call: Call) -> bool:
    """Tell whether it is one request of a plugin that is refused: the function throws right behind."""
    return any(isinstance(later, Throw) for later in after(call))


def _ends(function: Function) -> bool:
    """Tell whether a function, or one that calls it, ends plugins, or tells others what has happened."""
    around = [function, *(home for call in callers(function) if (home := outermost(call)) is not None)]
    outer = outermost(function)
    around += [outer] if outer is not None and outer.name == "" else []
    for one in around:
        if "stop" in ways(one.module, one):
            return True
        for call in calls_in(one.body):
            target = definition(one.module, call.callee)
            if isinstance(target, Function) and "stop" in ways(one.module, target):
                return True
            if not _TELLS.isdisjoint(words(call.name)):
                return True
    return False
