"""REG064: entries are restored, and the second index that registration keeps of them is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Function, Member, Name, Throw, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.entering import looks, mentions, reached, writes_in
from reviewer.experts.registry.twin_tables import twins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_RESTORES: Final = frozenset("restore load hydrate revive resume reload recover deserialize deserialise".split())


@module_check("REG064", words=_RESTORES)
def restored_without_index(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the functions that replace one of two tables which registration fills together."""
    if module.is_test:
        return
    known = tables(module)
    for first in known:
        for put in _replaced(module, first):
            function = function_of(put)
            second = next((other for other in known if _is_left(module, first, other, function)), None)
            if function is None or second is None:
                continue
            yield Match(
                put,
                f"'{function.name}' fills '{first.name}' and leaves '{second.name}' empty, which registration fills "
                "with it: after a restart nothing is found there, and removal fails on what is missing.",
                related=((second.declared, "the index that stays empty"),),
            )
            break


def _replaced(module: Module, table: Table) -> Iterator[Assign]:
    """Yield where a restoring function gives a table, as a whole, what was saved."""
    for assign in module.all(Assign):
        target, function = strip(assign.target), function_of(assign)
        if function is None or assign is table.declared or not set(words(function.name)[:1]) & _RESTORES:
            continue
        named = target.name if isinstance(target, Member) else target.id if isinstance(target, Name) else ""
        if named == table.name and (table.owner is not None) == isinstance(target, Member):
            yield assign


def _is_left(module: Module, first: Table, second: Table, function: Function | None) -> bool:
    """Tell whether registration fills both, and neither the function nor anything else builds the second anew."""
    if second is first or function is None or not twins(module, first, second):
        return False
    if mentions(second, reached(module, function)):
        return False
    filled = [access.function for access in second.of("write") if access.function is not None]
    return all(writes_in(first, one) and _refuses_known(first, one) for one in filled)


def _refuses_known(table: Table, function: Function) -> bool:
    """Tell whether registration throws for what is there already, so that it can't fill the second one later."""
    return looks(table, function) and any(True for _ in find(function.body, Throw))
