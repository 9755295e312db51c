"""PAT014: rows that were read are kept, and a statement of the same class changes them in the database."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Member
from reviewer.code.walk import find
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.patterns.memos import memos
from reviewer.experts.patterns.vocabulary import spelled
from reviewer.experts.registry.sql_statements import Run, runs_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Function
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.memos import Memo

_SOME: Final = regex(r"\b(?:status|state|active|enabled|published|visible)\b", re.IGNORECASE)
_AGES: Final = frozenset("ttl expires expiry age fresh stale until deadline generation revision".split())


@module_check("PAT014", words={"prepare", "query", "execute", "run", "all", "fetch"})
def cached_rows_kept(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class that keeps what it read from a table for methods that change the table and drop nothing."""
    if module.is_test:
        return
    said: set[int] = set()
    for memo in memos(inquiry, module):
        table = memo.table
        if table is None or table.owner is None or id(table) in said or not memo.reads or _ages(memo):
            continue
        read = [one for one in runs_in(memo.function) if one.verb == "select"]
        drops = {id(a.function): a for a in table.of("delete", "clear") if a.function is not memo.function}
        for method in table.owner.methods:
            change = _change(method, read) if method is not memo.function else None
            if change is None or _drops(method, table.owner, table.name, set(drops)):
                continue
            said.add(id(table))
            yield Match(
                change.call,
                f"The rows that '{table.name}' keeps are changed here, and '{method.name}' leaves them there: until "
                "the process ends, the old ones are the answer.",
                related=((memo.node, "kept here"),),
            )
            break


def _ages(memo: Memo) -> bool:
    names = (member.name for member in find(memo.function.body, Member))
    return any(_AGES & set(spelled(name)) for name in names)


def _change(method: Function, read: list[Run]) -> Run | None:
    """Return the statement of a method that changes rows of which some were kept."""
    for one in runs_in(method):
        for kept in read:
            if one.verb == "select" or not one.tables & kept.tables:
                continue
            if one.verb in ("update", "delete") or not _SOME.search(kept.text):
                return one
    return None


def _drops(method: Function, cls: Class, cache: str, dropping: set[int]) -> bool:
    """Tell whether a method touches the cache, or calls one that takes something out of it."""
    if any(member.name.lstrip("#") == cache.lstrip("#") for member in find(method.body, Member)):
        return True
    called = {call.name for call in find(method.body, Call)}
    return any(id(other) in dropping and other.name in called for other in cls.methods)
