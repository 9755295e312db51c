"""PAT161: a collection that others touch under a lock is changed without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter, is_stopper
from reviewer.code.syntax import Call, Function
from reviewer.code.tables import tables
from reviewer.code.walk import function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.held_locks import holds, locks_beside, of_the_loop, takes, under
from reviewer.experts.patterns.shared.iterated_without_the_lock import is_early

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_ENOUGH: Final = 2
"""Methods beside it that hold the lock for the same collection."""
_STEPS: Final = 2
"""Uses in one method from which another thread may come between."""


@module_check("PAT161", words={"lock"})
def changed_without_the_lock(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the methods of a class that has a lock, of which one changes a collection without it."""
    if module.is_test or module.language != "python":
        return
    for table in tables(module):
        cls = table.owner
        locks = locks_beside(module, table)
        if not locks or of_the_loop(module, table, locks):
            continue
        by: dict[int, tuple[Function, list[Node], bool]] = {}
        set_to = module.scopes.fields(cls).get(table.name, ()) if cls is not None else ()
        again = [one for one in set_to if one is not table.declared]
        for node in (*(access.node for access in table.accesses), *again):
            method = _method(function_of(node), table)
            if method is None or method.owner is not cls or (cls is None and method is table.scope):
                continue
            held = holds(node, locks) or takes(method, locks) or under(cls, method, locks)
            _known, uses, all_held = by.get(id(method), (method, [], True))
            by[id(method)] = (method, uses if held else [*uses, node], all_held and held)
        guarded = [method for method, _uses, held in by.values() if held and method.name != "__init__"]
        bare = [(method, uses) for method, uses, held in by.values() if not held and not _alone(method)]
        if len(guarded) < _ENOUGH or len(bare) != 1:
            continue
        method, uses = bare[0]
        change = _first_change(table, uses)
        if change is None:
            continue
        yield Match(
            change.node,
            f"'{table.name}' is changed here without the lock that '{guarded[0].name}' and '{guarded[1].name}' hold "
            "for it: what they do in the meantime is lost, or done to half of a change.",
            related=((guarded[0], "this one holds the lock"),),
            confidence=None if len(uses) >= _STEPS else Confidence.POSSIBLE,
        )


def _method(function: Function | None, table: Table) -> Function | None:
    """Return the method that a function stands in, or the function beside the collection."""
    while function is not None and function.owner is None and (table.owner or function.outer is not table.scope):
        function = function.outer
    return function


def _alone(method: Function) -> bool:
    """Tell whether a method runs before or after everything else does."""
    return is_early(method) or is_starter(method.name) or is_stopper(method.name) or method.name.startswith("__")


def _first_change(table: Table, uses: list[Node]) -> Access | None:
    """Return the first change in place that a method makes; a new collection in the place of the old is none."""
    changes = [use for use in table.of("write", "delete") if any(use.node is one for one in uses)]
    return next((use for use in changes if isinstance(use.node, Call) or use.key is not None), None)
