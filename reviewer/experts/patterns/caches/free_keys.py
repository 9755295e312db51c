"""Signs in code itself that a memory of results is asked under any number of keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Binary, Call, Member
from reviewer.code.walk import find, names_in
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.patterns.memos import Memo

_COMPARES = frozenset({"<", "<=", ">", ">="})


def is_asked_freely(module: Module, memo: Memo) -> bool:
    """Tell whether the key is a text whose length is limited, or the table is kept in the order of its use."""
    asked = names_in(memo.key)
    measured = any(
        one.op in _COMPARES and any(_measures(side, asked) for side in (one.left, one.right))
        for one in find(memo.function.body, Binary)
    )
    return measured or _ordered_by_use(module, memo)


def _measures(side: object, asked: set[str]) -> bool:
    if isinstance(side, Call):
        return side.name == "len" and bool(side.args) and bool(names_in(side.args[0]) & asked)
    return isinstance(side, Member) and side.name == "length" and bool(names_in(side.object) & asked)


def _ordered_by_use(module: Module, memo: Memo) -> bool:
    """Tell whether an entry that is used moves to the end of the table, as where the least used one is to go."""
    table = memo.table
    return table is not None and any(last_name(call.receiver) == table.name for call in module.calls(("move_to_end",)))
