"""LIF184: something is opened for what is started next, and stays open when that start fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Call,
    Function,
    Index,
    Member,
    Name,
    Node,
    Object,
    Return,
    Try,
    With,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in
from reviewer.experts.check import Inquiry, Match, module_check

if TYPE_CHECKING:
    from reviewer.code.module import Module

_OPENS: Final = frozenset("open connect acquire attach lease create claim dial spawn launch listen bind mount".split())
_CLOSES: Final = frozenset("close end release disconnect destroy dispose aclose shutdown detach hang_up".split())
_STARTS: Final = frozenset("begin start open init setup boot attach activate connect mount load launch run".split())


@module_check("LIF184", words=_OPENS)
def opened_for_a_start(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each thing that is opened, given to a start and handed on, for what happens when the start fails."""
    if module.is_test:
        return
    for made in module.all(Assign):
        function = function_of(made)
        if function is None or not isinstance(made.target, Name) or not _is_opened(made):
            continue
        name = made.target.id
        closes = [call for call in module.calls(_CLOSES) if _closed(call) == name]
        if not closes or any(function_of(call) is function or _inside(call, function) for call in closes):
            continue
        risk = _start(function, made, name)
        if risk is None or not _handed_on(function, risk, name):
            continue
        yield Match(
            risk,
            f"When this start fails, '{name}' stays open: it was opened for it above, nobody holds it yet, and nothing "
            "here closes it.",
            related=((made, "opened here"), (closes[0], "closed here, where all went well")),
        )


def _is_opened(made: Assign) -> bool:
    """Tell whether a variable is given what a call opens."""
    value = strip(made.value) if made.value is not None else None
    value = strip(value.value) if isinstance(value, Await) else value
    return isinstance(value, Call) and bool(set(words(value.name)) & _OPENS)


def _closed(call: Call) -> str:
    """Return the name of what a call closes: ``port`` of ``port.close()`` and of ``entry.port.close()``."""
    held = strip(call.receiver) if call.receiver is not None else None
    if isinstance(held, Member):
        return held.name
    return held.id if isinstance(held, Name) else ""


def _inside(call: Call, function: Function) -> bool:
    return any(around is function for around in ancestors(call))


def _start(function: Function, made: Assign, name: str) -> Node | None:
    """Return the call by which something is started with what was opened, where nothing catches its failure."""
    for call in calls_in(function.body, into_functions=False):
        if call.start < made.stop or call.receiver is None or not words(call.name):
            continue
        given = names_in([*call.args, *call.keywords.values()])
        if name not in given or words(call.name)[0] not in _STARTS:
            continue
        if guarding_try(call) is not None or _has_end(call):
            return None
        wait = next((around for around in ancestors(call) if isinstance(around, Await)), None)
        return wait or call
    return None


def _has_end(call: Call) -> bool:
    """Tell whether something runs however a call ends: a ``finally``, or a ``with`` around it."""
    return any(isinstance(one, With) or (isinstance(one, Try) and one.final) for one in ancestors(call))


def _handed_on(function: Function, risk: Node, name: str) -> bool:
    """Tell whether a thing leaves the function only behind a place: returned, or put where an end may find it."""
    found = False
    for use in find(function.body, Name, into_functions=False):
        if use.id != name:
            continue
        around = use.parent
        while isinstance(around, Node) and isinstance(around, Array | Object):
            around = around.parent
        stored = isinstance(around, Return) or (
            isinstance(around, Assign) and around.target is not use and isinstance(around.target, Member | Index)
        )
        stored = stored or (isinstance(around, Call) and around.name in ("set", "push", "append", "add"))
        if stored and use.start < risk.start:
            return False
        found = found or stored
    return found
