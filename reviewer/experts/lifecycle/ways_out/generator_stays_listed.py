"""LIF185: a generator puts something of its reader's on a list, and takes it off nowhere when the reader leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    For,
    Member,
    Name,
    Object,
    Template,
    Try,
    While,
    With,
    Yield,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.walk import ancestors, calls_in, find, names_in
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function
    from reviewer.experts.check import Inquiry

_PUTS: Final = frozenset({"append", "add", "push", "set"})


@module_check("LIF185", words={"append", "add", "push", "set"})
def generator_stays_listed(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each generator that enters what it reads from into a table, for a ``finally`` that takes it out."""
    if module.is_test:
        return
    generators = [one for one in module.functions if one.generator and not one.signature_only and not one.decorators]
    for table in tables(module) if generators else ():
        for access in table.of("write"):
            function, put = access.function, access.node
            if function not in generators or not isinstance(put, Call) or put.name not in _PUTS:
                continue
            if _begins_anew(function, table.name):
                continue  # what was read by the last one before goes with it
            own = {name for arg in put.args for name in _held_in(arg)} & _made_here(function)
            if not own or _is_guarded(function) or not _gives_for_ever(function, put, own):
                continue
            if any(other.function is function for other in table.of("delete", "clear")):
                continue
            name = table.name.removeprefix("#")
            yield Match(
                put,
                f"'{function.name}' puts this into '{name}' and takes it out nowhere: a reader who breaks off or is "
                "cancelled ends the generator at its yield, and what it read from stays and goes on being filled.",
                fix="Put the loop into a try, and take it out in the finally.",
            )


def _held_in(arg: Expr) -> set[str]:
    """Return what is entered: what numbers and texts about it are worked out of is not."""
    held = strip(arg)
    if isinstance(held, Object):
        return {name for _key, value in held.entries for name in _held_in(value)}
    if isinstance(held, Call | Template | Binary):
        return set()
    return names_in(held)


def _begins_anew(function: Function, name: str) -> bool:
    """Tell whether the generator itself makes the table that it fills: ``self.results = []``."""
    for one in find(function.body, Assign):
        value = strip(one.value) if one.value is not None else None
        if isinstance(one.target, Member) and one.target.name == name and isinstance(value, Array | Object):
            return True
    return False


def _made_here(function: Function) -> set[str]:
    """Return the variables of a function that hold what it made."""
    return {
        target.id
        for target in find(function.body, Name, into_functions=False)
        if target.parent is not None and getattr(target.parent, "target", None) is target
    }


def _is_guarded(function: Function) -> bool:
    """Tell whether a generator gives its values inside something that runs at its end in any case."""
    return any(
        (isinstance(around, Try) and bool(around.final or around.handlers)) or isinstance(around, With)
        for given in find(function.body, Yield, into_functions=False)
        for around in ancestors(given)
    )


def _gives_for_ever(function: Function, put: Call, own: set[str]) -> bool:
    """Tell whether a loop behind the entering gives out what comes by that which was entered."""
    return any(
        isinstance(around, While | For) and around.raw.start_byte > put.raw.end_byte and own & names_in(around)
        for given in find(function.body, Yield, into_functions=False)
        for around in ancestors(given)
    ) and not any(strip(call.callee) is put for call in calls_in(function.body))
