"""SEC028: rights are read from a store once and kept, and whoever takes them away tells only the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Name
from reviewer.code.text.ideas import GRANTS, RIGHTS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.memos import Memo, memos
from reviewer.experts.patterns.vocabulary import spelled
from reviewer.experts.patterns.worked_from import House, compared_when_read, stale_results
from reviewer.experts.security.over_time.kept_answer import CHANGES, keeps_answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Call, Expr, Function
    from reviewer.experts.check import Inquiry

_TAKES: Final = word_set("revoke withdraw ungrant downgrade disallow")
_AT_STORE: Final = _TAKES | word_set("drop delete remove clear erase unset forget destroy")


@module_check("SEC028", words=_TAKES | GRANTS | RIGHTS)
def revoked_at_source_only(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table of rights that is filled from a store for the function that takes them away."""
    if module.is_test:
        return
    said = {id(stale.memo.table) for stale in stale_results(inquiry, module)}
    for memo in memos(inquiry, module):
        table = memo.table
        if table is None or id(table) in said or not memo.reads or not _of_rights(memo, table.name):
            continue
        if compared_when_read(memo) or any(one.function is not memo.function for one in table.accesses):
            continue
        house = House(module, table)
        made_of = house.read(memo.value, memo.function) - {table.name}
        for function in house.members:
            told = keeps_answers(table, memo.function) and set(words(function.name)) & CHANGES
            if told or not _takes_away(function) or house.touches(memo, function):
                continue
            call = _tells(house, function, made_of)
            if call is not None:
                said.add(id(table))
                yield Match(
                    call,
                    f"'{function.name}' takes the right from where '{table.name}' was filled, and leaves it in there: "
                    "it works until the program is started anew.",
                    related=((memo.node, "kept here"),),
                )
                break


def _of_rights(memo: Memo, name: str) -> bool:
    """Tell whether what is kept is what somebody may do, by its name, by who keeps it, or by what was asked for it."""
    given = [memo.value]
    if isinstance(memo.value, Name):
        given += [
            a.value for a in find(memo.function.body, Assign) if a.value is not None and _is(a.target, memo.value)
        ]
    asked = [call.name for call in calls_in(given)]
    return any(set(spelled(one)) & (GRANTS | RIGHTS) for one in (name, memo.function.name, *asked))


def _is(target: Expr, name: Name) -> bool:
    return isinstance(target, Name) and target.id == name.id


def _takes_away(function: Function) -> bool:
    """Tell whether a function takes a right from somebody: ``withdraw``, ``drop_grant``."""
    said = words(function.name)
    if set(said[:1]) & _TAKES:
        return True
    return bool(set(said[:1]) & _AT_STORE) and bool(set(said) & (GRANTS | RIGHTS))


def _tells(house: House, function: Function, sources: set[str]) -> Call | None:
    """Return the call by which a function has one of the sources take something away."""
    return next(
        (
            call
            for call in calls_in(function.body)
            if call.receiver is not None
            and house.name(call.receiver) in sources
            and set(words(call.name)[:1]) & _AT_STORE
        ),
        None,
    )
