"""LIF367: the order in which things have to be started is worked out, and never used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, For, Function, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ORDERS: Final = word_set(
    "sort sorted order ordered ordering toposort topological topo plan levels layers sequence reversed"
)


@module_check("LIF367", words=_ORDERS)
def order_unused(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the variables that hold an order for a line that reads them."""
    if module.is_test:
        return
    for made in module.all(Assign):
        function, target = function_of(made), made.target
        call = strip(made.value) if made.value is not None else None
        if function is None or not isinstance(target, Name) or not isinstance(call, Call) or target.id.startswith("_"):
            continue
        if not _orders(module, call) or not any(one is made for one in module.scopes.lookup(target.id, target)):
            continue
        if module.scopes.lookup(target.id, target) != [made]:
            continue
        if any(one.id == target.id and one is not target for one in find(function.body, Name)):
            continue
        loop = _loop(module, function, made, call)
        yield Match(
            loop.iterable if loop is not None and loop.iterable is not None else made,
            f"'{target.id}' holds the order that '{short(module.text_of(call.callee))}' worked out, and no line uses "
            "it: what follows goes through the list as it was.",
            related=((made, "worked out here"),) if loop is not None else (),
        )


def _loop(module: Module, function: Function, made: Assign, call: Call) -> For | None:
    """Return the loop over the list as it was that comes after the order."""
    given = {module.text_of(strip(argument)) for argument in call.args}
    return next(
        (
            loop
            for loop in find(function.body, For)
            if loop.raw.start_byte > made.raw.end_byte
            and loop.iterable is not None
            and module.text_of(strip(loop.iterable)) in given
        ),
        None,
    )


def _orders(module: Module, call: Call) -> bool:
    """Tell whether a call answers with an order and changes nothing: ``sorted``, or a function of the subject."""
    if call.name in ("sorted", "toSorted", "reversed", "toReversed"):
        return True
    named = set(words(call.name)) & _ORDERS and call.name not in ("sort", "reverse")
    return bool(named) and isinstance(definition(module, call.callee), Function)
