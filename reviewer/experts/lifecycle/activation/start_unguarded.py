"""LIF043: two starts of one plugin at the same time both pass the check and both start it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before, exits
from reviewer.code.form.standing_for import hand_over
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Statement,
    Throw,
    Unary,
    is_nothing,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.walk import ancestors, find, inside, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import callers, functions_of, home, outermost, with_helpers
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hook_uses
from reviewer.experts.lifecycle.turns.taking_turns import called_guarded, lines_up, locked
from reviewer.experts.place import locate_bytes

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table
    from reviewer.core.location import Location

_ASKS: Final = frozenset({"some", "find", "any", "findIndex"})


@module_check("LIF043", words=HOOK_WORDS)
def start_unguarded(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where the table is asked, then something is awaited, and only then the table is written."""
    if module.is_test:
        return
    wakes = {id(f) for use in hook_uses(inquiry, module) if use.kind == "start" for f in [outermost(use.site)] if f}
    for table in tables(module):
        for check in table.of("has", "read", "iterate"):
            if check.how == "iterate" and not (isinstance(check.node, Call) and check.node.name in _ASKS):
                continue
            function = check.function
            if function is None or not function.asynchronous:
                continue
            room = None if _turns_away(check) else _room(check)
            if room is None and not _turns_away(check):
                continue
            if not any(id(f) in wakes for f in with_helpers(function, 1)):
                continue
            gap = _gap(table, check, function)
            if room is not None and gap is not None and not inside(gap[1].node, room):
                continue
            if gap is not None and _keeps_an_answer(inquiry, module, gap[1], wakes):
                continue
            if gap is not None and not locked(check.node, function) and not called_guarded(function):
                yield Match(
                    _place(module, check, gap),
                    f"Between this look at '{table.name}' and the entry in line {gap[1].node.line} something is "
                    f"awaited (line {gap[0].line}): two calls for one plugin both pass, and it is started twice.",
                    related=((gap[1].node, "entered here"),),
                    confidence=Confidence.POSSIBLE if _refuses(check) else None,
                )
                break


def _keeps_an_answer(inquiry: Inquiry, module: Module, write: Access, wakes: set[int]) -> bool:
    """Tell whether a table keeps what one that runs already has answered: ``drawn = await widget.draw()``."""
    made = module.scopes.origin(write.value) if isinstance(write.value, Name) else write.value
    call = strip(made.value) if isinstance(made, Await) else made
    callee = strip(call.callee) if isinstance(call, Call) else None
    while isinstance(call, Call) and not isinstance(callee, Member):  # limited("draw", widget.draw())
        call = next((one for arg in call.args if isinstance(one := strip(arg), Call)), None)
        callee = strip(call.callee) if call is not None else None
    held = strip(callee.object) if isinstance(callee, Member) else None
    came = module.scopes.origin(held) if isinstance(held, Name) else None
    came = strip(came.value) if isinstance(came, Await) else came
    runs = definition(module, came.callee) if isinstance(came, Call) else None
    woken = any(use.site is call or use.call is call for use in hook_uses(inquiry, module))
    return isinstance(runs, Function) and id(runs) in wakes and not woken


def _place(module: Module, check: Access, gap: tuple[Await, Access]) -> Node | Location:
    """Return all that lies between the look at the table and the entry, or the wait for who makes the entry.

    Where the host has a line in which others wait, it is the one call that goes past it.
    """
    aside = _past_the_line(check.function) if check.function is not None else None
    if aside is not None:
        return aside
    last = gap[1].node if gap[1].function is check.function else gap[0]
    return locate_bytes(module, check.node.raw.start_byte, last.raw.end_byte)


def _past_the_line(function: Function) -> Node | Location | None:
    """Return the only call of a private function, where others of its class hand their work to one that lines it up."""
    if not any(True for line in functions_of(home(function)) if lines_up(line) for _ in callers(line)):
        return None
    handed = hand_over(function.module, function)
    if handed is not None:
        return locate_bytes(function.module, handed.start_byte, handed.end_byte)
    found = list(callers(function))
    own = function.private or function.name.startswith(("_", "#"))
    return found[0] if own and len(found) == 1 else None


def _turns_away(check: Access) -> bool:
    """Tell whether a look at the table ends the function when the plugin is there."""
    if isinstance(check.node, Binary) and check.node.op == "not in":
        return False
    for around in ancestors(check.node):
        if isinstance(around, If) and inside(check.node, around.test):
            return exits(around.body) and "not" not in _ops(around.test, check.node)
        if isinstance(around, Assign) and isinstance(around.target, Name):
            return _tested_later(around, around.target.id)
        if isinstance(around, Statement):
            return False
    return False


def _refuses(check: Access) -> bool:
    """Tell whether a second start is an error: whoever guards so counts on callers that make only one."""
    around = next((one for one in ancestors(check.node) if isinstance(one, If)), None)
    return around is not None and inside(check.node, around.test) and isinstance(around.body[-1], Throw)


def _room(check: Access) -> If | None:
    """Return the branch that is taken where the plugin is not there: ``if name not in self.running: …``."""
    for around in ancestors(check.node):
        if isinstance(around, If) and inside(check.node, around.test):
            test = strip(around.test)
            absent = test is check.node and isinstance(test, Binary) and test.op == "not in"
            negated = isinstance(test, Unary) and test.op == "not" and strip(test.operand) is check.node
            return around if absent or negated else None
        if isinstance(around, Assign) and isinstance(around.target, Name):
            return _branch_later(around, around.target.id)
        if isinstance(around, Statement):
            return None
    return None


def _branch_later(assign: Assign, name: str) -> If | None:
    """Return the branch behind ``found = table.get(key)`` that is taken where nothing was found."""
    for statement in getattr(assign.parent.parent, "body", []) if assign.parent is not None else []:
        if isinstance(statement, If) and statement.start > assign.start:
            test = strip(statement.test)
            left = test
            if isinstance(test, Unary) and test.op == "not":
                left = strip(test.operand)
            elif isinstance(test, Binary) and test.op == "==" and is_nothing(test.right):
                left = strip(test.left)
            return statement if left is not test and isinstance(left, Name) and left.id == name else None
    return None


def _ops(test: Node, at: Node) -> set[str]:
    found = set()
    for around in [test, *ancestors(at)]:
        if isinstance(around, Unary):
            found.add(getattr(around, "op", ""))
        if around is test and around is not at and found:
            break
        if isinstance(around, Statement):
            break
    return found


def _tested_later(assign: Assign, name: str) -> bool:
    parent = assign.parent.parent if assign.parent is not None else None
    body = getattr(parent, "body", [])
    for statement in body:
        if isinstance(statement, If) and exits(statement.body) and statement.raw.start_byte > assign.raw.end_byte:
            test = strip(statement.test)
            if isinstance(test, Binary) and test.op == "!=" and isinstance(strip(test.right), Literal):
                test = strip(test.left)  # `!== undefined`, `is not None`
            return isinstance(test, Name) and test.id == name
    return False


def _gap(table: Table, check: Access, function: Function) -> tuple[Await, Access] | None:
    """Return the await and the write behind it, where no write of any table under way stands before the await."""
    writes = [
        access
        for access in table.of("write")
        if access.function is function
        and access.node.raw.start_byte > check.node.raw.end_byte
        and _same_key(function.module, access, check)
    ]
    if not writes:
        return _gap_in_helper(table, check, function)
    write = writes[0]
    waits = [
        node
        for node in walk(function.body, into_functions=False)
        if isinstance(node, Await)
        and check.node.raw.end_byte < node.raw.start_byte
        and node.raw.end_byte <= write.node.raw.end_byte
    ]
    waits = [node for node in waits if any(n is node for n in before(write.node)) or inside(node, write.node)]
    if not waits or _noted(function, check, waits[0]) or _asked_again(table, check, waits[-1], write):
        return None
    return (waits[0], write)


def _asked_again(table: Table, check: Access, wait: Await, write: Access) -> bool:
    """Tell whether the function looks a second time when its last wait is over, and leaves where one is there."""
    return any(
        one is not check
        and one.function is check.function
        and wait.raw.end_byte <= one.node.raw.start_byte < write.node.raw.start_byte
        and _turns_away(one)
        for one in table.of("has", "read")
    )


def _gap_in_helper(table: Table, check: Access, function: Function) -> tuple[Await, Access] | None:
    """Return the wait for another function of the host that makes the entry: ``await this.start(id)``."""
    for wait in find(function.body, Await, into_functions=False):
        call = strip(wait.value)
        if wait.raw.start_byte < check.node.raw.end_byte or not isinstance(call, Call):
            continue
        helper = definition(function.module, call.callee)
        write = next((access for access in table.of("write") if access.function is helper), None)
        if (
            write is None
            or not isinstance(helper, Function)
            or not helper.asynchronous
            or _noted(function, check, wait)
        ):
            continue
        waits = any(inner.start < write.node.start for inner in find(helper.body, Await, into_functions=False))
        asked = any(access.function is helper for access in table.of("has", "read"))
        return (wait, write) if waits and not asked and not locked(write.node, helper) else None
    return None


def _same_key(module: Module, write: Access, check: Access) -> bool:
    """Tell whether two accesses may be about one entry: keys that are spelled differently by name are not."""
    if not isinstance(write.key, Name | Member) or not isinstance(check.key, Name | Member):
        return True
    return module.text_of(write.key) == module.text_of(check.key)


def _noted(function: Function, check: Access, wait: Await) -> bool:
    """Tell whether anything is noted down before the first await: a table, a state, a promise."""
    for node in walk(function.body, into_functions=False):
        if node.raw.start_byte >= wait.raw.start_byte:
            break
        if isinstance(node, Call) and node.name in ("add", "set", "setdefault") and node.receiver is not None:
            return True
        if isinstance(node, Assign) and not isinstance(strip(node.target), Name):
            return True
    return False
