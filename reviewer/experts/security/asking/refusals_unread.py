"""SEC013: somebody is entered as revoked or blocked, and no line ever looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Member, Name
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

REFUSED: Final = frozenset(
    "revoked revocations blocked blocklist banned bans denied denylist blacklist blacklisted quarantined quarantine "
    "suspended forbidden barred".split()
)


@module_check("SEC013", words=REFUSED)
def refusals_unread(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every table of those who are refused for anybody who reads it."""
    if module.is_test:
        return
    for table in tables(module):
        if not set(words(table.name)) & REFUSED or not table.of("write") or _is_read(table):
            continue
        if (
            table.owner is None
            and table.scope is None
            and "export" in module.text_of(table.declared.parent or table.declared)
        ):
            continue
        if is_handed_on(table, module) or (table.owner is not None and not is_private(table)):
            continue
        first = next((a for a in table.of("write") if not _at_start(a)), table.of("write")[0])
        seen = table.of("read", "has", "iterate")
        early = "no line looks into it after the start" if seen else "no line ever looks into it"
        yield Match(
            first.node,
            f"Who is entered into '{table.name}' goes on as before: {early}.",
        )


def _is_read(table: Table) -> bool:
    """Tell whether anybody looks into a table; a look at the start does not see who is entered later."""
    looks = table.of("read", "has", "iterate")
    later = any(not _at_start(access) for access in table.of("write"))
    return any(not (later and _at_start(access)) for access in looks)


def _at_start(access: Access) -> bool:
    """Tell whether an access belongs to the making of the object."""
    return access.function is not None and access.function.kind == "constructor"


def is_private(table: Table) -> bool:
    """Tell whether nobody outside of the class can read a field."""
    if table.name.startswith(("#", "_")):
        return True
    return table.owner is not None and any(field.private for field in table.owner.fields if field.name == table.name)


def is_handed_on(table: Table, module: Module) -> bool:
    """Tell whether the table is named anywhere but where it is made, filled and emptied."""
    known = {id(access.node) for access in table.accesses}
    uses = 0
    named: list[Member | Name] = [*module.all(Member), *module.all(Name)]
    for node in named:
        name = node.name if isinstance(node, Member) else node.id
        if name != table.name or (isinstance(node, Name) and table.owner is not None):
            continue
        around = node.parent
        called = around.parent if around is not None else None
        if id(called) in known or id(around) in known or getattr(around, "target", None) is node:
            continue
        uses += 1
    return uses > 0
