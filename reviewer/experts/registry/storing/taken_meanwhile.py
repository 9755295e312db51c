"""REG063: a key is free when it is asked for, and taken after the wait, when it is entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, exits
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    ExprStatement,
    Function,
    If,
    Index,
    Name,
    Node,
    Return,
    Throw,
    With,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, behind, class_of, find, function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.hooks.hooks import hooks_of
from reviewer.experts.paths import said_in, surroundings
from reviewer.experts.registry.taken_beside import shows_free
from reviewer.experts.registry.vocabulary import PASSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_IN_TURN: Final = frozenset(
    "lock locked locks mutex exclusive serial serialize queue queued semaphore transaction acquire inflight "
    "pending reserve reserved busy installing loading starting chain atomic turn turns".split()
)
"""Words of code that lets one in at a time."""
_LOCKS: Final = frozenset("lock mutex semaphore exclusive serialize".split())
"""Those of them that say so for all of a class."""


@module_check("REG063", words={"has", "in", "get", "async"})
def taken_meanwhile(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find a look, a wait and a write under one key, in this order."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind != "map":
            continue
        passing = bool(set(words(table.name)) & PASSING)
        for access in table.of("write"):
            function = access.function
            if function is None or not function.asynchronous or access.key is None:
                continue
            look = _look(module, table, access, function)
            if (
                look is None
                or _keeps_answer(module, access, look)
                or (passing and not any(isinstance(part, Throw) for part in look.body))
            ):
                continue
            if not _waits_between(look, access.node, function) or _in_turn(function, access.node):
                continue
            if _waited_one_by_one(table, function):
                continue
            if _marked(module, table, access, look):
                continue
            yield Match(
                look.test,
                f"'{short(module.text_of(look.test))}' is asked before a wait, and '{table.name}' is written after "
                f"it: two calls of '{function.name}' both find the key free, and the second replaces the first.",
                related=((access.node, "written here"),),
                # Where it is a plugin that is started meanwhile, a host may well see to it that it starts each once.
                confidence=Confidence.POSSIBLE if _starts(module, function) else None,
            )


def _keeps_answer(module: Module, access: Access, look: If) -> bool:
    """Tell whether an answer that was worked out is kept for the next who asks: both would keep the same."""
    answers = any(isinstance(part, Return) and part.value is not None for part in look.body)
    value = access.value
    made = module.scopes.origin(value) if isinstance(value, Name) else None
    if not answers or not isinstance(made, Call) or not isinstance(value, Name):
        return False
    returned = [one.value for one in find(access.function.body, Return)] if access.function is not None else []
    return any(isinstance(one, Name) and one.id == value.id for one in returned) and any(
        isinstance(one, Index) and access.key is not None and module.text_of(one.key) == module.text_of(access.key)
        for part in returned
        if part is not None
        for one in find(part, Index)
    )


def _starts(module: Module, function: Function) -> bool:
    return any(use.kind == "start" and use.frame is function for use in hooks_of(module))


def _look(module: Module, table: Table, write: Access, function: Function) -> If | None:
    """Return the ``if`` that refuses a taken key before a write."""
    key = module.text_of(write.key) if write.key is not None else ""
    looks = [access for access in table.of("has", "read") if _same(module, access, key)]
    asked = {id(access.node) for access in looks if access.how == "has"}
    known = conditions(write.node)
    if _asked_again(function, [access.node for access in looks], write.node):
        return None
    for node in find(function.body, If, into_functions=False):
        if node.raw.start_byte >= write.node.raw.start_byte or not exits(node.body):
            continue
        if not any(isinstance(part, Throw) for part in node.body) and not _answers_taken(node):
            continue
        if any(id(part) in asked and not _negated(part) for part in walk(node.test, into_functions=False)):
            return node if any(c.test is node.test for c in known) else None
        if not any(isinstance(part, Throw) for part in node.body):
            continue
        if any(c.test is node.test and shows_free(module, c, look) for c in known for look in looks):
            return node
    return None


def _marked(module: Module, table: Table, write: Access, look: If) -> bool:
    """Tell whether the key is put into the table, or another that is asked as well, before the next wait."""
    function = write.function
    waits = find(function.body, Await, into_functions=False) if function is not None else ()
    wait = next((one for one in waits if one.start > look.start), None)
    key = module.text_of(write.key) if write.key is not None else ""
    for other in tables(module) if wait is not None else ():
        mine = [one for one in other.accesses if one.function is function and _same(module, one, key)]
        put = any(one.how == "write" and wait is not None and one.node.start < wait.start for one in mine)
        if put and (other is table or any(one.how == "has" for one in mine)):
            return True
    return False


def _asked_again(function: Function, looks: list[Node], write: Node) -> bool:
    """Tell whether the key is looked at once more after the last wait before it is written."""
    start = write.raw.start_byte
    waits = [
        wait.raw.end_byte for wait in find(function.body, Await, into_functions=False) if wait.raw.end_byte <= start
    ]
    return bool(waits) and any(max(waits) <= look.raw.start_byte < start for look in looks)


def _same(module: Module, access: Access, key: str) -> bool:
    return access.key is not None and module.text_of(access.key) == key


def _answers_taken(node: If) -> bool:
    """Tell whether the branch gives a plain no, and not the entry that is there."""
    last = node.body[-1]
    return isinstance(last, Return) and (last.value is None or not any(True for _ in find(last.value, Call)))


def _negated(part: Node) -> bool:
    return isinstance(part, Binary) and part.op == "not in"


def _waits_between(look: If, write: Node, function: Function) -> bool:
    waits = [
        wait
        for wait in find(function.body, Await, into_functions=False)
        if behind(wait, look) and wait.raw.start_byte < write.raw.start_byte
    ]
    waits += [
        node  # type: ignore[misc]  # `async with` waits, too
        for node in find(function.body, With, into_functions=False)
        if node.asynchronous and behind(node, look) and node.raw.start_byte < write.raw.start_byte
    ]
    return bool(waits)


def _called_in_turn(function: Function) -> bool:
    """Tell whether all that call a function let one in at a time, or hand the call to something that does."""
    module = function.module
    calls = [call for call in module.calls((function.name,)) if definition(module, call.callee) is function]
    if not calls and module.project is not None:
        others = module.project.modules(naming={function.name}, tests=False, using=module.path)
        named = ((other, call) for other in others for call in other.calls((function.name,)))
        calls = [call for other, call in named if definition(other, call.callee) in (function, None)]
    return bool(calls) and all(
        any(isinstance(around, Call) and said_in(around.callee) & _IN_TURN for around in ancestors(call))
        or (function_of(call) is not function and said_in(function_of(call) or call) & _IN_TURN)
        for call in calls
    )


def _waited_one_by_one(table: Table, function: Function) -> bool:
    """Tell whether a table lives for one call, in which each use of a function is waited for before the next."""
    if table.scope is None or not function.name:
        return False
    calls = [call for call in function.module.calls((function.name,)) if definition(function.module, call.callee)]
    return bool(calls) and all(
        isinstance(call.parent, Await)
        and isinstance(call.parent.parent, ExprStatement | Assign)
        and function_of(call) in (function, table.scope)
        for call in calls
    )


def _in_turn(function: Function, write: Node) -> bool:
    """Tell whether only one call at a time comes here, or the key is taken in another way meanwhile."""
    around = surroundings(function) - {"serial"}  # a serial port lets nobody wait
    if said_in(function.body) & _IN_TURN or around & _IN_TURN or _called_in_turn(function):
        return True
    outermost: Node = class_of(function) or function
    while isinstance(outermost, Function) and outermost.outer is not None:
        outermost = outermost.outer
    if said_in(outermost) & _LOCKS:
        return True
    return any(isinstance(block, With) and block.asynchronous for block in ancestors(write))
