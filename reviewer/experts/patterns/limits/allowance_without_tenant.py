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
            (one for one in table.of("write") if _left_out(one) and _is_of_allowances(module, table, one)), None
        )
        if write is None or write.function is None or write.key is None:
            continue
        yield Match(
            write.node,
            f"'{table.name}' keeps an allowance under '{short(module.text_of(write.key))}', and '{_left_out(write)}', "
            f"of which '{write.function.name}' is told, goes into nothing: all tenants share one allowance.",
        )


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
    if set(words(table.name)) & _ALLOWANCES:
        return True
    made = strip(write.value)
    record = definition(module, made.callee) if isinstance(made, Call) else None
    said = {word for field in record.fields for word in words(field.name)} if isinstance(record, Class) else set()
    return len(said & _ALLOWANCES) > 1
