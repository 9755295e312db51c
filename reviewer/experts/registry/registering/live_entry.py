"""REG008: a registry that saves each change hands out the very record that it keeps for somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Binary, Call, Expr, Field, Index, Member, Return, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_OF_COLLECTIONS: Final = regex(
    r"^(?:\w+\.)?(?:dict|Dict|defaultdict|Map|Record)[\[<]\s*\w+\s*,\s*(?:dict|Dict|list|List|set|Set|Map|Array|Record)\b"
)
"""A type by which each entry of a table is a collection of its own."""
_SAVES: Final = word_set("save persist write flush store commit dump sync")
_MOST: Final = 60


@module_check("REG008", words=_SAVES)
def live_entry(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what public functions give back of a table of collections whose every change is saved."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for table in tables(module)[:_MOST]:
        cls = table.owner
        declared = table.declared
        said = declared.type if isinstance(declared, Assign | Field) else ""
        if cls is None or _OF_COLLECTIONS.search(said) is None:
            continue
        saving = next((one for one in cls.methods if _changes_and_saves(table, one)), None)
        for method in cls.methods if saving is not None else ():
            if method.private or method.name.startswith("_"):
                continue
            for answer in find(method.body, Return, into_functions=False):
                if answer.value is not None and _is_entry(module, answer.value, table.name):
                    yield Match(
                        answer,
                        f"'{method.name}' gives out the record that '{table.name}' keeps, and no copy: whoever changes "
                        f"'{short(module.text_of(answer.value))}' changes what is kept, unsaved and past every check.",
                        related=((saving, "changes are saved here"),) if saving is not None else (),
                    )


def _changes_and_saves(table: Table, method: Function) -> bool:
    """Tell whether a method changes an entry of the table and saves that by another method of the object."""
    changed = any(
        isinstance(one, Member) and is_this_member(one) and one.name == table.name
        for assign in find(method.body, Assign)
        if isinstance(assign.target, Index)
        for one in find(assign.target, Member)
    ) or any(access.function is method for access in table.of("write", "delete"))
    return changed and any(
        is_this_member(strip(call.callee)) and set(words(call.name)) & _SAVES for call in calls_in(method.body)
    )


def _is_entry(module: Module, value: Expr, table: str) -> bool:
    """Tell whether a value is an entry of the table as it is: ``self._pages.get(garden, {})``."""
    made = module.scopes.origin(value)
    expr = strip(made) if isinstance(made, Expr) else strip(value)
    if isinstance(expr, Binary) and expr.op in ("??", "or"):
        expr = strip(expr.left)
    if isinstance(expr, Call) and expr.name in ("get", "setdefault") and expr.receiver is not None:
        holder = strip(expr.receiver)
    elif isinstance(expr, Index):
        holder = strip(expr.object)
    else:
        return False
    return is_this_member(holder) and holder.name == table
