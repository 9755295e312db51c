"""COM490: whoever says something is asked whether that one may, and whoever hears it is not."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.call_sites import call_sites
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Call,
    Expr,
    ExprStatement,
    Function,
    If,
    Index,
    Member,
    Name,
    Object,
    Return,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.ideas import DEMANDS, LISTENS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.emissions import is_handler_param, is_public
from reviewer.experts.communication.vocabulary import EVENTS, PERMISSION
from reviewer.experts.place import locate_bytes
from reviewer.experts.registry.nested import nested_calls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKS: Final = PERMISSION | DEMANDS | frozenset("ensure check assert verify permits entitles".split())
"""Words of a call that asks whether somebody may."""
_ADDS: Final = ("append", "add", "push", "set", "appendleft", "insert")
_LINES: Final = frozenset({"Queue", "LifoQueue", "PriorityQueue", "MessageChannel", "PassThrough", "create_queue"})
"""What is made for one who hears, and is handed back in place of calling a handler."""
_MOST_SITES: Final = 20


@module_check("COM490", words=_ASKS)
def hearing_unasked(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that takes a hearer in, beside one that asks before it says something."""
    if module.is_test:
        return
    for hears in module.functions:
        if hears.signature_only or not is_public(hears) or len(hears.params) < 1 or _asks_anything(hears):
            continue
        entered = _entered(module, hears)
        if entered is None:
            continue
        heard = _heard(module, entered, hears)
        says = next((one for one in _beside(module, hears) if heard and _asks_for(one, heard)), None)
        if says is None or _is_asked_before(module, hears):
            continue
        yield Match(
            locate_bytes(module, hears.raw.start_byte, entered.raw.end_byte),
            f"'{says.name}' asks whether somebody may before it says something, and '{hears.name}' takes in whoever "
            "wants to hear: every plugin hears what was meant for a few.",
            related=((says, "asks before it says something"),),
        )


def _beside(module: Module, function: Function) -> list[Function]:
    """Return the other functions of the same object, class or closure."""
    if isinstance(function.parent, Object):
        return [one for _key, value in function.parent.entries if isinstance(one := strip(value), Function)]
    if function.owner is not None:
        return list(function.owner.methods)
    return [one for one in module.functions if one.outer is function.outer and one.owner is None]


def _entered(module: Module, function: Function) -> Call | Assign | None:
    """Return where a function enters a hearer: a handler that it was handed, or a queue that it gives back."""
    handlers = {param.name for param in function.params if is_handler_param(param)}
    handlers |= _called_later(function) | _handed_to_emitter(function)
    for table in tables(module):
        for access in table.of("write"):
            if access.function is function and access.value is not None and _holds(module, access.value, handlers):
                return access.node if isinstance(access.node, Call | Assign) else None
        for call, around in nested_calls(module, table, *_ADDS):
            if around is function and any(_holds(module, given, handlers) for given in call.args):
                return call
    for assign in find(function.body, Assign):
        into = isinstance(assign.target, Index) and assign.op == "="
        if into and assign.value is not None and _holds(module, assign.value, handlers):
            return assign
    for call in calls_in(function.body, into_functions=False):
        if call.name in _ADDS and call.args and isinstance(held := strip(call.args[-1]), Name) and held.id in handlers:
            return call
        if call.name in LISTENS and len(call.args) > 1 and _holds(module, call.args[1], handlers):
            return call
    return None


def _handed_to_emitter(function: Function) -> set[str]:
    """Return the parameters of a function that it hands to an emitter as what is called: ``calls.on(name, hear)``."""
    named = {param.name for param in function.params if param.name}
    calls = [call for call in calls_in(function.body) if call.name in LISTENS and len(call.args) > 1]
    return {name for call in calls for name in named & names_in(call.args[1])}


def _called_later(function: Function) -> set[str]:
    """Return the parameters of a function that is by its name one to listen with, where it is told two things."""
    if function.name.lstrip("#_") not in LISTENS and not set(words(function.name)) & {"tune", "attend"}:
        return set()
    return {param.name for param in function.params[1:] if param.name and not set(words(param.name)) & EVENTS}


def _holds(module: Module, value: Expr, handlers: set[str]) -> bool:
    """Tell whether what is entered is a hearer, a record with one in it, or a queue that was made for one."""
    named = [module.scopes.origin(name) for name in find(value, Name, into_functions=False)]
    for one in (value, *named):
        if not isinstance(one, Expr):
            continue
        if names_in(one) & handlers:
            return True
        if isinstance(one, Call) and one.name in _LINES:
            return True
    return False


def _heard(module: Module, entered: Call | Assign, function: Function) -> str:
    """Return the parameter that says what is to be heard: what the hearer is entered under."""
    around = names_in(entered) if not isinstance(entered, Assign) else names_in(entered.target) | names_in(entered)
    reached = set(around)
    for name in find(entered, Name):
        for bound in module.scopes.lookup(name.id, name):
            if isinstance(bound, Assign) and bound.value is not None:
                reached |= names_in(bound.value)
    handed = _handed_to_emitter(function)
    named = [p.name for p in function.params if p.name in reached - handed and not is_handler_param(p)]
    return next((name for name in named if set(words(name)) & EVENTS), named[-1] if named else "")


def _asks_for(function: Function, heard: str) -> bool:
    """Tell whether a function refuses whoever may not, for what is heard elsewhere, and takes nobody in itself."""
    if function.signature_only or any(map(is_handler_param, function.params)) or _answers(function):
        return False
    told = {param.name for param in function.params} | {name for param in function.params for name in param.fields}
    if not told:
        return False
    for test in find(function.body, If, into_functions=False):
        if exits(test.body) and any(_is_question(call, told) for call in calls_in(test.test)):
            return heard in told or _is_named_alike(function, heard)
    for statement in find(function.body, ExprStatement, into_functions=False):
        asked = strip(statement.value)
        if not isinstance(asked, Call) or not set(words(asked.name)) & (DEMANDS | {"ensure", "check", "assert"}):
            continue
        if names_in(asked.args) & told and (heard in told or _is_named_alike(function, heard)):
            return True
    return False


def _answers(function: Function) -> bool:
    """Tell whether a function gives back what somebody answers: it runs a command, and tells nobody anything."""
    return any(
        one.value is not None and any(isinstance(strip(made), Call) for made in (one.value, _made(function, one.value)))
        for one in find(function.body, Return, into_functions=False)
    )


def _made(function: Function, value: Expr) -> Expr:
    made = function.module.scopes.origin(strip(value))
    return made if isinstance(made, Expr) else value


def _is_named_alike(function: Function, heard: str) -> bool:
    """Tell whether a function is told something that is called as what is heard: ``event.topic`` for ``topic``."""
    return any(member.name == heard for member in find(function.body, Member, into_functions=False))


def _is_question(call: Call, told: set[str]) -> bool:
    return bool(set(words(call.name)) & _ASKS) and bool(names_in(call.args) & told)


def _asks_anything(function: Function, depth: int = 0) -> bool:
    """Tell whether a function, or one that it calls, asks whether somebody may."""
    if function.decorators and any(set(words(n.id)) & _ASKS for d in function.decorators for n in find(d, Name)):
        return True
    for call in calls_in(function.body):
        if set(words(call.name)) & _ASKS:
            return True
        target = definition(function.module, call.callee) if depth < 2 else None
        if isinstance(target, Function) and target is not function and _asks_anything(target, depth + 1):
            return True
    return False


def _is_asked_before(module: Module, function: Function) -> bool:
    """Tell whether one who calls a function in the subject asks first."""
    sites = call_sites(module, function)
    return sites is None or any(
        isinstance(call.function, Function) and call.function is not function and _asks_anything(call.function, 1)
        for _module, call in islice(sites, _MOST_SITES)
    )
