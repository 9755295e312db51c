"""LIF023, second part: a loop that waits until every dependency is placed, and turns for ever when one never is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.branches import ways
from reviewer.code.syntax import Assign, Binary, Call, For, If, Jump, Member, Name, Return, Throw, While
from reviewer.code.walk import find, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.dependencies import speaks_of_dependencies
from reviewer.experts.lifecycle.vocabulary import DEPENDENCY_WORDS

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node, Statement

_TAKES: Final = frozenset({"delete", "remove", "discard", "pop", "splice"})
_NEXT: Final = frozenset({"shift", "pop", "popleft"})
_BACK: Final = frozenset({"push", "append", "unshift", "appendleft", "insert"})


@module_check("LIF023", words=DEPENDENCY_WORDS - {"require", "required", "after", "imports", "uses", "extends"})
def dependency_wait_endless(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at ``while pending`` that only takes out what is ready, with no way out when nothing is."""
    if module.is_test or "while" not in module.identifiers:
        return
    for loop in module.all(While):
        if _waits_for_all(loop) and not _notices(loop):
            yield Match(
                loop,
                "The loop turns until every plugin is placed, and places only those whose dependencies are: with "
                "a cycle, or one that is missing, it never ends.",
            )


def _waits_for_all(loop: While) -> bool:
    """Tell whether the loop empties what it tests, and takes out only what a look at the dependencies lets go."""
    waiting = _named(loop.test)
    for turn in walk(loop.body, into_functions=False):
        if not isinstance(turn, For):
            continue
        for test in walk(turn.body, into_functions=False):
            if not isinstance(test, If) or not speaks_of_dependencies(test.test):
                continue
            holds, fails = ways(test)
            if _taken_out([*holds, *fails], waiting):
                return True
    return _puts_back(loop, waiting)


def _puts_back(loop: While, waiting: set[str]) -> bool:
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
        if back and any(speaks_of_dependencies(value) for value in asked):
            return True
    return False


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


def _notices(loop: While) -> bool:
    """Tell whether something in the loop leaves it, or compares how far it came."""
    inner = {id(node) for turn in walk(loop.body) if isinstance(turn, For) for node in walk(turn.body)}
    for node in walk(loop.body, into_functions=False):
        if isinstance(node, Throw | Return):
            return True
        if isinstance(node, Jump) and node.kind == "break" and id(node) not in inner:
            return True
    flags = {node.id for node in walk(loop.test) if isinstance(node, Name)}
    written = {n.target.id for n in walk(loop.body) if isinstance(n, Assign) and isinstance(n.target, Name)}
    bounded = any(isinstance(node, Binary) and node.op in ("<", ">=", "<=") for node in walk(loop.test))
    return bounded or bool(flags & written)
