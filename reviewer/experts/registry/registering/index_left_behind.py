"""REG006: removal takes an entry out of one index and leaves it in the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Function, Member, Name
from reviewer.code.tables import Access, Table, tables
from reviewer.code.text.words import words
from reviewer.code.walk import inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.entering import key_is_given, mentions, params_in, reached, writes_in
from reviewer.experts.registry.nested import nested_calls
from reviewer.experts.registry.vocabulary import PASSING, REMOVES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry
_ADDS: Final = ("append", "add", "push")


@module_check("REG006", words=REMOVES | {"del", "pop"})
def index_left_behind(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare what registration writes with what removal deletes."""
    if module.is_test:
        return
    written = [t for t in tables(module) if _is_filled(module, t) and not set(words(t.name)) & PASSING]
    for first in written:
        removal = _removal(module, first)
        if removal is None:
            continue
        for second in written:
            if second is not first and twins(module, first, second) and not _cleared(module, second):
                function = removal.function
                if function is None or mentions(second, reached(module, function)):
                    continue
                who = f"'{function.name}'" if function.name else "the removal"
                yield Match(
                    removal.node,
                    f"Registration writes '{first.name}' and '{second.name}', but {who} takes the entry out of "
                    f"'{first.name}' alone: it can still be found through '{second.name}'.",
                    related=((_filled_at(module, second), "the index that keeps it"),),
                )


def _is_filled(module: Module, table: Table) -> bool:
    return bool(table.of("write")) or any(True for _ in nested_calls(module, table, *_ADDS))


def _filled_at(module: Module, table: Table) -> Node:
    """Return where something is entered into a table, or into what it holds."""
    for access in table.of("write"):
        return access.node
    return next((call for call, _function in nested_calls(module, table, *_ADDS)), table.declared)


def _removal(module: Module, table: Table) -> Access | None:
    """Return the deletion of an entry by a key that is given."""
    for access in table.of("delete"):
        function = access.function
        if function is not None and access.key is not None and key_is_given(module, access.key):
            nameless = not function.name and function.outer is not None
            if nameless or (function.name and not writes_in(table, function)):
                return access
    for call, function in nested_calls(module, table, "delete", "pop", "discard"):
        key = call.arg(0)
        if key is not None and key_is_given(module, key) and set(words(function.name)[:1]) & REMOVES:
            return Access("delete", call, key, None, function)
    return None


def twins(module: Module, first: Table, second: Table) -> bool:
    """Tell whether one function enters the same thing into both."""
    if first.owner is not second.owner or first.scope is not second.scope:
        return False
    for access in first.of("write"):
        if access.function is None or access.key is None or _only_moved(first, access):
            continue
        keys = params_in(module, access.key)
        for call, function in nested_calls(module, first, "set", "add", "append"):
            if function is access.function:
                keys |= {one for arg in call.args for one in params_in(module, arg)}
        things = params_in(module, access.value) if access.value is not None else set()
        for other in writes_in(second, access.function):
            given = params_in(module, other.key) if other.key is not None else set()
            held = params_in(module, other.value) if other.value is not None else set()
            if keys & (given | held) or things & held:
                return True
        for call, function in nested_calls(module, second, *_ADDS):
            held = {one for arg in call.args for one in params_in(module, arg)}
            if function is access.function and things & held:
                return True
    return False


def _only_moved(table: Table, access: Access) -> bool:
    """Tell whether a write gives an entry of the table another key: ``t[new] = t.pop(old)`` registers nothing."""
    value = access.value
    return value is not None and any(inside(taken.node, value) for taken in table.of("delete", "read"))


def _cleared(module: Module, table: Table) -> bool:
    """Tell whether anything ever leaves a table: a deletion, a filter, an assignment, entries that expire."""
    if table.of("delete") or "Weak" in module.text_of(table.declared):
        return True
    for node in module.all(Assign):
        target = node.target
        named = (isinstance(target, Member) and target.name == table.name and table.owner is not None) or (
            isinstance(target, Name) and target.id == table.name and table.owner is None
        )
        if named and node is not table.declared and not _at_birth(node):
            return True
    return _nested_removal(module, table)


def _at_birth(node: Assign) -> bool:
    around = node.parent
    while around is not None and not isinstance(around, Function):
        around = around.parent
    return isinstance(around, Function) and (around.kind == "constructor" or around.name == "__init__")


def _nested_removal(module: Module, table: Table) -> bool:
    """Tell whether something is removed from the collections inside a table: ``byTag.get(t).delete(id)``."""
    for call in module.calls(("delete", "discard", "remove", "pop", "splice")):
        if call.receiver is not None and table.name in module.text_of(call.receiver):
            return True
    for access in table.of("read", "iterate"):
        function = access.function
        if function is not None and words(function.name)[:1] and words(function.name)[0] in REMOVES:
            return True
    return False
