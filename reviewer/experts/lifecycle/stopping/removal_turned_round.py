"""LIF481: what takes out all that belongs to one takes out everything else, and keeps that."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, returns_of
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    Delete,
    Expr,
    For,
    Function,
    Index,
    Member,
    Name,
    Spread,
    Unary,
    strip,
)
from reviewer.code.tables import accesses
from reviewer.code.text.ideas import TAKES_OUT
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, names_in, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_TAKES_OUT: Final = TAKES_OUT | frozenset(
    "delete clear unhook forget release dispose discard purge revoke unsubscribe off unbind withdraw dismiss expel "
    "cleanup sweep erase unlisten teardown retire strip".split()
)
_OTHERS: Final = frozenset("except other others only keep but rest foreign stale old not retain without older".split())
"""Words of functions that are to leave one and take out the rest."""
_COPIES: Final = frozenset("values items entries keys list tuple dict set copy slice from".split())


@module_check("LIF481", words=_TAKES_OUT)
def removal_turned_round(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each remover for a filter, or a loop, that lets stay what belongs to the one that is handed in."""
    if module.is_test:
        return
    for function in module.functions:
        said = words(function.name)
        if not function.params or not said or said[0] not in _TAKES_OUT or _OTHERS & set(said):
            continue
        given = {param.name for param in function.params} - {""}
        places = chain(*(look(module, function, given) for look in (_kept_alone, _taken_besides, _taken_from_filtered)))
        for test, at in islice(places, 1):
            yield Match(
                at,
                f"'{function.name}' takes out everything but what belongs to the one that it is told: "
                f"'{short(module.text_of(test))}' is turned round.",
                related=((test, "turned round"),),
            )


def _kept_alone(module: Module, function: Function, given: set[str]) -> Iterator[tuple[Node, Node]]:
    """Yield where a collection is replaced by those of its items that belong to what is handed in."""
    for assign in find(function.body, Assign):
        value = strip(assign.value) if assign.value is not None and assign.op == "=" else None
        made = module.scopes.origin(value) if isinstance(value, Name) else value
        value = strip(made) if isinstance(made, Expr) else None
        value = _unwrapped(value) if value is not None else None
        target = module.text_of(strip(assign.target))
        tests: list[tuple[Expr, set[str]]] = []
        if isinstance(value, Call) and value.name == "filter" and value.receiver is not None and value.args:
            each = strip(value.args[0])
            if _source(module, value.receiver) == target and isinstance(each, Function) and each.params:
                parts = {name for one in each.params for name in (one.name, *one.fields.values())}
                tests = [(one.value, parts) for one in returns_of(each) if one.value is not None]
        elif isinstance(value, Comprehension) and len(value.clauses) == 1 and len(value.tests) == 1:
            each_of, iterable = value.clauses[0]
            if target == _source(module, iterable) or target in _loops_over(module, assign, iterable):
                tests = [(value.tests[0], names_in(each_of))]
        elif isinstance(assign.value, Name) and isinstance(value, Array) and not value.items:
            yield from ((test, test) for test in _picked(module, function, assign.value.id, target, given))
        for test, parts in tests:
            if _belongs(strip(test), parts, given) is True:
                yield test, assign


def _unwrapped(value: Expr) -> Expr:
    """Return the filtered list that a new collection is made of: ``Object.fromEntries(…)``, ``new Map(…)``."""
    made = isinstance(value, Call) and value.name in ("fromEntries", "Map", "Set", "list", "tuple", "dict", "set")
    return strip(value.args[0]) if made and isinstance(value, Call) and len(value.args) == 1 else value


def _picked(module: Module, function: Function, name: str, target: str, given: set[str]) -> Iterator[Expr]:
    """Yield the tests by which a loop over a collection puts those items on a new list that belong to the one."""
    for loop in find(function.body, For):
        if loop.iterable is None or loop.target is None or _source(module, loop.iterable) != target:
            continue
        for call in find(loop.body, Call):
            held = strip(call.receiver) if call.receiver is not None else None
            if call.name in ("append", "push") and isinstance(held, Name) and held.id == name:
                parts = names_in(loop.target)
                told = [one for one in conditions(call) if one.test.start > loop.start]
                yield from (one.test for one in told if _belongs(strip(one.test), parts, given) is one.holds)


def _source(module: Module, iterable: Expr) -> str:
    """Return the text of the collection that is gone through: ``self._routes`` of ``self._routes.items()``."""
    iterable = strip(iterable)
    while isinstance(iterable, Call | Array) and (isinstance(iterable, Array) or iterable.name in _COPIES | {"get"}):
        if isinstance(iterable, Array):
            spread = iterable.items[0] if len(iterable.items) == 1 else None
            if not isinstance(spread, Spread):
                break
            iterable = strip(spread.value)
            continue
        holder = strip(iterable.receiver) if iterable.receiver is not None else None
        static = isinstance(holder, Name) and holder.id in ("Object", "Array")
        inner = iterable.args[0] if iterable.args and (holder is None or static) else holder
        if inner is None:
            break
        if iterable.name == "get" and iterable.args:
            return f"{module.text_of(strip(inner))}[{module.text_of(iterable.args[0])}]"
        iterable = strip(inner)
    return module.text_of(iterable)


def _loops_over(module: Module, assign: Assign, iterable: Expr) -> set[str]:
    """Return the places of a table whose value a loop gives under a name: ``subs[topic]`` in ``for topic, held in``."""
    held, found = strip(iterable), set()
    for around in ancestors(assign):
        if isinstance(around, For) and around.target is not None and around.iterable is not None:
            names = [one.id for one in find(around.target, Name)]
            source, items = strip(around.iterable), around.iterable
            if isinstance(held, Name) and len(names) == 2 and names[1] == held.id and isinstance(source, Call):
                found.add(f"{_source(module, items)}[{names[0]}]")
        if isinstance(around, Function):
            break
    return found


def _taken_besides(module: Module, function: Function, given: set[str]) -> Iterator[tuple[Node, Node]]:
    """Yield the removals in a loop that happen to what does not belong to what is handed in."""
    rounds: list[tuple[set[str], list[Node], int]] = [
        (_items(module, loop), list(loop.body), loop.start) for loop in find(function.body, For)
    ]
    for call in find(function.body, Call):
        each = strip(call.args[0]) if call.args and call.name == "forEach" else None
        if isinstance(each, Function):
            parts = {name for one in each.params for name in (one.name, *one.fields.values())} - {""}
            rounds.append((parts, list(each.body), call.start))
    for items, body, start in rounds:
        for node in walk(body):
            if not _removes(node):
                continue
            for condition in conditions(node):
                if condition.test.start < start:
                    continue
                belongs = _belongs(strip(condition.test), items, given)
                if belongs is not None and belongs is not condition.holds:
                    yield condition.test, node


def _taken_from_filtered(module: Module, function: Function, given: set[str]) -> Iterator[tuple[Node, Node]]:
    """Yield the removals of each of a filtered list: ``table.filter(…).forEach((one) => table.delete(one))``."""
    rounds: list[tuple[Expr, list[Node]]] = [
        (loop.iterable, list(loop.body)) for loop in find(function.body, For) if loop.iterable is not None
    ]
    for call in find(function.body, Call):
        each = strip(call.args[0]) if call.args and call.name == "forEach" else None
        if isinstance(each, Function) and call.receiver is not None:
            rounds.append((call.receiver, list(each.body)))
    for over, body in rounds:
        made = module.scopes.origin(over) if isinstance(strip(over), Name) else strip(over)
        tests: list[tuple[Expr, set[str]]] = []
        if isinstance(made, Call) and made.name == "filter" and made.args:
            each = strip(made.args[0])
            if isinstance(each, Function) and each.params:
                parts = {name for one in each.params for name in (one.name, *one.fields.values())} - {""}
                tests = [(one.value, parts) for one in returns_of(each) if one.value is not None]
        elif isinstance(made, Comprehension) and len(made.tests) == 1:
            tests = [(made.tests[0], names_in(made.clauses[0][0]))]
        removal = next((node for node in walk(body) if _removes(node)), None)
        if removal is not None and any(_belongs(strip(test), parts, given) is False for test, parts in tests):
            yield tests[0][0], removal


def _items(module: Module, loop: For) -> set[str]:
    """Return the names that stand for one of what a loop goes through, or for its place."""
    if loop.target is not None:
        return names_in(loop.target)
    return {name for one in loop.header for name in names_in(one)}


def _removes(node: Node) -> bool:
    if isinstance(node, Delete):
        return any(isinstance(strip(one), Index) for one in node.targets)
    return isinstance(node, Call | Index) and any(access.how == "delete" for _held, access in accesses(node))


def _belongs(test: Expr, parts: set[str], given: set[str]) -> bool | None:
    """Tell whether a test holds for what belongs to what is handed in, or for the rest; None if neither."""
    straight = True
    while isinstance(test, Unary) and test.op == "not":
        test, straight = strip(test.operand), not straight
    if not isinstance(test, Binary) or test.op not in ("==", "!="):
        return None
    for one, other in ((strip(test.left), strip(test.right)), (strip(test.right), strip(test.left))):
        part = isinstance(one, Member | Index | Name) and bool(parts & names_in(one))
        asked = isinstance(other, Name) and other.id in given and other.id not in parts
        if part and asked:
            return (test.op == "==") is straight
    return None
