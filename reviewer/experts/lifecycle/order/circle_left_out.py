"""LIF023: plugins are put in order round by round, and those that need each other are left out without a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Comprehension,
    Delete,
    Expr,
    For,
    Function,
    If,
    Index,
    Jump,
    Literal,
    Member,
    Name,
    Return,
    Throw,
    Unary,
    While,
    strip,
)
from reviewer.code.walk import calls_in, find, function_of, inside, names_in, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import speaks_of_dependencies
from reviewer.experts.lifecycle.vocabulary import DEPENDENCY_WORDS

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_TAKES: Final = frozenset({"delete", "pop", "remove", "discard", "splice", "shift", "popleft"})
_NARROWS: Final = frozenset({"filter", "every", "issubset", "isdisjoint"})
_ASKS: Final = frozenset({"has", "includes", "get", "keys", "values", "entries", "items", "filter", "every", "some"})
_SIZES: Final = frozenset({"size", "length"})


@module_check("LIF023", words=DEPENDENCY_WORDS)
def circle_left_out(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where the rounds end as soon as nothing is free, and nobody looks whether something is left."""
    if module.is_test:
        return
    endless = [loop for loop in module.all(For) if loop.iterable is None]
    loops: list[While | For] = [*module.all(While), *endless]
    for loop in loops:
        function = function_of(loop)
        if function is None or not speaks_of_dependencies(loop.body):
            continue
        for free, left in _rounds(module, loop):
            end = _ended_by(module, loop, free)
            if end is not None and not _looks_at(module, function, left, end):
                yield Match(
                    end,
                    f"The rounds end when nothing in '{free}' can come next, and nobody looks whether '{left}' still "
                    "holds something: plugins that need each other are left out without an error.",
                )


def _rounds(module: Module, loop: While | For) -> Iterator[tuple[str, str]]:
    """Yield (what can come next, what it is chosen from) where a loop takes the one out of the other."""
    taken = {_name(call.receiver) for call in calls_in(loop.body) if call.name in _TAKES and call.receiver is not None}
    taken |= {_name(index.object) for node in find(loop.body, Delete) for index in find(node, Index)}
    taken |= {
        _name(node.operand.object)
        for node in find(loop.body, Unary)
        if node.op == "delete" and isinstance(node.operand, Index)
    }
    taken |= {_name(one.target) for one in find(loop.body, Assign) if one.value is not None and _narrowed(one.value)}
    for assign in find(loop.body, Assign, into_functions=False):
        if not isinstance(assign.target, Name) or assign.value is None or not _narrowed(assign.value):
            continue
        for left in sorted(taken & _sources(assign.value) - {assign.target.id, ""}):
            yield assign.target.id, left


def _narrowed(value: Expr) -> bool:
    """Tell whether a value is what a filter lets through."""
    return any(isinstance(node, Comprehension) and node.tests for node in walk(value)) or any(
        call.name in _NARROWS for call in find(value, Call)
    )


def _sources(value: Expr) -> set[str]:
    return names_in(value) | {node.name for node in find(value, Member)}


def _name(expr: Expr) -> str:
    expr = strip(expr)
    return expr.id if isinstance(expr, Name) else expr.name if isinstance(expr, Member) else ""


def _ended_by(module: Module, loop: While | For, free: str) -> If | While | None:
    """Return what ends the rounds without an error when nothing is free."""
    for step in find(loop.body, If, into_functions=False):
        said = [node for node in walk(step.test) if isinstance(node, Name)]
        if {node.id for node in said} - {"len"} != {free} or not _asks_for_none(step.test):
            continue
        leaves = [node for node in walk(step.body, into_functions=False) if isinstance(node, Return | Jump | Throw)]
        if leaves and not any(isinstance(node, Throw) for node in leaves) and _goes(leaves[-1]):
            return step
    return None


def _goes(node: Node) -> bool:
    return isinstance(node, Return) or (isinstance(node, Jump) and node.kind == "break")


def _asks_for_none(test: Expr) -> bool:
    """Tell whether a test holds where a list is empty: ``free.length === 0``, ``not ready``."""
    test = strip(test)
    if isinstance(test, Unary) and test.op in ("not", "!"):
        return True
    zero = isinstance(test, Binary) and any(
        isinstance(one, Literal) and one.value == 0 for one in (test.left, test.right)
    )
    return zero and isinstance(test, Binary) and test.op in ("===", "==", "<=")


def _looks_at(module: Module, function: Function, left: str, end: Node) -> bool:
    """Tell whether a function counts or hands on what is left, apart from the rounds themselves."""
    for node in find(function.body, Name):
        if node.id != left or inside(node, end):
            continue
        around = node.parent
        if isinstance(around, Member):
            call = around.parent
            if around.name in _SIZES:
                return True
            if isinstance(call, Call) and call.callee is around and (call.name in _TAKES or call.name in _ASKS):
                continue
        if isinstance(around, Assign | Index | Comprehension | For | Binary | Delete):
            continue
        if isinstance(around, Call) and around.name in ("list", "sorted", "tuple", "set"):
            continue
        return True
    return any(node.name == left for node in find(function.body, Member))
