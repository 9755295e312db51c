"""REG001: what plugins enter is kept under the bare name that they give, and one takes the place of another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Binary, Call, Member, Name, Object, Param, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.entering import enters, looked_at, of_a_registry
from reviewer.experts.registry.vocabulary import OWNERS, PASSING, PLUGINS, REPLACES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_WHOSE = OWNERS | PLUGINS


@module_check("REG001", words=_WHOSE)
def overwrites_of_another(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table whose entries say whose they are, and whose keys don't."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind != "map" or set(words(table.name)) & PASSING or not _told_apart(module, table):
            continue
        for access in table.of("write"):
            function = access.function
            if function is None or access.key is None or access.value is None or _spoken_of(table, function):
                continue
            name = _bare_name(module, access.key)
            owner = _owner_in(module, access, function)
            if name is None or owner is None or set(words(function.name)) & REPLACES:
                continue
            if looked_at(module, table, function, access.node):
                continue
            yield Match(
                access.node,
                f"'{table.name}' is kept by '{name}' alone, and '{owner}' says whose it is: a second plugin with the "
                "same name takes the place of the first, whose entry is lost and can't be ended any more.",
            )
            break


def _told_apart(module: Module, table: Table) -> bool:
    """Tell whether somebody goes through the entries for those of one owner: ``if entry.plugin == plugin``."""
    for access in table.of("iterate"):
        body = access.function.body if access.function is not None else []
        for test in find(body, Binary):
            sides = (strip(test.left), strip(test.right))
            if test.op in ("==", "!=") and any(
                isinstance(side, Member) and set(words(side.name)) & _WHOSE for side in sides
            ):
                return True
    return False


def _spoken_of(table: Table, function: Function) -> bool:
    """Tell whether the rule speaks of the table already, by the name of the function that enters."""
    entering = enters(function)
    return entering is not None and of_a_registry(table, entering)


def _bare_name(module: Module, key: Expr) -> str | None:
    """Return the parameter that a key is, where it doesn't say whose it is."""
    key = strip(key)
    if not isinstance(key, Name) or set(words(key.id)) & _WHOSE:
        return None
    bound = module.scopes.lookup(key.id, key)
    return key.id if len(bound) == 1 and isinstance(bound[0], Param) else None


def _owner_in(module: Module, access: Access, function: Function) -> str | None:
    """Return another parameter of the function that says whose the entry is, and that the entry holds."""
    value = strip(access.value) if access.value is not None else None
    made = module.scopes.origin(value) if isinstance(value, Name) else value
    if not isinstance(made, Call | Object):
        return None
    held = {name.id for name in find(made, Name)}
    return next((p.name for p in function.params if p.name in held and set(words(p.name)) & _WHOSE), None)
