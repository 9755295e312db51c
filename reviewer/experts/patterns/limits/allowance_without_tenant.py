"""PAT019: the allowance of somebody is kept under a key that leaves out the tenant, of whom the function is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Class, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.vocabulary import names_tenant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_ALLOWANCES: Final = word_set(
    "budget budgets quota quotas limit limits limiter limiters bucket buckets allowance allowances credit credits "
    "window windows usage spent remaining"
)
"""Words of what says how much somebody may still do."""


@module_check("PAT019", words=_ALLOWANCES)
def allowance_without_tenant(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table of allowances for an entry that a function makes and never asks for which tenant."""
    if module.is_test:
        return
    for table in tables(module):
        write = next(
            (one for one in table.of("write") if _told_of(one, table) and _is_of_allowances(module, table, one)), None
        )
        if write is None or write.function is None or write.key is None:
            continue
        told = _told_of(write, table)
        yield Match(
            write.node,
            f"'{table.name}' keeps an allowance under '{short(module.text_of(write.key))}', and '{told}', "
            f"of which '{write.function.name}' is told, goes into nothing: all tenants share one allowance.",
        )


def _told_of(write: Access, table: Table) -> str:
    """Return of whom a function is told first and never speaks, whatever that is called."""
    return _left_out(write) or _told_in_vain(write, table)


def _told_in_vain(write: Access, table: Table) -> str:
    """Return what each method of a class of allowances is told before the key, and none of them does a thing with."""
    function, owner = write.function, table.owner
    if function is None or owner is None or write.key is None or not set(words(owner.name)) & _ALLOWANCES:
        return ""
    names = [param.name for param in function.params if param.name not in ("self", "this", "cls")]
    first = names[0] if len(names) > 1 and not names[0].startswith("_") else ""
    told = [one for one in owner.methods if any(param.name == first for param in one.params)] if first else []
    in_vain = len(told) > 1 and all(first not in names_in(one.body) for one in told)
    return first if in_vain and names_in(write.key) & set(names[1:]) else ""


def _left_out(write: Access) -> str:
    """Return the tenant of whom a function is told, where nothing in it ever names that one."""
    function: Function | None = write.function
    if function is None or write.key is None or function.signature_only:
        return ""
    used = names_in(function.body)
    return next((one.name for one in function.params if names_tenant(one.name) and one.name not in used), "")


def _is_of_allowances(module: Module, table: Table, write: Access) -> bool:
    if table.kind != "map" or write.value is None:
        return False
    if set(words(table.name)) & _ALLOWANCES or _told_in_vain(write, table):
        return True
    made = strip(write.value)
    record = definition(module, made.callee) if isinstance(made, Call) else None
    said = {word for field in record.fields for word in words(field.name)} if isinstance(record, Class) else set()
    return len(said & _ALLOWANCES) > 1
