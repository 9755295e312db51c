"""LIF023, second part: a loop that waits until every dependency is placed, and turns for ever when one never is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.branches import ways
from reviewer.code.flow import conditions
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Comprehension,
    Delete,
    For,
    Function,
    If,
    Index,
    Jump,
    Member,
    Name,
    Return,
    Throw,
    While,
    strip,
)
from reviewer.code.walk import find, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.carried import names_others
from reviewer.experts.lifecycle.bringing.dependencies import speaks_of_dependencies
from reviewer.experts.lifecycle.order.placed import asks_for_placed

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node, Statement

_TAKES: Final = frozenset({"delete", "remove", "discard", "pop", "splice"})
_MOVES: Final = _TAKES | {"add", "update", "difference_update", "extend", "push", "append"}
"""Methods by which a collection that a loop tests comes nearer to its end."""
_NEXT: Final = frozenset({"shift", "pop", "popleft"})
_BACK: Final = frozenset({"push", "append", "unshift", "appendleft", "insert"})


@module_check("LIF023", words={"while"})
def dependency_wait_endless(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at ``while pending`` that only takes out what is ready, with no way out when nothing is."""
    if module.is_test or "while" not in module.identifiers:
        return
    for loop in module.all(While):
        if _waits_for_all(module, loop) and not _notices(module, loop):
            yield Match(
                loop,
                "The loop turns until every plugin is placed, and places only those whose dependencies are: with "
                "a cycle, or one that is missing, it never ends.",
            )


def _waits_for_all(module: Module, loop: While) -> bool:
    """Tell whether the loop empties what it tests, and takes out only what a look at the dependencies lets go."""
    waiting = _named(loop.test)
    for turn in walk(loop.body, into_functions=False):
        if not isinstance(turn, For):
            continue
        for test in walk(turn.body, into_functions=False):
            if not isinstance(test, If) or not (_asks(module, test.test) or asks_for_placed(loop, test.test)):
                continue
            holds, fails = ways(test)
            if _taken_out([*holds, *fails], waiting):
                return True
    return _puts_back(module, loop, waiting) or _goes_by_levels(module, loop, waiting)


def _goes_by_levels(module: Module, loop: While, waiting: set[str]) -> bool:
    """Tell whether each turn first gathers all that are ready, and gets on by no more than these."""
    for ready in find(loop.body, Assign):
        if not isinstance(ready.target, Name) or ready.value is None or not _chosen_by(module, loop, ready.value):
            continue
        if any(_gets_on(turn, ready.target.id, waiting) for turn in walk(loop.body, into_functions=False)):
            return True
    return False


def _gets_on(turn: Node, ready: str, waiting: set[str]) -> bool:
    """Tell whether a step of the loop moves what is ready, and so changes what the loop tests."""
    if isinstance(turn, For):
        over = turn.iterable is not None and ready in _named(turn.iterable)
        gone = [target for one in find(turn.body, Delete) for target in one.targets]
        moved = any(isinstance(one, Index) and bool(_named(one.object) & waiting) for one in gone)
        return over and (moved or any(_uses(call, _MOVES, waiting) for call in find(turn.body, Call)))
    if isinstance(turn, Call):
        return _uses(turn, _MOVES, waiting) and ready in _given(turn)
    return (
        isinstance(turn, Assign)
        and turn.value is not None
        and _rebuilt(turn) in waiting
        and ready in _named(turn.value)
    )


def _given(call: Call) -> set[str]:
    return {name for arg in call.args for name in _named(arg)}


def _rebuilt(assign: Assign) -> str:
    """Return the variable that is given a part of what it held: ``left = [x for x in left if x not in ready]``."""
    value = strip(assign.value) if assign.value is not None else None
    part = isinstance(value, Comprehension) or (isinstance(value, Call) and value.name == "filter")
    if value is None or not part or not isinstance(assign.target, Name):
        return ""
    return assign.target.id if assign.target.id in _named(value) else ""


def _chosen_by(module: Module, loop: While, value: Expr) -> bool:
    """Tell whether a list holds those of another one whose dependencies say yes."""
    inner = strip(value)
    if isinstance(inner, Call) and inner.name in ("list", "sorted", "set", "tuple", "filter", "from"):
        inner = next((one for one in map(strip, inner.args) if isinstance(one, Call | Comprehension)), inner)
    if isinstance(inner, Comprehension):
        tests = inner.tests
    else:
        tests = inner.args if isinstance(inner, Call) and inner.name == "filter" else []
    return any(_asks(module, test) or asks_for_placed(loop, test) for test in tests)


def _puts_back(module: Module, loop: While, waiting: set[str]) -> bool:
    """Tell whether each turn takes the next one off the list, and puts it at the end again while it can't be placed."""
    taken = {
        assign.target.id
        for assign in find(loop.body, Assign)
        if isinstance(assign.target, Name) and isinstance(assign.value, Call) and _uses(assign.value, _NEXT, waiting)
    }
    for test in find(loop.body, If):
        asked = [test.test, *(value for name in find(test.test, Name) for value in _values(loop, name.id))]
        puts = [call for call in find([*test.body, *test.orelse], Call) if _uses(call, _BACK, waiting)]
        back = any(isinstance(arg, Name) and arg.id in taken for call in puts for arg in call.args)
        if back and any(_asks(module, value) for value in asked):
            return True
    return False


def _asks(module: Module, test: Expr) -> bool:
    """Tell whether a test looks at what one plugin needs of others, said in words or by how the member is used."""
    return speaks_of_dependencies(test) or names_others(module, test)


def _values(loop: While, name: str) -> list[Expr]:
    """Return what a variable is given inside of the loop."""
    return [
        assign.value
        for assign in find(loop.body, Assign)
        if isinstance(assign.target, Name) and assign.target.id == name and assign.value is not None
    ]


def _uses(call: Call, names: frozenset[str], waiting: set[str]) -> bool:
    return call.name in names and call.receiver is not None and bool(_named(call.receiver) & waiting)


def _taken_out(body: list[Statement], waiting: set[str]) -> bool:
    return any(_uses(node, _TAKES, waiting) for node in find(body, Call))


def _named(nodes: Node) -> set[str]:
    """Return the names and the members that an expression speaks of."""
    found = {node.id for node in walk(nodes) if isinstance(node, Name)}
    return found | {node.name for node in walk(nodes) if isinstance(node, Member)}


def _notices(module: Module, loop: While) -> bool:
    """Tell whether something in the loop leaves it, or compares how far it came."""
    inner = {id(node) for turn in walk(loop.body) if isinstance(turn, For) for node in walk(turn.body)}
    for node in walk(loop.body, into_functions=False):
        if isinstance(node, Throw | Return):
            return True
        if isinstance(node, Jump) and node.kind == "break" and id(node) not in inner:
            return True
        if isinstance(node, Call) and _refuses(module, node) and not _runs_once_placed(module, node):
            return True
    flags = {node.id for node in walk(loop.test) if isinstance(node, Name)}
    written = {
        node.target.id
        for node in walk(loop.body)
        if isinstance(node, Assign) and isinstance(node.target, Name) and not _rebuilt(node)
    }
    bounded = any(
        isinstance(node, Binary)
        and node.op in ("<", ">=", "<=")
        and not (_is_size(node.left) and _is_size(node.right))  # two sizes stand still when nothing is ready
        for node in walk(loop.test)
    )
    return bounded or bool(flags & written)


def _refuses(module: Module, call: Call) -> bool:
    """Tell whether a function that is called may throw what it looks at back: ``assertProgress(ready)``."""
    target = definition(module, call.callee) if isinstance(strip(call.callee), Name | Member) else None
    return isinstance(target, Function) and any(True for _ in find(target.body, Throw))


def _runs_once_placed(module: Module, call: Call) -> bool:
    """Tell whether a call only comes about where the dependencies are there: what it refuses stops no waiting."""
    return any(not one.holds and _asks(module, one.test) for one in conditions(call))


def _is_size(expr: Expr) -> bool:
    inner = strip(expr)
    if isinstance(inner, Call):
        return inner.name == "len"
    return isinstance(inner, Member) and inner.name in ("length", "size")
