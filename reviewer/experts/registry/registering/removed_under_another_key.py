"""REG372: the way back that is made with an entry takes out another key than the one that was entered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Call, Function, Name, Param, strip
from reviewer.code.tables import tables
from reviewer.code.walk import find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Access
    from reviewer.experts.check import Inquiry


@module_check("REG372", words={"delete", "pop", "del", "remove", "discard"})
def removed_under_another_key(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each removal for whether anything was ever entered under such a key."""
    if module.is_test:
        return
    for table in tables(module):
        writes = table.of("write")
        if table.kind == "list" or not writes:
            continue
        for gone in table.of("delete"):
            entered = _beside(module, writes, gone)
            if entered is not None and gone.key is not None and entered.key is not None:
                yield Match(
                    gone.node,
                    _said(module, table.name, entered.key, gone.key),
                    related=((entered.node, "entered here"),),
                )
    yield from _of_given_maps(module)


def _said(module: Module, name: str, entered: Expr, gone: Expr) -> str:
    return (
        f"'{name.removeprefix('#')}' is filled under '{module.text_of(entered)}' and emptied under "
        f"'{module.text_of(gone)}': nothing is found there, and the entry stays."
    )


def _of_given_maps(module: Module) -> Iterator[Match]:
    """Look likewise at maps that were handed in: ``menu.set(id, …)`` and, for later, ``menu.delete(label)``."""
    for gone in module.calls(("delete",)):
        later = function_of(gone)
        function = later.outer if later is not None else None
        if function is None or gone.receiver is None or _is_table(module, gone.receiver):
            continue
        holder = module.text_of(gone.receiver)
        sets = [
            call
            for call in find(function.body, Call)
            if call.name == "set" and len(call.args) == 2 and module.text_of(call.receiver or call) == holder
        ]
        removed = _parameter(module, gone.arg(0))
        entered = _parameter(module, sets[0].args[0]) if len(sets) == 1 and function_of(sets[0]) is function else None
        if removed is None or entered is None or removed is entered:
            continue
        if removed.parent is entered.parent is function:
            yield Match(
                gone,
                _said(module, last_name(gone.receiver), sets[0].args[0], gone.args[0]),
                related=((sets[0], "entered here"),),
            )


def _is_table(module: Module, holder: Expr) -> bool:
    call = holder.parent.parent if holder.parent is not None else None
    return any(access.node is call for table in tables(module) for access in table.of("delete"))


def _beside(module: Module, writes: list[Access], gone: Access) -> Access | None:
    """Return the entry of the same function whose removal is made ready there, under another of its parameters."""
    name = _parameter(module, gone.key)
    if name is None or not isinstance(gone.function, Function):
        return None
    same = [one for one in writes if one.function is not None and inside(gone.node, one.function)]
    entered = [one for one in same if (key := _parameter(module, one.key)) is not None and key is not name]
    if len(same) != 1 or not entered or entered[0].function is gone.function:
        return None
    return entered[0] if name.parent is entered[0].function else None


def _parameter(module: Module, key: Expr | None) -> Param | None:
    key = strip(key) if key is not None else None
    bound = module.scopes.lookup(key.id, key) if isinstance(key, Name) else []
    return bound[0] if len(bound) == 1 and isinstance(bound[0], Param) else None
