"""LIF036: what plugins left to be undone is undone one after another, and the first that fails keeps the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, For, Function, Member, Name, Object, Param, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.turns.isolated import caught
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_UNDOES: Final = word_set(
    "undo undos undoer undoers dispose disposer disposers disposable disposables cleanup cleanups teardown teardowns "
    "release releases releaser releasers off offs finalizer finalizers unsubscribe unsubscribes unsubscriber "
    "unsubscribers stopper stoppers closer closers exit exits rollback rollbacks destructor destructors undone"
)
_ENDS: Final = word_set("dispose close stop release cancel destroy unsubscribe undo cleanup teardown end")


@module_check("LIF036", words=_UNDOES)
def undo_fails_in_loop(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the call in a loop over what others gave to be undone, where nothing catches the failure of one."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for table in tables(module):
        if _UNDOES.isdisjoint(words(table.name)) or not _given_by_others(module, table):
            continue
        for loop in _loops_over(module, table):
            call = _undone(loop)
            if call is not None and not caught(module, call, loop):
                yield Match(
                    call,
                    f"When '{module.text_of(call.callee)}' fails the loop ends, and what stands behind it in "
                    f"'{table.name.removeprefix('#')}' is never undone: there is no 'try' around each.",
                )


def _given_by_others(module: Module, table: Table) -> bool:
    """Tell whether what is put in is handed to the function that does so."""
    for access in table.of("write"):
        value = strip(access.value) if access.value is not None else None
        parts = [part for _key, part in value.entries] if isinstance(value, Object) else [value]
        for part in parts:
            bound = module.scopes.lookup(part.id, part) if isinstance(part, Name) else []
            if any(isinstance(binding, Param) and _is_offered(binding.parent) for binding in bound):
                return True
    return False


def _is_offered(function: Node | None) -> bool:
    """Tell whether a function is there for others, and no helper of the owner by which it keeps its own."""
    return isinstance(function, Function) and not function.private and not function.name.startswith(("_", "#"))


def _loops_over(module: Module, table: Table) -> Iterator[For]:
    """Yield the loops over a table, whatever turns it round, copies or empties it."""
    for loop in module.all(For):
        if loop.iterable is not None and any(_names(node, table) for node in walk(loop.iterable)):
            yield loop


def _names(node: object, table: Table) -> bool:
    if isinstance(node, Member):
        return node.name == table.name and table.owner is not None
    return isinstance(node, Name) and node.id == table.name and table.owner is None


def _undone(loop: For) -> Call | None:
    """Return the call of a loop's item, or of an ending method of it."""
    items = {name.id for name in find(loop.target, Name)} if loop.target is not None else set()
    for call in calls_in(loop.body, into_functions=False):
        callee = strip(call.callee)
        if isinstance(callee, Name) and callee.id in items:
            return call
        if isinstance(callee, Member) and _is_item(callee.object, items) and not _ENDS.isdisjoint(words(callee.name)):
            return call
    return None


def _is_item(expr: Expr, items: set[str]) -> bool:
    expr = strip(expr)
    return isinstance(expr, Name) and expr.id in items and not isinstance(expr, Function)
