"""Names of members that stand in a list which the program writes out, whoever goes through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.call_sites import call_sites
from reviewer.code.syntax import Array, Call, Expr, Function, Literal, Member, Name, Object, Param, strip

if TYPE_CHECKING:
    from reviewer.code.module import Module


def is_written_out(module: Module, name: Expr) -> bool:
    """Tell whether a name is a field of the entries of a list that is written out here, or by all who hand it in.

    ``apply([{ option: "debounce", method: "debounce" }], subject)``
    """
    said = strip(name)
    if isinstance(said, Name):
        return _is_of_texts(module, said)
    entry = module.scopes.origin(said.object) if isinstance(said, Member) else None
    each = entry.parent if isinstance(entry, Param) else None
    loop = each.parent if isinstance(each, Function) else None
    if not isinstance(said, Member) or not isinstance(loop, Call) or not isinstance(loop.receiver, Name):
        return False
    table = module.scopes.origin(loop.receiver)
    taker = table.parent if isinstance(table, Param) else None
    if not isinstance(table, Param) or not isinstance(taker, Function) or table not in taker.params:
        return isinstance(table, Expr) and _holds_texts(table, said.name)
    place, sites = taker.params.index(table), call_sites(module, taker)
    given = [(at, call.arg(place, table.name)) for at, call in sites] if sites is not None else []
    made = [at.scopes.origin(one) if isinstance(one, Name) else one for at, one in given]
    return bool(made) and all(isinstance(one, Expr) and _holds_texts(one, said.name) for one in made)


def _is_of_texts(module: Module, name: Name) -> bool:
    """Tell whether a name is each of a list of texts that is written out: ``["warn", "error"].map((it) => …)``."""
    bound = module.scopes.lookup(name.id, name)
    each = bound[0].parent if len(bound) == 1 and isinstance(bound[0], Param) else None
    loop = each.parent if isinstance(each, Function) else None
    if not isinstance(each, Function) or not isinstance(loop, Call) or loop.receiver is None or each not in loop.args:
        return False
    place = 1 if loop.name in ("reduce", "reduceRight") else 0
    table = module.scopes.origin(loop.receiver)
    items = [strip(item) for item in table.items] if isinstance(table, Array) else []
    return each.params[place : place + 1] == bound and bool(items) and all(isinstance(one, Literal) for one in items)


def _holds_texts(table: Expr, field: str) -> bool:
    """Tell whether a list holds nothing but records in which a field is a constant."""
    items = [strip(item) for item in table.items] if isinstance(table, Array) else []
    return bool(items) and all(
        isinstance(item, Object) and isinstance(value := item.get(field), Expr) and isinstance(strip(value), Literal)
        for item in items
    )
