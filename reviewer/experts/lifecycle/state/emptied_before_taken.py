"""LIF430: a table is emptied before what is to stand in it has been read, so that a failure leaves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Array, Assign, Await, Call, Function, Object, Throw, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_AGAIN: Final = frozenset(
    "reload refresh restore resync sync rescan reread replace update apply import hydrate".split()
)
"""First words of functions that put something in the place of what is there."""
_READS: Final = frozenset(
    "loads parse read_text read_bytes readFile readFileSync open safe_load fetch urlopen fromisoformat".split()
)
_MOST: Final = 60
"""Tables of one file that are looked at."""


@module_check("LIF430", words=_AGAIN)
def emptied_before_taken(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table that a function empties and fills again for what may fail in between."""
    if module.is_test:
        return
    for table in tables(module)[:_MOST]:
        for emptied in _emptied(module, table):
            function = function_of(emptied)
            if function is None or not set(words(function.name)[:1]) & _AGAIN or guarding_try(emptied) is not None:
                continue
            fills = [
                one.node for one in table.of("write") if one.function is function and one.node.start > emptied.stop
            ]
            last = max((one.stop for one in fills), default=0)
            risk = next((one for one in _risks(module, function) if emptied.stop < one.start < last), None)
            if risk is not None:
                yield Match(
                    emptied,
                    f"'{table.name}' is emptied here, and '{short(module.text_of(risk))}' may still fail: then what "
                    "was there is gone, and what was to come is there in part or not at all.",
                    related=((risk, "may fail here"),),
                    fix=f"Read everything into a new collection first, and put that in the place of '{table.name}'.",
                )
                break


def _emptied(module: Module, table: Table) -> list[Node]:
    """Return where a table is emptied: ``clear()``, or an empty one in its place."""
    found: list[Node] = [access.node for access in table.of("clear")]
    for assign in module.scopes.fields(table.owner).get(table.name, ()) if table.owner is not None else ():
        value = strip(assign.value) if assign.value is not None else None
        empty = (isinstance(value, Object) and not value.entries) or (isinstance(value, Array) and not value.items)
        empty = empty or (isinstance(value, Call) and value.new and value.name in ("Map", "Set") and not value.args)
        if empty and isinstance(assign, Assign) and assign is not table.declared:
            found.append(assign)
    return sorted({id(one): one for one in found}.values(), key=lambda one: one.start)


def _risks(module: Module, function: Function) -> Iterator[Call]:
    """Yield the calls that read or check what comes, with nothing around them that catches."""
    for call in find(function.body, Call):
        if guarding_try(call) is not None:
            continue
        target = definition(module, call.callee)
        throws = isinstance(target, Function) and target is not function and any(True for _ in find(target.body, Throw))
        if call.name in _READS or isinstance(call.parent, Await) or throws:
            yield call
