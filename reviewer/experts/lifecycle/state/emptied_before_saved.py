"""LIF577: the end of a plugin empties what it then puts away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_stopper
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Function, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, statement_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.state.change_not_saved import speaks_of
from reviewer.experts.paths import last_name, last_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Call, Node
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_SAVES: Final = frozenset("save persist store flush checkpoint".split())
_PUTS: Final = frozenset({"set", "put", "save", "setItem", "write"})
_STORES: Final = frozenset("storage store memento localstorage disk".split())
_DEPTH: Final = 2
_MOST: Final = 60
"""Tables of one file that are looked at."""


@module_check("LIF577", words=_SAVES | _STORES)
def emptied_before_saved(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table that an end empties for what is put away behind that."""
    if module.is_test:
        return
    for table in tables(module)[:_MOST]:
        for access in table.of("clear"):
            function = function_of(access.node)
            if function is None or not is_stopper(function.name) or function.kind == "arrow":
                continue
            if not any(statement_of(access.node) is one for one in function.body):
                continue  # perhaps it is not emptied at all
            later = (call for call in calls_in(function.body, into_functions=False) if call.start > access.node.stop)
            save = next((call for call in later if _puts_away(module, table, call)), None)
            if save is not None and not _filled_between(table, access.node, save):
                yield Match(
                    save,
                    f"This puts '{table.name}' away after it was emptied in line {access.node.line}: what was kept is "
                    "overwritten with nothing, and is gone after the next start.",
                    related=((access.node, "emptied here"),),
                    fix=f"Empty '{table.name}' only once it is put away.",
                )
                break


def _puts_away(module: Module, table: Table, call: Call) -> bool:
    """Tell whether a call writes a table into a store, or has a saver do it that was told to."""
    said = set(words(call.name)[:1])
    if call.name in _PUTS and call.receiver is not None and set(last_words(call.receiver)[-1:]) & _STORES:
        return any(speaks_of(module, arg, table, _DEPTH) for arg in call.args)
    if not said & _SAVES:
        return False
    target = definition(module, call.callee)
    if isinstance(target, Function) and target.module is module:
        return _stores(module, target, table)
    return call.receiver is not None and _is_told_to_save(module, table, call)


def _stores(module: Module, function: Function, table: Table) -> bool:
    """Tell whether a function of the file writes a table into a store."""
    for call in calls_in(function.body):
        if call.name in _PUTS and call.receiver is not None and set(last_words(call.receiver)[-1:]) & _STORES:
            return speaks_of(module, function.body, table, _DEPTH)
    return False


def _is_told_to_save(module: Module, table: Table, call: Call) -> bool:
    """Tell whether a saver was made with a function that writes the table: ``new Debouncer(() => store.set(…))``."""
    saver = last_name(call.receiver)
    for made in module.all(Assign):
        value = strip(made.value) if made.value is not None else None
        if last_name(made.target) != saver or value is None:
            continue
        for given in find(value, Function):
            if _stores(module, given, table):
                return True
    return False


def _filled_between(table: Table, emptied: Node, save: Node) -> bool:
    return any(emptied.stop <= one.node.start < save.start for one in table.of("write"))
