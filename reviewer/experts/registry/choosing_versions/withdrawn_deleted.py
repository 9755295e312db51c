"""REG102: a version that is withdrawn is deleted, and its number is free again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Comprehension, Expr, Function, Literal, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, said_in, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_WITHDRAWS: Final = frozenset("withdraw yank retract unpublish recall pull deprecate block".split())
_DELETE: Final = regex(r"\bdelete\s+from\s+\S+\s+.*\bversion\b", re.IGNORECASE | re.DOTALL)
_LONGEST: Final = 2_000
_GONE: Final = frozenset(
    "withdrawn yanked retracted unpublished recalled removed deleted gone tombstone tombstones graveyard burned burnt "
    "retired used taken reserved blocked revoked".split()
)
"""Words of what keeps the numbers that nobody may use again."""


@module_check("REG102", words=_WITHDRAWS)
def withdrawn_deleted(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what the functions that withdraw a version do with it."""
    if module.is_test:
        return
    for function in module.functions:
        if words(function.name)[:1] and words(function.name)[0] in _WITHDRAWS and _of_version(function):
            deleted = _deleted(function)
            if deleted is not None and not _remembered(function):
                yield Match(
                    deleted,
                    f"'{function.name}' deletes the version: its number can be given to other bytes, and whoever has "
                    "it installed is never told that it was withdrawn.",
                )


def _of_version(function: Function) -> bool:
    return any("version" in words(param.name) for param in function.params)


def _deleted(function: Function) -> Node | None:
    """Return what takes a version out of a table or a statement."""
    for kind in (Literal, Template):
        for text in find(function.body, kind):
            if _DELETE.search(text_of(text)[:_LONGEST]):
                return text
    for call in calls_in(function.body):
        key = call.args[0] if call.name == "delete" and len(call.args) == 1 else None
        if key is not None and "version" in last_words(key):
            return call
    kept = next((made for made in find(function.body, Assign) if _leaves_out(function.module, made)), None)
    put = next((call for call in calls_in(function.body) if _put_without(function.module, call)), None)
    return kept or put or next((call for call in calls_in(function.body) if _popped(call)), None)


def _remembered(function: Function) -> bool:
    """Tell whether a function enters what it deletes among the versions that were withdrawn."""
    return any(
        call.name in ("add", "set", "push", "append")
        and call.receiver is not None
        and bool(set(last_words(call.receiver)) & _GONE)
        for call in calls_in(function.body)
    )


def _leaves_out(module: Module, made: Assign) -> bool:
    """Tell whether a list is put together again without a version: ``rows = rows.filter(…)``."""
    value = strip(made.value) if made.value is not None else None
    over: Expr | None = None
    if isinstance(value, Call) and value.name == "filter":
        over = value.receiver
    elif isinstance(value, Comprehension) and len(value.clauses) == 1:
        over = value.clauses[0][1]
    same = over is not None and module.text_of(over) == module.text_of(made.target)
    return same and value is not None and "version" in said_in(value)


def _put_without(module: Module, call: Call) -> bool:
    """Tell whether a list is put back into its table without a version: ``all.set(name, all.get(name).filter(…))``."""
    if call.name != "set" or len(call.args) != 2 or call.receiver is None:
        return False
    value = strip(call.args[1])
    over = value.receiver if isinstance(value, Call) and value.name == "filter" else None
    made = module.scopes.origin(over) if over is not None else None
    taken = strip(made.left) if isinstance(made, Binary) and made.op in ("??", "or") else made
    same = isinstance(taken, Call) and taken.name == "get" and taken.receiver is not None
    table = module.text_of(taken.receiver) if same and isinstance(taken, Call) and taken.receiver is not None else ""
    return table == module.text_of(call.receiver) and "version" in said_in(value)


def _popped(call: Call) -> bool:
    return call.name == "pop" and bool(call.args) and "version" in last_words(call.args[0])
