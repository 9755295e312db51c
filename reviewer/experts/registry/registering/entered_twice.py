"""REG001: an entry is appended to a list that is searched by id, and nobody asks whether the id is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Function, Member, Name, Object, Param, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.entering import enters, looked_at, of_a_registry
from reviewer.experts.registry.vocabulary import PASSING, REGISTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_IDS: Final = frozenset({"id", "name", "slug", "key", "handle"})


@module_check("REG001", words=REGISTERS)
def entered_twice(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the lists of entries that are filled without a look and searched by id."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind != "list" or set(words(table.name)) & PASSING or not _searched_by_id(module, table):
            continue
        for access in table.of("write"):
            function = access.function
            entering = enters(function)
            if function is None or entering is None or not of_a_registry(table, entering):
                continue
            if not _is_entry(module, access) or looked_at(module, table, function, access.node):
                continue
            yield Match(
                access.node,
                f"'{entering.name}' appends to '{table.name}' without looking whether the id is in it: of two entries "
                "with one id only the first is ever found.",
            )
            break


def _searched_by_id(module: Module, table: Table) -> bool:
    """Tell whether somewhere the one entry with an id is sought in the list."""
    for access in table.of("iterate"):
        if isinstance(access.node, Call) and access.node.name in ("find", "findIndex") and access.node.args:
            by = strip(access.node.args[0])
            if isinstance(by, Function) and any(_compares_id(node) for node in walk(by.body)):
                return True
    for call in module.calls(("find", "findIndex", "next")):
        given = [*call.args, *([call.receiver] if call.receiver is not None else [])]
        if any(table.name in module.text_of(one) for one in given) and any(
            _compares_id(node) for one in given for node in walk(one)
        ):
            return True
    return False


def _compares_id(node: object) -> bool:
    if not isinstance(node, Binary) or node.op != "==":
        return False
    sides = (strip(side) for side in (node.left, node.right))
    return any(isinstance(side, Member) and side.name in _IDS for side in sides)


def _is_entry(module: Module, access: Access) -> bool:
    """Tell whether what is appended is a thing with an id: a parameter, or an object that is made here."""
    value = strip(access.value) if access.value is not None else None
    if isinstance(value, Name):
        made = module.scopes.origin(value)
        if isinstance(made, Param):
            return True
        value = made if isinstance(made, Object | Call) else None
    if isinstance(value, Object):
        return bool(set(value.keys) & _IDS)
    return isinstance(value, Call) and (value.new or value.name[:1].isupper()) and bool(list(calls_in(value)))
