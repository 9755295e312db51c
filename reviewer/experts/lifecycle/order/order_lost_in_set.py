"""LIF367: the order in which things have to be started is put into a set, which keeps none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Comprehension, Expr, For, Function, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ORDERS: Final = word_set("toposort topological topo ordered order levels")
_SORTS: Final = frozenset({"static_order", "topological_sort", "toposort_flatten"})
_LOSES: Final = frozenset({"set", "frozenset"})


@module_check("LIF367", words=_ORDERS)
def order_lost_in_set(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each set that is made of an order, for a line that goes through it."""
    if module.is_test or module.language != "python":
        return
    for call in module.calls(_LOSES):
        made = strip(call.args[0]) if len(call.args) == 1 and call.receiver is None else None
        if not isinstance(made, Call) or not _gives_order(module, made) or not _is_gone_through(call):
            continue
        yield Match(
            call,
            f"'{short(module.text_of(made))}' works out an order, and '{call.name}' keeps none: what follows goes "
            "through the same things in any order.",
        )


def _gives_order(module: Module, made: Call) -> bool:
    """Tell whether a call answers with things in the order in which they need each other."""
    if made.name in _SORTS:
        return True
    said = set(words(made.name)) & _ORDERS
    return bool(said) and isinstance(definition(module, made.callee), Function)


def _is_gone_through(made: Call) -> bool:
    """Tell whether what a call gives is gone through: right there, or by the variable that it is put in."""
    around = made.parent
    if isinstance(around, For):
        return around.iterable is made
    if isinstance(around, Comprehension):
        return any(over is made for _target, over in around.clauses)
    function = function_of(made)
    if not isinstance(around, Assign) or not isinstance(around.target, Name) or function is None:
        return False
    name = around.target.id
    overs: list[Expr] = [loop.iterable for loop in find(function.body, For) if loop.iterable is not None]
    overs += [over for one in find(function.body, Comprehension) for _target, over in one.clauses]
    return any(isinstance(over := strip(one), Name) and over.id == name for one in overs)
