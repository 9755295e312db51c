"""SEC013: what was seen, used or revoked is looked for in a collection that no line fills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Assign, Call, Export, Field, Literal, Object, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.security.asking.refusals_unread import REFUSED, is_handed_on, is_private

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_SEEN: Final = word_set("seen nonce nonces used spent replayed consumed withdrawn expired retired failures strikes")


@module_check("SEC013", words=REFUSED | _SEEN)
def memory_never_filled(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every table of what must not come again for a line that enters something."""
    if module.is_test:
        return
    for table in tables(module):
        asked = table.of("has", "read")
        if not set(words(table.name)) & (REFUSED | _SEEN) or not asked or table.of("write") or not _is_empty(table):
            continue
        if is_handed_on(table, module) or (table.owner is not None and not is_private(table)) or _is_exported(table):
            continue
        yield Match(
            asked[0].node,
            f"No line ever enters anything into '{table.name}', so nothing is found in it: what must not come again is "
            "let through each time.",
            related=((table.declared, "made here, and empty"),),
            fix="Enter it when it was let through, before the work is done.",
        )


def _is_empty(table: Table) -> bool:
    """Tell whether a table begins with nothing in it."""
    made = table.declared.value if isinstance(table.declared, Assign | Field) else None
    value = strip(made) if made is not None else None
    if isinstance(value, Call):
        return not value.args or (isinstance(strip(value.args[0]), Literal) and value.name != "set")
    return (isinstance(value, Object) and not value.entries) or (isinstance(value, Array) and not value.items)


def _is_exported(table: Table) -> bool:
    outside = table.owner is None and table.scope is None
    return outside and any(isinstance(around, Export) for around in ancestors(table.declared))
