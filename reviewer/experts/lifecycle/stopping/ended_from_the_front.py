"""LIF025: what was begun one after another is ended from the first on, or all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.contexts import is_stopper
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    Literal,
    Member,
    Name,
    Spread,
    While,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.brought import loads_something
from reviewer.experts.lifecycle.bringing.dependencies import speaks_of_dependencies
from reviewer.experts.lifecycle.vocabulary import starts
from reviewer.experts.paths import last_name, said_in, word_set
from reviewer.subject.opposites import undoes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_FRONT: Final = frozenset({"shift", "popleft"})
_ALL: Final = frozenset({"all", "allSettled", "gather"})
_SAME: Final = frozenset({"values", "entries", "items", "list", "tuple", "copy", "slice", "from", "splice", "concat"})
_TURNS: Final = frozenset({"reverse", "reversed", "toReversed", "unshift", "appendleft", "insert", "sort", "sorted"})
_ORDERS: Final = frozenset(
    "order ordered sorted sequence plan toposort topological topologicalsorter levels ranked rank priority".split()
)
_PROVIDES: Final = frozenset("provide provides provided services service lookup use resolve".split())
"""What a host calls that by which one guest reaches another."""
_PEERS: Final = word_set(
    "remote remotes peer peers client clients socket sockets connection connections conns session sessions timer "
    "timers subscriber subscribers listener listeners viewer viewers"
)
"""Words of tables of those who come and go by themselves: none is built on another."""
_DEEPEST: Final = 5


class _End(Struct, frozen=True):
    """A place where all of a list are ended: what says from where, the variables for one of them, and what is done."""

    at: Expr
    items: set[str]
    body: Sequence[Node]


@module_check(
    "LIF025", words=_ORDERS | _PROVIDES | {"needs", "depends", "requires", "dependencies", "uses", "sort", "visit"}
)
def ended_from_the_front(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each list of what a host has begun for an end that starts with what was begun first."""
    if module.is_test or not _order_matters(module):
        return
    for table in tables(module):
        if table.kind not in ("list", "map") or set(words(table.name)) & _PEERS or _turned(module, table):
            continue
        begun = [one for one in table.of("write") if one.function is not None]
        for end in _ends(module, table) if begun else ():
            function = function_of(end.at)
            begins = [verb for one in begun if one.function is not function for verb in _begins(one)]
            if begins and _is_ended(end, begins):
                yield Match(
                    end.at,
                    f"'{short(module.text_of(end.at))}' gives things as they were begun, and they are ended in that "
                    "order, or at once: what others were built on is gone before they are.",
                    related=((begun[0].node, "noted here, one after another"),),
                )


def _order_matters(module: Module) -> bool:
    """Tell whether some of what a host begins needs others of it, or is begun in an order that was thought of."""
    loading = loads_something(module.source)
    if any(speaks_of_dependencies(function.body, firm=not loading) for function in module.functions):
        return True
    if not loading:
        return False
    for call in module.calls({"sort", "sorted"}):
        if said_in([*call.args, *call.keywords.values()]) & _ORDERS:
            return True
    provided = {word for function in module.functions for word in words(function.name)}
    return len(provided & {"provide", "use", "lookup", "resolve", "require", "service"}) > 0 and any(
        one.how == "read" for table in tables(module) for one in table.accesses
    )


def _turned(module: Module, table: Table) -> bool:
    """Tell whether a list is turned round anywhere, or filled or emptied from its other end."""
    for call in module.calls(_TURNS):
        if table.name in {last_name(one) for kind in (Name, Member) for one in find(call, kind)}:
            return True
    return any(
        isinstance(one.node, Call) and one.node.name == "pop" and not one.node.args for one in table.of("delete")
    )


def _begins(entry: Access) -> Iterator[str]:
    """Yield what is called in a function, by which that begins which it notes: of the thing, or what gives its end."""
    function = entry.function
    if function is None or entry.value is None:
        return
    noted = names_in(entry.value) - {"this"}
    for assign in find(function.body, Assign):
        if assign.value is not None and names_in(assign.target) & noted:
            noted |= names_in(assign.value) - {"this"} if not isinstance(strip(assign.value), Call) else set()
            made = strip(assign.value)
            made = strip(made.value) if isinstance(made, Await) else made
            if isinstance(made, Call) and made.receiver is not None:
                yield made.name
    for call in calls_in(function.body):
        if call.receiver is not None and names_in(call.receiver) & noted | (names_in(call.receiver) & _keys(entry)):
            yield call.name


def _keys(entry: Access) -> set[str]:
    return (names_in(entry.key) if entry.key is not None else names_in(entry.value or [])) - {"this"}


def _ends(module: Module, table: Table) -> Iterator[_End]:
    """Yield the places where all of a list are gone through from its front, or at once."""
    for loop in module.all(For):
        if loop.iterable is not None and loop.target is not None and _is_table(module, loop.iterable, table):
            yield _End(loop.iterable, names_in(loop.target), loop.body)
    for call in module.calls(_FRONT | {"pop"}):
        first = strip(call.args[0]) if call.args else None
        front = call.name in _FRONT or (isinstance(first, Literal) and first.value == 0 and len(call.args) == 1)
        emptied = next((one for one in ancestors(call) if isinstance(one, While)), None)
        if not front or emptied is None or call.receiver is None or not _is_table(module, call.receiver, table):
            continue
        assign = next((one for one in ancestors(call) if isinstance(one, Assign)), None)
        if assign is not None:
            yield _End(call, names_in(assign.target), emptied.body)
    for call in module.calls(_ALL):
        for each in find(call.args, Call):
            by = strip(each.args[0]) if each.name == "map" and each.args else None
            if isinstance(by, Function) and each.receiver is not None and _is_table(module, each.receiver, table):
                yield _End(call, _given(by, 0), by.body)
        for made in find(call.args, Comprehension):
            if _is_table(module, made.clauses[0][1], table):
                yield _End(call, names_in(made.clauses[0][0]), [made.element])
    for call in module.calls(("reduce",)):
        step = strip(call.args[0]) if call.args else None
        if isinstance(step, Function) and call.receiver is not None and _is_table(module, call.receiver, table):
            yield _End(call, _given(step, 1), step.body)


def _given(by: Function, place: int) -> set[str]:
    """Return the variables of a function that hold one of the list, or parts of it."""
    return {name for one in by.params[place : place + 1] for name in (one.name, *one.fields.values()) if name}


def _is_table(module: Module, over: Expr, table: Table) -> bool:
    """Tell whether an expression is a list itself, or a copy of it in the same order."""
    over = strip(over)
    for _ in range(_DEEPEST):
        if isinstance(over, Call) and over.name in _SAME:
            inner = over.receiver if over.receiver is not None and over.name != "from" else over.arg(0)
            if inner is None:
                return False
            over = strip(inner)
        elif isinstance(over, Array) and len(over.items) == 1 and isinstance(over.items[0], Spread):
            over = strip(over.items[0].value)
    spelt = module.text_of(over).replace("self.", "this.")
    return spelt in (f"this.{table.name}", table.name)


def _is_ended(end: _End, begins: list[str]) -> bool:
    """Tell whether one of a list is ended: by a member that turns round what began it, or because it is such an end."""
    held = set(end.items)
    for call in calls_in(end.body):
        callee = strip(call.callee)
        if isinstance(callee, Name) and callee.id in held and not call.args:
            return any(starts(one) and one != "register" for one in begins)
        base = strip(callee.object) if isinstance(callee, Member) else None
        while isinstance(base, Member):
            base = strip(base.object)
        if isinstance(callee, Member) and isinstance(base, Name) and base.id in held:
            verb = callee.name
            if (
                is_stopper(verb)
                or "teardown" in words(verb)
                or any(undoes(one.lower(), verb.lower()) for one in begins)
            ):
                return True
    return False
