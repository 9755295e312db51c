"""REG006: removal takes an entry out of one index and leaves it in the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Assign, Binary, Call, Expr, For, Function, Member, Name, strip
from reviewer.code.tables import Access, Table, is_tally, tables
from reviewer.code.text.words import words
from reviewer.code.walk import find, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.entering import key_is_given, mentions, reached, writes_in
from reviewer.experts.registry.nested import nested_calls
from reviewer.experts.registry.twin_tables import ADDS, twins
from reviewer.experts.registry.vocabulary import PASSING, REMOVES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry


@module_check("REG006", words=REMOVES | {"del", "pop"})
def index_left_behind(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare what registration writes with what removal deletes."""
    if module.is_test:
        return
    told: set[tuple[int, str]] = set()
    written = [t for t in tables(module) if _is_filled(module, t) and not set(words(t.name)) & PASSING]
    for first in written:
        removal = removal_of(module, first)
        if removal is None:
            continue
        for second in written:
            if second is not first and twins(module, first, second) and not _cleared(module, second):
                function = removal.function
                if (
                    function is None
                    or mentions(second, reached(module, function))
                    or _runs_held(module, first, function)
                    or _live_apart(first, second)
                    or _is_memo(module, second)
                    or is_tally(second)
                ):
                    continue
                if (id(function), second.name) in told:
                    continue  # one index is left, however many others the removal takes the entry out of
                told.add((id(function), second.name))
                who = f"'{function.name}'" if function.name else "the removal"
                yield Match(
                    removal.node,
                    f"Registration writes '{first.name}' and '{second.name}', but {who} takes the entry out of "
                    f"'{first.name}' alone: it can still be found through '{second.name}'.",
                    related=((_filled_at(module, second), "the index that keeps it"),),
                )


def _live_apart(first: Table, second: Table) -> bool:
    """Tell whether each of two tables is also filled without the other: what is known, and what is running of it."""
    filled = [{id(one.function) for one in table.of("write")} for table in (first, second)]
    return bool(filled[0] - filled[1]) and bool(filled[1] - filled[0])


def _is_memo(module: Module, table: Table) -> bool:
    """Tell whether a table only saves work: what is put in is what it held, or else made anew.

    What is made anew and then filled by the registration, ``(byTag.get(tag) ?? new Set()).add(name)``, is an index.
    """
    if any(True for _ in nested_calls(module, table, *ADDS)):
        return False
    for access in table.of("write"):
        held = strip(access.value) if access.value is not None else None
        made = module.scopes.origin(held) if isinstance(held, Name) else held
        if isinstance(made, Binary) and made.op in ("or", "??"):
            reads = (one.node for one in table.of("read"))
            if any(inside(read, made.left) for read in reads):
                return True
    return False


def _runs_held(module: Module, table: Table, function: Function) -> bool:
    """Tell whether a removal calls what it takes out: functions that were kept to undo what was done elsewhere."""
    for call in find(function.body, Call):
        name = call.callee if isinstance(call.callee, Name) else None
        for binding in module.scopes.lookup(name.id, name)[:1] if name is not None else ():
            source = binding.iterable if isinstance(binding, For) else getattr(binding, "value", None)
            if isinstance(source, Expr) and table.name in module.text_of(source):
                return True
    return False


def _is_filled(module: Module, table: Table) -> bool:
    return bool(table.of("write")) or any(True for _ in nested_calls(module, table, *ADDS))


def _filled_at(module: Module, table: Table) -> Node:
    """Return where something is entered into a table, or into what it holds."""
    for access in table.of("write"):
        return access.node
    return next((call for call, _function in nested_calls(module, table, *ADDS)), table.declared)


def removal_of(module: Module, table: Table) -> Access | None:
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
