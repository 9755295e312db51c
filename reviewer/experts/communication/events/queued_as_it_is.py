"""COM005: what waited in line for the handlers is the sender's own object, and one for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Await, Call, Expr, For, Function, Name, Object, Param, Yield, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.event_tables import is_event, is_told_one_by_one
from reviewer.experts.communication.events.payload_shared import (
    ANYTHING,
    COPIES,
    OPEN,
    PAYLOADS,
    TAKES,
    is_changeable,
    is_copied,
)
from reviewer.experts.communication.invocations import invocations
from reviewer.experts.communication.isolation import isolated
from reviewer.experts.communication.vocabulary import TRIGGERS, spoken
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.communication.invocations import Invocation

_AT_ONCE: Final = frozenset({"create_task", "ensure_future", "start_soon", "gather", "all", "allSettled", "submit"})
_PUTS: Final = frozenset({"append", "push", "put", "put_nowait", "enqueue"})


@module_check("COM005", words=TRIGGERS)
def queued_as_it_is(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop over handlers that hands on what it took out of a line for what was put in there."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    seen: set[int] = set()
    for found in invocations(inquiry, module):
        if found.loop is None or not (is_event(found) or is_told_one_by_one(found)) or not _apart(found):
            continue
        if is_copied(module, found):
            continue
        for given in (given for line in _lines(module, found) for given in _put(module, line)):
            if id(given) not in seen:
                seen.add(id(given))
                yield Match(
                    given,
                    f"Every handler gets the sender's own '{given.id}': what one of them writes into it, or the sender "
                    "later on, the others read.",
                    related=((found.inner or found.call, "handed on here"),),
                    confidence=Confidence.LIKELY,
                )


def _apart(found: Invocation) -> bool:
    """Tell whether handlers run side by side, or each is kept from the errors of others: none is a step of a way."""
    return isolated(found) or any(
        isinstance(around, Call) and around.name in _AT_ONCE for around in ancestors(found.inner or found.call)
    )


def _lines(module: Module, found: Invocation) -> Iterator[str]:
    """Yield the names of the lines that what a handler gets was taken out of."""
    for argument in found.call.args:
        held, function = strip(argument), found.function
        if not isinstance(held, Name) or function is None:
            continue
        # while ((cue = line.shift())) sets what was declared before
        for bound in (*module.scopes.lookup(held.id, held), *find(function.body, Assign, into_functions=False)):
            if isinstance(bound, For):
                yield from _given_by(module, bound)
                continue
            if not isinstance(bound, Assign) or not isinstance(bound.target, Name) or bound.target.id != held.id:
                continue
            yield from _taken_from(bound.value)


def _given_by(module: Module, loop: For) -> Iterator[str]:
    """Yield the names of the lines from which a generator of the subject takes what a loop goes over."""
    made = strip(loop.iterable) if loop.iterable is not None else None
    if isinstance(made, Call) and made.name == "splice" and made.receiver is not None:
        yield last_name(made.receiver)  # for (const one of line.splice(0))
    generator = definition(module, made.callee) if isinstance(made, Call) else None
    if isinstance(generator, Function):
        for one in find(generator.body, Yield, into_functions=False):
            yield from _taken_from(module.scopes.origin(one.value) if one.value is not None else None)


def _taken_from(value: object) -> Iterator[str]:
    """Yield the name of the line that a value was taken out of."""
    taken = strip(value) if isinstance(value, Expr) else None
    if isinstance(taken, Await):
        taken = strip(taken.value)
    if isinstance(taken, Call) and taken.name in TAKES and len(taken.args) <= 1 and taken.receiver is not None:
        yield last_name(taken.receiver)


def _put(module: Module, line: str) -> Iterator[Name]:
    """Yield what functions put in line as they were given it, in a record of their own."""
    for put in module.calls(_PUTS):
        function = function_of(put)
        if (
            function is None
            or not put.args
            or last_name(put.receiver) != line
            or spoken(function) & COPIES - {"freeze"}
        ):
            continue
        made = module.scopes.origin(strip(put.args[0]))
        for value in _members(made if isinstance(made, Expr) else strip(put.args[0])):
            held = strip(value)
            if isinstance(held, Name) and _is_open(module, held):
                yield held


def _members(made: Expr) -> Iterator[Expr]:
    """Yield what a record that is made here holds: an object, a ``dict``, an instance."""
    if isinstance(made, Object):
        yield from (value for key, value in made.entries if key is not None)
    elif isinstance(made, Call) and made.name in ("assign", "freeze") and made.args:
        yield from _members(strip(made.args[0]))
    elif isinstance(made, Call) and (made.new or made.name == "dict" or made.name[:1].isupper()):
        yield from (*made.args, *made.keywords.values())


def _is_open(module: Module, held: Name) -> bool:
    """Tell whether a name is what a function was given by somebody, and an object that can be written into."""
    bound = module.scopes.lookup(held.id, held)
    param = bound[0] if len(bound) == 1 else None
    if not isinstance(param, Param) or not isinstance(param.parent, Function) or param.rest:
        return False
    declared = param.type.strip().strip("'\"")
    empty = strip(param.default) if param.default is not None else None
    may_be_open = declared.startswith((*ANYTHING, *OPEN)) if declared else _says_body(held.id) or _is_empty(empty)
    return may_be_open and is_changeable(module, param, held)


def _says_body(name: str) -> bool:
    said = set(words(name))
    return bool((said | {word.removesuffix("s") for word in said}) & PAYLOADS)


def _is_empty(default: Expr | None) -> bool:
    return isinstance(default, Object) and not default.entries
