"""REG032: a registry that plugins enter and never leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Assign, Member, Name
from reviewer.code.tables import tables
from reviewer.code.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import surroundings
from reviewer.experts.registry.entering import enters, key_is_given
from reviewer.experts.registry.vocabulary import FIRM_REGISTERS, PASSING, PLUGINS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry


@module_check("REG032", words=FIRM_REGISTERS)
def never_removed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find tables of plugins that registration fills and no line empties."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind != "map" or set(words(table.name)) & PASSING or table.of("delete", "clear"):
            continue
        for access in table.of("write"):
            entering = enters(access.function)
            if entering is None or access.key is None or not key_is_given(module, access.key):
                continue
            around = surroundings(entering) | set(words(table.name))
            firm = words(entering.name)[0] in FIRM_REGISTERS and around & PLUGINS
            if firm and not _given_anew(module, table):
                yield Match(
                    access.node,
                    f"'{entering.name}' enters into '{table.name}', and no line ever takes anything out again: a "
                    "plugin can't be removed while the host runs.",
                )
                break


def _given_anew(module: Module, table: Table) -> bool:
    """Tell whether the table as a whole is replaced somewhere, or leaves the file."""
    for node in module.all(Assign):
        target = node.target
        named = isinstance(target, Member) and target.name == table.name and table.owner is not None
        named = named or (isinstance(target, Name) and target.id == table.name and table.owner is None)
        if named and node is not table.declared and node.op == "=":
            return True
    return False
