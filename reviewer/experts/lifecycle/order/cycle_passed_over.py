"""LIF023, third part: what is still under way is taken for what is done, and a cycle is passed over in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.branches import ways
from reviewer.code.flow import after, before, conditions, exits
from reviewer.code.syntax import Assign, Binary, Call, Function, If, Index, Jump, Member, Name, Return, Throw, strip
from reviewer.code.walk import ancestors, calls_in, find, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.carried import descended
from reviewer.experts.lifecycle.vocabulary import has_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node

_ASKS: Final = frozenset({"has", "includes", "get", "__contains__"})
_MARKS: Final = frozenset({"add", "set", "push", "append", "setdefault"})
_PLACES: Final = frozenset({"push", "append"})
_CYCLES: Final = frozenset({"cycle", "cycles", "cyclic", "circular", "circle", "loop", "loops"})


@module_check("LIF023")
def cycle_passed_over(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the test that lets a second visit go, where nothing tells one under way from one that is done."""
    if module.is_test:
        return
    for function in module.functions:
        for call in module.calls((function.name,)) if function.name and function.params else ():
            if descended(module, call, function) is None or not _placed_behind(call, function):
                continue
            test = _let_go(call, function)
            if test is not None and not _told_apart(module, function):
                yield Match(
                    test,
                    f"'{function.name}' comes back to what it is still placing and lets it go like one that is placed: "
                    "two that need each other are passed over in silence, and one is started before what it needs.",
                )
                break


def _placed_behind(call: Call, function: Function) -> bool:
    """Tell whether what goes down puts its own record on a list behind the descent: the order that others rely on."""
    return any(
        isinstance(node, Call) and node.name in _PLACES and len(node.args) == 1 and _within(node, function)
        for node in after(_outermost(call, function))
    )


def _outermost(call: Call, function: Function) -> Node:
    """Return the call, or the arrow around it that stands directly in the function."""
    inner: Node = call
    for around in ancestors(call):
        if around is function:
            break
        if isinstance(around, Function):
            inner = around
    return inner


def _within(node: Node, function: Function) -> bool:
    return any(around is function for around in ancestors(node))


def _let_go(call: Call, function: Function) -> If | None:
    """Return the test that ends a second visit without a word, of a collection that is marked before the descent."""
    ran = list(before(_outermost(call, function)))
    marked = {_marked(node) for node in ran} - {""}
    for test in find(function.body, If, into_functions=False):
        holds, fails = ways(test)
        leaves = holds if exits(holds) else fails
        silent = len(leaves) == 1 and _says_nothing(leaves[0])
        if silent and _asked(test.test) & marked and test.start < call.start:
            return test
    return None


def _marked(node: Node) -> str:
    """Return the collection in which a node notes something, or an empty string."""
    if isinstance(node, Call) and node.name in _MARKS and node.receiver is not None:
        return _key(node.receiver)
    return _key(node.target.object) if isinstance(node, Assign) and isinstance(node.target, Index) else ""


def _says_nothing(statement: Node) -> bool:
    return isinstance(statement, Return | Jump) and not any(True for _ in find(statement, Call))


def _asked(test: Expr) -> set[str]:
    """Return the collections that a test asks whether they hold something, and no more than that."""
    test = strip(test)
    if isinstance(test, Call) and test.name in _ASKS and test.receiver is not None:
        return {_key(test.receiver)} - {""}
    if isinstance(test, Binary) and test.op == "in":
        return {_key(test.right)} - {""}
    if isinstance(test, Binary) and test.op == "or":
        return _asked(test.left) | _asked(test.right)
    return set()


def _key(expr: Expr) -> str:
    expr = strip(expr)
    return f".{expr.name}" if isinstance(expr, Member) else expr.id if isinstance(expr, Name) else ""


def _told_apart(module: Module, function: Function) -> bool:
    """Tell whether something refuses a way that comes back to itself, here or before the descent begins."""
    for thrown in find(function.body, Throw):
        if any(condition.holds and _asks_for_mark(condition.test) for condition in conditions(thrown)):
            return True
    named = [one.name for one in module.functions] + [one.name for one in calls_in(module.body)]
    return any(has_word(name, _CYCLES) for name in named if name)


def _asks_for_mark(test: Expr) -> bool:
    """Tell whether a test asks for a visit that is under way: ``path.includes(name)``, ``marks.get(name) === 1``."""
    for node in walk(test):
        if isinstance(node, Binary) and node.op == "in":
            return True
        if isinstance(node, Call) and node.name in ("includes", "has"):
            return True
        if (
            isinstance(node, Binary)
            and node.op == "=="
            and any(isinstance(strip(side), Call | Index) for side in (node.left, node.right))
        ):
            return True
    return False
