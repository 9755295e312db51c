"""COM003: what comes in while nothing is delivered is put by, however much that is, and told later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.links import callee
from reviewer.code.syntax import Array, Call, Expr, For, Function, If, Name, Object, While, strip
from reviewer.code.tables import tables
from reviewer.code.walk import calls_in, find, function_of, inside, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.lengths import has_length, is_measured, is_of, made_as_line
from reviewer.experts.communication.queues.kept_otherwise import counted_beside
from reviewer.experts.communication.queues.unbounded_line import WAITS
from reviewer.experts.communication.queues.unbounded_queue import PUTS, is_handler, keeps_messages
from reviewer.experts.paths import name_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_DRAINS: Final = frozenset({"splice", "shift", "popleft", "pop"})


@module_check("COM003", words=PUTS)
def held_back(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each list into which a function puts what it else hands on at once, and from which that is told later."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind != "list" or keeps_messages(module, table) or has_length(table) or is_measured(module, table):
            continue
        for put in table.of("write"):
            later = _told_later(module, table, put)
            if later is None or counted_beside(module, _calls(table)):
                continue
            yield Match(
                made_as_line(table) or put.node,
                f"While nothing is delivered, everything that comes in is kept in '{table.name}', and nothing limits "
                "its length: whoever goes on sending fills the memory.",
                related=((later, "told here later"),),
                confidence=Confidence.POSSIBLE if inquiry.subject.kind == "plugin" else None,
            )
            break


def _calls(table: Table) -> Iterator[Call]:
    """Yield the calls that put something into a list."""
    yield from (one.node for one in table.of("write") if isinstance(one.node, Call))


def _told_later(module: Module, table: Table, put: Access) -> Node | None:
    """Return the loop in which what was put by is handed to the function that else gets it at once."""
    node, function = put.node, put.function
    if not isinstance(node, Call) or node.name not in PUTS or len(node.args) != 1 or function is None:
        return None
    branch = next((one for one in find(function.body, If) if any(inside(node, part) for part in one.body)), None)
    if branch is None or not (exits(branch.body) or branch.orelse) or is_handler(node):
        return None
    given = _params_in(module, node, function)
    if not given or WAITS & set(name_words(node.args[0])):
        return None
    ways = {id(target) for call in calls_in(function.body) if (target := _handed(module, call, given, branch))}
    ways.add(id(function))
    return next((loop for loop in _loops_over(module, table, function) if _runs(module, loop, ways)), None)


def _loops_over(module: Module, table: Table, putting: Function) -> Iterator[For | While]:
    """Yield the loops of other functions that go through what was put by, or take out of it one by one."""
    for loop in module.all(For):
        made = module.scopes.origin(loop.iterable) if loop.iterable is not None else None
        drawn = [one for whole in (loop.iterable, made) if isinstance(whole, Expr) for one in find(whole, Expr)]
        if any(is_of(one, table) for one in drawn) and function_of(loop) is not putting:
            yield loop
    for turn in module.all(While):
        drained = (call.receiver for call in calls_in(turn.body) if call.name in _DRAINS)
        if any(is_of(strip(one), table) for one in drained if one is not None) and function_of(turn) is not putting:
            yield turn


def _runs(module: Module, loop: For | While, ways: set[int]) -> bool:
    return any(id(callee(module, call)) in ways for call in calls_in(loop.body))


def _params_in(module: Module, put: Call, function: Function) -> set[str]:
    """Return the parameters that are put in: one of them, or a record of several."""
    value = strip(put.args[0])
    made = module.scopes.origin(value)
    named = names_in(made) if isinstance(made, Object | Array | Call) else set()
    named |= {value.id} if isinstance(value, Name) else set()
    return {param.name for param in function.params} & named


def _handed(module: Module, call: Call, given: set[str], branch: If) -> Function | None:
    """Return the function that gets what came in where it is not put by."""
    told = {name for arg in call.args for name in names_in(arg)}
    target = callee(module, call) if given & told else None
    return target if target is not None and not any(inside(call, one) for one in branch.body) else None
