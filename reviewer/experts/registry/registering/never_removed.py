"""REG032: a registry that plugins enter and never leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Assign, Expr, Member, Name
from reviewer.code.tables import kind_of, tables
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import surroundings
from reviewer.experts.registry.entering import enters, key_is_given
from reviewer.experts.registry.vocabulary import FIRM_REGISTERS, OWNERS, PASSING, PLUGINS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry


@module_check("REG032", words=FIRM_REGISTERS | OWNERS)
def never_removed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find tables of plugins that registration fills and no line empties."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind != "map" or set(words(table.name)) & PASSING or table.of("delete", "clear"):
            continue
        for access in table.of("write"):
            entering = enters(access.function) or _loads(access.function)
            if entering is None or access.key is None or not key_is_given(module, access.key):
                continue
            if _is_firm(module, table, entering) and not _given_anew(module, table):
                yield Match(
                    access.node,
                    f"'{entering.name}' enters into '{table.name}', and no line ever takes anything out again: a "
                    "plugin can't be removed while the host runs.",
                )
                break


def _is_firm(module: Module, table: Table, entering: Function) -> bool:
    """Tell whether a function registers by its name, and what it registers are plugins."""
    around = surroundings(entering) | set(words(table.name))
    for param in entering.params:
        around.update(words(param.name), words(param.type))
    if any(_holds_collections(module, access) for access in table.of("write")):
        return False  # what leaves it leaves the collection inside
    firm = words(entering.name)[0] in FIRM_REGISTERS or _loads(entering) is not None
    return firm and bool(around & PLUGINS)


def _loads(function: Function | None) -> Function | None:
    """Return a function that says that it brings a plugin in: ``loadPlugin``."""
    name = words(function.name) if function is not None else ()
    return function if name[:1] in (("load",), ("activate",), ("enable",)) and set(name[1:]) & OWNERS else None


def _holds_collections(module: Module, write: Access) -> bool:
    """Tell whether what a table holds under a key is a collection itself."""
    value = module.scopes.origin(write.value) if write.value is not None else None
    return isinstance(value, Expr) and any(kind_of(module, part) for part in find(value, Expr, into_functions=False))


def _given_anew(module: Module, table: Table) -> bool:
    """Tell whether the table as a whole is replaced somewhere, or leaves the file."""
    for node in module.all(Assign):
        target = node.target
        named = isinstance(target, Member) and target.name == table.name and table.owner is not None
        named = named or (isinstance(target, Name) and target.id == table.name and table.owner is None)
        if named and node is not table.declared and node.op == "=":
            return True
    return False
