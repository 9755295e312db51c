"""REG131: stored packages are swept away by their age alone, while the record of what is installed still names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Binary, Call, Comprehension, Expr, For, Member, Name, Template
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.registry.entering import reached
from reviewer.experts.registry.storing.swept_in_use import USED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Function
    from reviewer.experts.check import Inquiry

_SWEEPS: Final = word_set("prune sweep gc collect clean cleanup purge trim evict tidy vacuum shrink expire compact")
_REMOVES: Final = frozenset({"rmtree", "rm", "rmSync", "rmdir", "unlink", "unlinkSync"})
_MOVES: Final = frozenset({"rename", "renameSync", "replace", "move"})
_LISTS: Final = frozenset("iterdir listdir scandir readdir readdirSync glob rglob".split())
_ENTERS: Final = word_set("add put insert save set register record enter append install upsert store")
_RECORDS: Final = word_set(
    "catalog catalogue registry index installed installations entries records db database table ledger inventory"
)
_PASSING: Final = word_set(
    "tmp temp temporary staging draft drafts incoming download downloads log logs backup backups cache caches "
    "thumbnails trash old crash crashes session sessions upload uploads snapshot snapshots history"
)
"""Words of folders from which things may go."""


@module_check("REG131", words=_SWEEPS)
def swept_by_age(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each sweep of a folder whose packages another method of the class enters into a record."""
    if module.is_test:
        return
    for cls in module.classes:
        for sweep in cls.methods:
            if not set(words(sweep.name)) & _SWEEPS:
                continue
            folder, removal = _swept(sweep)
            if folder is None or removal is None or set(words(folder)) & _PASSING:
                continue
            placing = next(((one, record) for one in cls.methods if (record := _entered(one, folder))), None)
            if placing is None or _asks(module, sweep, _records_of(cls)):
                continue
            yield Match(
                removal,
                f"'{sweep.name}' removes what is stored without a look at the record into which '{placing[0].name}' "
                "enters it: what is installed, and perhaps running, loses its files.",
                related=((placing[1], "entered here"),),
            )


def _swept(sweep: Function) -> tuple[str | None, For | None]:
    """Return the field with the folder that a method goes through and removes things from, and the loop."""
    loop = next((one for one in find(sweep.body, For) if _removes_each(one)), None)
    listed = next((call for call in calls_in(sweep.body) if call.name in _LISTS), None)
    if loop is None or listed is None:
        return None, None
    parts = [listed.receiver, *listed.args]
    field = next((one for part in parts if part is not None for one in find(part, Member) if is_this_member(one)), None)
    return (field.name if field is not None else None), loop


def _removes_each(loop: For) -> bool:
    """Tell whether a loop removes things, and holds none of them against a list."""
    parts = [*loop.body, *([loop.iterable] if loop.iterable is not None else [])]
    held = any(test.op in ("in", "not in") for test in find(parts, Binary))
    return not held and any(call.name in _REMOVES for call in calls_in(loop.body))


def _entered(method: Function, folder: str) -> Call | None:
    """Return where a method enters into a record what it has put into the folder."""
    placed = any(
        is_this_member(one) and one.name == folder
        for join in find(method.body, Expr)
        if (isinstance(join, Binary | Template) or (isinstance(join, Call) and join.name in ("join", "joinpath")))
        and not _taken_from(join)
        for one in find(join, Member)
    )
    if not placed:
        return None
    for call in calls_in(method.body):
        on = call.receiver
        recorded = on is not None and is_this_member(on) and set(last_words(on)) & _RECORDS
        if recorded and set(words(call.name)[:1]) & _ENTERS:
            return call
    return None


def _taken_from(place: Expr) -> bool:
    """Tell whether something is moved away from a place."""
    around = place.parent
    return isinstance(around, Call) and around.name in _MOVES and around.args[:1] == [place] and len(around.args) > 1


def _records_of(cls: Class) -> set[str]:
    """Return the fields of a class that hold a record of what is installed."""
    held = (one for method in cls.methods for one in find(method.body, Member) if is_this_member(one))
    return {one.name for one in held if set(words(one.name)) & _RECORDS}


def _asks(module: Module, sweep: Function, records: set[str]) -> bool:
    """Tell whether a sweep asks a record, or is told what is in use."""
    for function in reached(module, sweep, 2):
        for node in walk(function.body):
            if isinstance(node, Member) and node.name in records:
                return True
            if isinstance(node, Comprehension) and any(test.op in ("in", "not in") for test in find(node, Binary)):
                return True
            name = node.name if isinstance(node, Call | Member) else node.id if isinstance(node, Name) else ""
            if set(words(name)) & USED:
                return True
    return False
