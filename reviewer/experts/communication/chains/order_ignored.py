"""COM130: steps say at which place they want to run, and the chain never looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.bindings import param_names
from reviewer.code.syntax import Array, Binary, Call, Class, Expr, Literal, Name, Node, Param, Spread, strip
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, function_of, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.invocations import invocations
from reviewer.experts.communication.sources import sources
from reviewer.experts.communication.vocabulary import HANDLERS
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry
    from reviewer.experts.communication.sources import Sources

_ORDERS: Final = word_set("priority prio weight rank precedence order ordering importance")
_MOMENTS: Final = word_set("stage phase position tier level before after")
"""Names of the same where they are numbers, or where nothing at all looks at them."""
_STEPS: Final = HANDLERS | word_set("chain pipeline stage stages step steps processors transforms plugins")
_PUTS: Final = frozenset({"append", "push", "add"})
_SORTS: Final = frozenset(
    "sort sorted toSorted insort insort_left insort_right bisect bisect_left bisect_right heappush heappop insert "
    "splice orderBy sortBy min max nsmallest nlargest groupby attrgetter itemgetter unshift appendleft".split()
)
"""Calls by which an order comes about."""


@module_check("COM130", words=_ORDERS | _MOMENTS)
def order_ignored(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each list that is entered with an order for something that puts it in this order."""
    if module.is_test or any(_orders(call) for call in module.calls(_SORTS)):
        return
    known = sources(inquiry, module)
    for table in known.tables:
        if table.kind == "map":
            yield from _in_boxes(inquiry, module, known, table)
        if table.kind != "list" or not _drawn_on(known, table) or not _runs(inquiry, module, table):
            continue
        for access in table.of("write"):
            given = _order_given(access.function, access.node, access.value)
            if given is not None and not _compared(module, given):
                yield _never_looked_at(access.node, given, table)
                break
            unused = _unused(access.function, access.value)
            if unused is not None:
                yield _left_out(unused, table)
                break


def _drawn_on(known: Sources, table: Table) -> bool:
    """Tell whether a list is gone through, looked into or copied: ``const chain = [...stages]``."""
    return bool(table.of("iterate", "read")) or any(
        (source := known.of(spread.value)) is not None and source.table is table for spread in known.module.all(Spread)
    )


def _orders(call: Call) -> bool:
    """Tell whether a call puts a list in order.

    ``min(seconds, 3600)`` only takes the smaller of two numbers, and ``splice(at, 1)`` only takes something out.
    """
    if call.name == "splice":
        return len(call.args) > 2
    return call.name not in ("min", "max") or len(call.args) < 2


def _in_boxes(inquiry: Inquiry, module: Module, known: Sources, table: Table) -> Iterator[Match]:
    """Look at the lists that a table holds, one for each event or point."""
    for put in module.calls(_PUTS):
        held = known.of(put.receiver)
        if held is None or held.table is not table or not held.looked_up or not put.args:
            continue
        given = _order_given(function_of(put), put, put.args[0])
        if given is not None and not _compared(module, given) and _runs(inquiry, module, table):
            yield _never_looked_at(put, given, table)
            return
        unused = _unused(function_of(put), put.args[0])
        if unused is not None and _runs(inquiry, module, table):
            yield _left_out(unused, table)
            return
    for access in table.of("write"):  # steps.set(point, [...steps.get(point), step])
        made = strip(access.value) if access.value is not None else None
        longer = isinstance(made, Array) and any(isinstance(item, Spread) for item in made.items)
        unused = _unused(access.function, made) if longer else None
        if unused is not None and _runs(inquiry, module, table):
            yield _left_out(unused, table)
            return


def _never_looked_at(place: Node, given: str, table: Table) -> Match:
    return Match(
        place,
        f"'{given}' is asked for and kept in '{table.name}', and nothing ever looks at it: the steps run in the order "
        "in which they happened to be entered.",
    )


def _left_out(param: Param, table: Table) -> Match:
    named = next((name for name in param_names(param) if words(name)[-1] in _ORDERS | _MOMENTS), param.name)
    return Match(
        param,
        f"'{named}' is asked for, and what is entered in '{table.name}' does not have it: the steps run in the order "
        "in which they happened to be entered.",
    )


def _unused(function: Function | None, value: Expr | None) -> Param | None:
    """Return the parameter of an entering function that says the order, where nothing in the function looks at it."""
    if function is None or value is None or not names_in(value) & {param.name for param in function.params}:
        return None
    used = names_in(function.body)
    for param in function.params:
        for name in param_names(param):
            if words(name) and words(name)[-1] in _ORDERS | _MOMENTS and name not in used and not param.rest:
                return param
    return None


def _runs(inquiry: Inquiry, module: Module, table: Table) -> bool:
    """Tell whether what a list holds is run: called out of it, or by the name of the list."""
    return bool(set(words(table.name)) & _STEPS) or any(
        found.source.table is table for found in invocations(inquiry, module)
    )


def _order_given(function: Function | None, put: Node, value: Expr | None) -> str | None:
    """Return the parameter of an entering function that says the order, where it becomes part of the entry."""
    if function is None or not isinstance(put, Call) or put.name not in _PUTS or value is None:
        return None
    told = [name for param in function.params for name in (param.name, *param.fields.values())]
    numbers = {param.name for param in function.params if _is_number(param)}
    asked = {
        name for name in told if words(name) and words(name)[-1] in (_ORDERS | _MOMENTS if name in numbers else _ORDERS)
    }
    return next((name.id for name in _made_of(function, value) if name.id in asked), None)


def _is_number(param: Param) -> bool:
    """Tell whether a parameter is a number by its type or its default."""
    said = isinstance(param.default, Literal) and isinstance(param.default.value, int | float)
    return param.type.strip() in ("number", "int", "float") or said


def _made_of(function: Function, value: Node) -> Iterator[Name]:
    """Yield the names that an entry is made of, a variable of the function followed to its value."""
    for name in find(value, Name):
        yield name
        for binding in function.module.scopes.lookup(name.id, name):
            made = getattr(binding, "value", None)
            if isinstance(made, Expr) and function_of(made) is function:
                yield from find(made, Name)


def _compared(module: Module, given: str) -> bool:
    """Tell whether something compares a value that is called as the order is."""
    said = set(words(given)[-1:])
    for node in module.all(Binary):
        if node.op in ("<", ">", "<=", ">=", "-") and any(
            said & set(words(getattr(part, "name", "") or getattr(part, "id", ""))) for part in walk(node)
        ):
            return True
    return any(
        isinstance(cls, Class) and {"__lt__", "__gt__"} & {method.name for method in cls.methods}
        for cls in (class_of(node) for node in module.functions)
    )
