"""PAT014: a decorator keeps what a function worked out of a table, and the table changes without a word to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.tables import tables
from reviewer.code.walk import ancestors
from reviewer.experts.check import Match, module_check
from reviewer.experts.patterns.wrapped import wrapped
from reviewer.experts.registry.entering import is_decorated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_FOR_GOOD: Final = frozenset({"lru_cache", "cache", "alru_cache", "memoize", "memoized"})
"""Decorators that keep a result until they are told, or until they need the place."""
_TELLS: Final = frozenset({"cache_clear", "cache_invalidate", "invalidate", "clear_cache", "reset_cache"})


@module_check("PAT014", words={"cache", "memoize", "memoized"})
def wrapped_not_cleared(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each kept function for the tables that it reads, and for what changes those later."""
    if module.is_test or module.language != "python" or not _TELLS.isdisjoint(module.identifiers):
        return
    for kept in wrapped(module):
        if kept.by not in _FOR_GOOD:
            continue
        for table in tables(module):
            read = [one for one in table.of("read", "iterate", "has") if _within(one, kept.function)]
            if not read:
                continue
            through = any(one.how == "iterate" for one in read)
            change = next((one for one in _changes(table, through) if not _within(one, kept.function)), None)
            if change is not None:
                yield Match(
                    change.node,
                    f"'{table.name}' changes here, and '@{kept.by}' keeps what '{kept.function.name}' made of it "
                    "before: what was taken out or replaced goes on being given.",
                    related=((kept.node, "kept here"),),
                )
                break


def _within(access: Access, function: Function) -> bool:
    return access.function is function or any(around is function for around in ancestors(access.node))


def _changes(table: Table, through: bool) -> list[Access]:
    """Return what changes a table while it is in use, what takes out of it first; nothing while its file is read.

    What is put in later concerns those who went through the table: who found nothing under a key has an error to show
    for it, and that is not kept. What a decorator enters is there before anybody asks.
    """
    entered = [one for one in table.of("write") if not is_decorated(one)] if through else []
    changes = [*table.of("delete", "clear"), *entered]
    return [one for one in changes if one.function is not None and one.function.name not in ("__init__", "__new__")]
