"""REG390: what one dependent chose is kept for the next one, whatever range that asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    ExprStatement,
    For,
    Function,
    If,
    Index,
    Member,
    Name,
    Return,
    Throw,
    Unary,
    While,
    strip,
)
from reviewer.code.text.ideas import DEPENDENCIES
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import said_in, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node, Statement
    from reviewer.experts.check import Inquiry

_RANGES: Final = word_set(
    "range ranges spec specs constraint constraints wanted requirement bounds specifier versionrange"
)
_NEEDS: Final = DEPENDENCIES | word_set("require imports")
_ASKS: Final = frozenset({"has", "get", "includes", "__contains__"})
_WRITES: Final = frozenset({"set", "add", "push", "append", "setdefault"})
_TAKES_OFF: Final = frozenset({"shift", "pop", "popleft", "get_nowait"})
_READABLE: Final = frozenset({"valid", "validate", "parse"})
"""Words of calls that only say whether a range can be read."""
_WORK: Final = word_set(
    "resolve resolver resolution visit plan solve choose pick select collect install add place walk expand"
)


@module_check("REG390", words=_RANGES)
def conflict_passed_over(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at resolvers for a turn that ends where a name is there already, with the range unread."""
    if module.is_test:
        return
    for body, names, around, loop in _turns(module):
        ranges = {name for name in names if set(words(name)) & _RANGES}
        if not ranges or not said_in(around.body) & _NEEDS or not set(words(around.name)) & _WORK:
            continue
        end = next((one for one in body if isinstance(one, If) and _is_there(module, one, body)), None)
        if end is None or names_in([end.test, *end.body]) & ranges:
            continue
        noted = _noted(body, end, ranges)
        if _read_before(body, end, ranges, noted) or _used_behind(around, loop, noted):
            continue
        listed = [made.target for one in noted if (made := _assigned(one)) is not None]
        ranges |= {target.id for target in listed if isinstance(target, Name)}
        if not _chooses(body, end, ranges):
            continue
        asked = min(ranges)
        yield Match(
            end,
            f"Where '{short(module.text_of(end.test))}' holds, '{asked}' is never looked at: the version that another "
            "dependent chose is kept although this one may not run with it.",
        )


def _turns(module: Module) -> Iterator[tuple[list[Statement], set[str], Function, Node]]:
    """Yield what runs for one dependency: (statements, the names it is given, the function and the turn around)."""
    for function in module.functions:
        yield function.body, {param.name for param in function.params}, function, function
        for turn in find(function.body, While, into_functions=False):
            names = {name for one in turn.body for name in _taken(one)}
            yield turn.body, names, function, turn
        for loop in find(function.body, For, into_functions=False):
            target = strip(loop.target) if loop.target is not None else None
            if isinstance(target, Array):
                yield loop.body, {one.id for one in target.items if isinstance(one, Name)}, function, loop


def _is_there(module: Module, end: If, body: Sequence[Statement]) -> bool:
    """Tell whether an ``if`` ends the turn where the name is among those that were chosen."""
    if not exits(end.body) or end.orelse or any(isinstance(one, Throw) for one in end.body):
        return False
    if any(isinstance(one, Return) and isinstance(one.value, Call) for one in end.body):
        return False
    asked = _asked(module, strip(end.test))
    if asked is None:
        return False
    table, key = asked
    text = module.text_of(table)
    entered = (
        call for call in find(list(body), Call) if call.name in _WRITES and call.receiver is not None and call.args
    )
    return any(
        module.text_of(call.receiver) == text and module.text_of(call.args[0]) == key
        for call in entered
        if call.receiver is not None
    ) or any(module.text_of(one.target) == f"{text}[{key}]" for one in find(list(body), Assign))


def _asked(module: Module, test: Expr) -> tuple[Expr, str] | None:
    """Return the table and the key of a test that a name is there: ``chosen.has(id)``, ``id in chosen``."""
    if isinstance(test, Unary) or (isinstance(test, Binary) and test.op in ("and", "or")):
        return None
    if isinstance(test, Binary) and test.op == "in":
        return strip(test.right), module.text_of(test.left)
    if isinstance(test, Binary) and test.op in ("!=", "is not"):
        return _asked(module, strip(test.left))
    if isinstance(test, Name):
        origin = module.scopes.origin(test)
        test = strip(origin) if isinstance(origin, Call) else test
    if isinstance(test, Call) and test.name in _ASKS and test.receiver is not None and test.args:
        return strip(test.receiver), module.text_of(test.args[0])
    return None


def _assigned(statement: Node) -> Assign | None:
    made = statement.value if isinstance(statement, ExprStatement) else None
    return made if isinstance(made, Assign) else None


def _taken(statement: Node) -> Iterator[str]:
    """Yield the names under which one thing is taken off a list of those that wait: ``[id, range] = queue.shift()``."""
    assign = _assigned(statement)
    if assign is None or assign.value is None:
        return
    target, value = strip(assign.target), strip(assign.value)
    part = strip(value.object) if isinstance(value, Index | Member) else value
    if isinstance(part, Call) and part.name in _TAKES_OFF:
        yield from (
            one.id for one in (target.items if isinstance(target, Array) else [target]) if isinstance(one, Name)
        )


def _noted(body: Sequence[Statement], end: If, ranges: set[str]) -> list[Node]:
    """Return what stands before the end of a turn and only puts the range on a list, or asks whether it is one."""
    found: list[Node] = []
    for one in body[: list(body).index(end)]:
        if not names_in(one) & ranges:
            continue
        made = _assigned(one)
        value = strip(made.value) if made is not None and made.value is not None else None
        refused = isinstance(one, If) and any(isinstance(last, Throw) for last in one.body[-1:])
        calls = calls_in(one.test) if isinstance(one, If) and refused else ()
        if isinstance(value, Array) or any(set(words(call.name)) & _READABLE for call in calls):
            found.append(one)
    return found


def _read_before(body: Sequence[Statement], end: If, ranges: set[str], noted: Sequence[Node]) -> bool:
    """Tell whether the range was looked at before the turn ends."""
    before: list[Node] = [one for one in body[: list(body).index(end)] if one not in noted and not any(_taken(one))]
    return bool(names_in(before) & ranges)


def _used_behind(around: Function, turn: Node, noted: Sequence[Node]) -> bool:
    """Tell whether somebody looks, behind the turns, at the list on which the ranges were put."""
    kept = {call.receiver.id for one in noted for call in calls_in(one) if isinstance(call.receiver, Name)}
    behind = [one for one in around.body if one.start > turn.start and not inside(turn, one)]
    return bool(kept & names_in(behind))


def _chooses(body: Sequence[Statement], end: If, ranges: set[str]) -> bool:
    """Tell whether the range decides afterwards which version is taken."""
    after: list[Node] = list(body[list(body).index(end) + 1 :])
    return bool(names_in(after) & ranges)
