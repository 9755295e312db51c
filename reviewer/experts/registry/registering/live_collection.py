"""REG008: a registry hands out the very collection that it keeps its entries in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Function, Member, Throw
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import find, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import surroundings
from reviewer.experts.registry.given_out import given_out
from reviewer.experts.registry.vocabulary import FIRM_REGISTERS, PLUGINS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_REGISTRIES: Final = PLUGINS | frozenset(
    "registry registries directory index shelf depot inventory host manager loader commands handlers services "
    "grants listeners hooks policies".split()
)

_TAKES_IN: Final = frozenset("listen subscribe observe follow hear on".split())
"""First words of functions that take in somebody who wants to hear."""


@module_check("REG008", words=_REGISTRIES | FIRM_REGISTERS | _TAKES_IN | {"throw", "raise"})
def live_collection(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the public functions whose whole answer is the table itself."""
    if module.is_test:
        return
    host = inquiry.subject.kind == "host"
    for table in tables(module):
        for function, answer in given_out(module, table):
            named = (surroundings(function) | set(words(table.name))) & _REGISTRIES
            if not named and not _is_registered_in(table, host=host) and not (host and _is_guarded(table)):
                continue
            if _is_set_by_anybody(table, function):
                continue
            yield Match(
                answer,
                f"'{function.name}' gives out '{table.name}' itself: whoever gets it can add, replace and remove "
                "entries, past every check of the registry.",
            )


def _is_set_by_anybody(table: Table, function: Function) -> bool:
    """Tell whether a property beside the one that gives a table out takes another in its place."""
    beside = function.owner.methods if function.owner is not None and function.kind == "getter" else ()
    return any(
        one.name == function.name
        and one.kind == "setter"
        and any(
            isinstance(put.target, Member) and is_this_member(put.target) and put.target.name == table.name
            for put in find(one.body, Assign)
        )
        for one in beside
    )


def _is_registered_in(table: Table, *, host: bool) -> bool:
    """Tell whether the functions that fill a table say that they register something, or somebody who hears."""
    first = FIRM_REGISTERS | _TAKES_IN if host else FIRM_REGISTERS
    return any(
        access.function is not None and set(words(access.function.name)[:1]) & first for access in table.of("write")
    )


def _is_guarded(table: Table) -> bool:
    """Tell whether a function that puts something in asks the table first, and throws by what it hears."""
    asking = [access.node for access in table.of("has", "read")]
    for access in table.of("write"):
        function = access.function
        for thrown in find(function.body, Throw, into_functions=False) if function is not None else ():
            if any(inside(node, known.test) for known in conditions(thrown) for node in asking):
                return True
    return False
