"""PAT014: there is a function that empties a memory of results, nobody calls it, and what results come from changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Member, Name, strip
from reviewer.code.tables import Table
from reviewer.code.walk import class_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.patterns.filed import filed_in
from reviewer.experts.patterns.memos import Memo, memos
from reviewer.experts.patterns.missing import answers, computed, keeps_instances
from reviewer.experts.patterns.worked_from import FIRST, Change, House, compared_when_read
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Function

_REMOVES = ("delete", "pop", "del", "remove", "discard")


@module_check("PAT014")
def emptier_unused(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each memory of results that only its own house can reach for a function that empties it unheeded."""
    if module.is_test:
        return
    said: set[int] = set()
    for memo in memos(inquiry, module):
        store = memo.table or filed_in(module, memo.node)
        home = _home(memo, store) if store is not None and memo.reads else None
        if store is None or home is None or id(store) in said or compared_when_read(memo):
            continue
        if keeps_instances(memo) or not computed(memo) or not answers(module, memo):
            continue
        unused = _unused(inquiry, store, memo)
        found = _changed(module, home, memo) if unused is not None else None
        if unused is None or found is None:
            continue
        said.add(id(store))
        function, change = found
        where = unused if unused.module is module else locate(unused.module, unused)
        yield Match(
            change.node,
            f"What '{home.name}' keeps was worked out of '{change.what}', which '{function.name}' changes: "
            f"'{unused.name}' would throw the old results away, and nothing calls it.",
            related=((where, "never called"), (memo.node, "kept here")),
        )


def _home(memo: Memo, store: Table) -> Table | None:
    """Return the field in which a class keeps its memory for itself, as a table of it; None if others see it."""
    held = strip(memo.holder) if memo.holder is not None else None
    owner = class_of(memo.node)
    if isinstance(held, Member) and is_this_member(held) and owner is not None and _is_private(memo, held):
        return Table(held.name, "map", memo.node, owner, None)
    if isinstance(held, Name) and memo.table is not None and store.owner is None and store.scope is not None:
        return store
    return None


def _is_private(memo: Memo, held: Member) -> bool:
    if held.name.startswith(("_", "#")):
        return True
    owner = class_of(memo.node)
    return owner is not None and any(
        one.name == held.name and "private" in memo.function.module.text_of(one)[:60] for one in owner.fields
    )


def _unused(inquiry: Inquiry, store: Table, memo: Memo) -> Function | None:
    """Return the function that takes results out, if there is one alone and no line of the subject calls it."""
    fills = {id(one.function) for one in store.of("write")}
    found = {
        id(one.function): one.function
        for one in store.of("delete", "clear")
        if one.function is not None and one.function.name and id(one.function) not in {*fills, id(memo.function)}
    }
    only = next(iter(found.values())) if len(found) == 1 else None
    if only is None or only.name in FIRST:
        return None
    if memo.table is not None and not (only.private or only.name.startswith(("_", "#"))):
        return None  # a method for whoever has the object
    return None if _named_elsewhere(inquiry, only) else only


def _named_elsewhere(inquiry: Inquiry, function: Function) -> bool:
    """Tell whether any line calls a function of this name, or hands it on."""
    name = function.name.lstrip("#")

    def names(module: Module) -> bool:
        here = function.start if module.path == function.module.path else -1
        return any(
            (one.name if isinstance(one, Member) else one.id).lstrip("#") == name
            for one in module.some(Member, Name)
            if isinstance(one, Member | Name) and one.start != here
        )

    return any(inquiry.project.answers(f"patterns.names {name}", names, naming={name}, tests=False))


def _changed(module: Module, home: Table, memo: Memo) -> tuple[Function, Change] | None:
    """Return the function that puts something else in the place of what results are made of, and where."""
    house = House(module, home)
    made_of = house.read(memo.value, memo.function) - {home.name}
    for function in house.members:
        if function.name in FIRST or function is memo.function or function.kind in ("getter", "constructor"):
            continue
        for change in house.changes(function):
            gone = any(module.text_of(change.node).find(f".{word}(") >= 0 for word in _REMOVES)
            if change.what in made_of and not gone and not house.only_adds(function, change):
                return function, change
    return None
