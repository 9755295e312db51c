"""COM130: steps say at which place they want to run, and the chain never looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Class, Expr, Name, Node
from reviewer.code.tables import tables
from reviewer.code.walk import class_of, find, function_of, walk
from reviewer.code.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.invocations import invocations
from reviewer.experts.communication.vocabulary import HANDLERS
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_ORDERS: Final = word_set("priority prio weight rank precedence order ordering importance")
_STEPS: Final = HANDLERS | word_set("chain pipeline stage stages step steps processors transforms plugins")
_PUTS: Final = frozenset({"append", "push", "add"})
_SORTS: Final = frozenset(
    "sort sorted toSorted insort insort_left insort_right bisect bisect_left bisect_right heappush heappop insert "
    "splice orderBy sortBy min max nsmallest nlargest groupby attrgetter itemgetter unshift appendleft".split()
)
"""Calls by which an order comes about."""


@module_check("COM130", words=_ORDERS)
def order_ignored(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each list that is entered with an order for something that puts it in this order."""
    if module.is_test or any(call.name in _SORTS for call in module.calls(_SORTS)):
        return
    for table in tables(module):
        if table.kind != "list" or not table.of("iterate", "read") or not _runs(inquiry, module, table):
            continue
        for access in table.of("write"):
            given = _order_given(access)
            if given is None or _compared(module, given):
                continue
            yield Match(
                access.node,
                f"'{given}' is asked for and kept in '{table.name}', and nothing ever looks at it: the steps run in "
                "the order in which they happened to be entered.",
            )
            break


def _runs(inquiry: Inquiry, module: Module, table: Table) -> bool:
    """Tell whether what a list holds is run: called out of it, or by the name of the list."""
    return bool(set(words(table.name)) & _STEPS) or any(
        found.source.table is table for found in invocations(inquiry, module)
    )


def _order_given(access: Access) -> str | None:
    """Return the parameter of an entering function that says the order, where it becomes part of the entry."""
    function = access.function
    if function is None or not isinstance(access.node, Call) or access.node.name not in _PUTS or access.value is None:
        return None
    asked = {p.name for p in function.params if words(p.name) and words(p.name)[-1] in _ORDERS}
    return next((name.id for name in _made_of(function, access.value) if name.id in asked), None)


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
