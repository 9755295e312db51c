"""LIF057, of records: a new one takes the place of the old, and what releases the old one is only called elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.flow import in_handler
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Function, Name, strip
from reviewer.code.tables import tables
from reviewer.code.walk import calls_in, find, inside
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.unloading import swaps
from reviewer.experts.lifecycle.vocabulary import RELEASE_WORDS, has_word

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Table

_SWAPS = frozenset({"reload", "update", "upgrade", "swap", "replace", "refresh"})


@module_check("LIF057", words=_SWAPS)
def replaced_not_released(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare what is called of an entry that is taken out of a table with what a reload calls of the old one."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind != "map" or table.owner is None:
            continue
        released = _released(table)
        if released is None:
            continue
        for write in table.of("write"):
            function = write.function
            if function is None or not swaps(function.name) or not _reads(table, function):
                continue
            called = _called(function)
            if released.name not in called and not any(has_word(name, RELEASE_WORDS) for name in called):
                yield Match(
                    write.node,
                    f"'{function.name}' puts a new entry in the place of the old in '{table.name}' and never calls its "
                    f"'{released.name}', as line {released.line} does: what the old one has left stays for ever.",
                    related=((released, "called of what is taken out"),),
                )
                break


def _called(function: Function) -> set[str]:
    """Return the names of what a function and its helpers call outside of handlers, where nothing has failed."""
    own = [call for call in calls_in(function.body) if in_handler(call) is None]
    found = {call.name for call in own}
    for call in own:
        callee = strip(call.callee)
        helper = definition(function.module, callee) if is_this_member(callee) or isinstance(callee, Name) else None
        if isinstance(helper, Function):
            found |= {inner.name for inner in calls_in(helper.body) if in_handler(inner) is None}
    return found


def _released(table: Table) -> Call | None:
    """Return the call that takes an entry back where it is taken out of the table."""
    gone = {id(one.function) for one in table.of("delete")}
    for taken in table.of("delete", "read"):
        function = taken.function
        if function is None or swaps(function.name) or id(function) not in gone:
            continue
        for assign in find(function.body, Assign):
            if not isinstance(assign.target, Name) or assign.value is None or not inside(taken.node, assign):
                continue
            for call in calls_in(function.body):
                of = strip(call.receiver) if call.receiver is not None else None
                if isinstance(of, Name) and of.id == assign.target.id and has_word(call.name, RELEASE_WORDS):
                    return call
    return None


def _reads(table: Table, function: Function) -> bool:
    """Tell whether a function takes the old entry out of the table to look at."""
    return any(access.function is function for access in table.of("read", "delete"))
