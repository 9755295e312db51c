"""SEC013: what was seen, used or revoked is looked for in a collection that no line fills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Export,
    Field,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, inside, names_in, uses_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.security.asking.refusals_unread import REFUSED, is_handed_on, is_private

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_SEEN: Final = word_set("seen nonce nonces used spent replayed consumed withdrawn expired retired failures strikes")


_FILLS: Final = frozenset("append appendleft add push unshift insert extend update set setdefault put".split())
_LOOKS_AT: Final = frozenset("len min max sum any all sorted list set tuple".split())
_USED: Final = word_set(
    "reads uses used calls hits attempts requests usage counts counters sent spent tries visits downloads recent"
)
"""Words of what is counted and held against a limit."""


@module_check("SEC013", words=REFUSED | _SEEN | _USED)
def memory_never_filled(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every table of what must not come again for a line that enters something."""
    if module.is_test:
        return
    for table in tables(module):
        asked = table.of("has", "read")
        counted = bool(set(words(table.name)) & _USED) and any(_is_held_to_limit(module, one.node) for one in asked)
        if not asked or not (counted or set(words(table.name)) & (REFUSED | _SEEN)):
            continue
        if table.of("write") or not _is_empty(table) or any(_fills_what_it_reads(one.node) for one in asked):
            continue
        if is_handed_on(table, module) or (table.owner is not None and not is_private(table)) or _is_exported(table):
            continue
        yield Match(
            asked[0].node,
            f"No line ever enters anything into '{table.name}', so nothing is found in it: "
            + ("nobody ever reaches the limit." if counted else "what must not come again is let through each time."),
            related=((table.declared, "made here, and empty"),),
            fix="Enter it when it was let through, before the work is done.",
        )


def _is_held_to_limit(module: Module, read: Node) -> bool:
    """Tell whether what is read, or what is left of it, is compared by how much it is with a limit."""
    function = function_of(read)
    kept = next((one for one in ancestors(read) if isinstance(one, Assign)), None)
    named = kept.target.id if kept is not None and isinstance(kept.target, Name) else ""
    for test in find(function.body, Binary) if function is not None else ():
        if test.op in (">", ">=", "<", "<=") and (inside(read, test) or (named and named in names_in(test))):
            return True
    return False


def _fills_what_it_reads(read: Node) -> bool:
    """Tell whether what is read is put into, or goes where that may be done: ``uses[name].append(now)``."""
    function = function_of(read)
    kept = read.parent if isinstance(read.parent, Assign) and read.parent.value is read else None
    if kept is None:
        return _goes_on(read)
    if not isinstance(kept.target, Name) or function is None:
        return True
    return any(_goes_on(use) for use in uses_of(kept.target.id, function) if use is not kept.target)


def _goes_on(held: Node) -> bool:
    """Tell whether something is put into a collection, or the collection is handed on."""
    around = held.parent
    if isinstance(around, Member):
        return isinstance(around.parent, Call) and around.name in _FILLS
    if isinstance(around, Assign):
        return around.target is held or around.value is held
    return isinstance(around, Return) or (
        isinstance(around, Call) and held in around.args and around.name not in _LOOKS_AT
    )


def _is_empty(table: Table) -> bool:
    """Tell whether a table begins with nothing in it."""
    made = table.declared.value if isinstance(table.declared, Assign | Field) else None
    value = strip(made) if made is not None else None
    if isinstance(value, Call):
        if value.name == "defaultdict":
            return len(value.args) == 1 and not value.keywords
        return not value.args or (isinstance(strip(value.args[0]), Literal) and value.name != "set")
    return (isinstance(value, Object) and not value.entries) or (isinstance(value, Array) and not value.items)


def _is_exported(table: Table) -> bool:
    outside = table.owner is None and table.scope is None
    return outside and any(isinstance(around, Export) for around in ancestors(table.declared))
