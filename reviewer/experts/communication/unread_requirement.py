"""What a command is registered with that says who may run it, and that nobody reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Class, Literal, Member, Object
from reviewer.code.text.ideas import RIGHTS
from reviewer.code.text.words import words
from reviewer.experts.communication.vocabulary import GRANTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

NEEDS: Final = RIGHTS | GRANTS | {"scope", "scopes", "role", "roles"}
"""Words of what somebody has to hold to run something."""


def unread_requirement(inquiry: Inquiry, module: Module, table: Table | None) -> str | None:
    """Return the member of what is kept in a table that says who may run it, where no file of the subject reads it."""
    for access in table.of("write") if table is not None else ():
        for name in _members(module, access.value) if access.value is not None else ():
            if set(words(name)) & NEEDS and not _is_read(inquiry, name):
                return name
    return None


def _members(module: Module, value: Expr) -> Iterator[str]:
    """Yield the names of the members that a record is made with: ``{run, roles}``, ``Step(kit, roles, run)``."""
    made = module.scopes.origin(value)
    if isinstance(made, Object):
        yield from made.keys
    elif isinstance(made, Call):
        shape = definition(module, made.callee)
        yield from (field.name for field in shape.fields) if isinstance(shape, Class) else ()


def _is_read(inquiry: Inquiry, name: str) -> bool:
    """Tell whether a file takes a member of that name from anything, by itself or by its name in quotes."""
    return any(
        _reads(module, node, name)
        for module in inquiry.project.modules(naming={name})
        for node in module.some(Member, Literal)
    )


def _reads(module: Module, node: Member | Literal | object, name: str) -> bool:
    if isinstance(node, Literal):
        return node.value == name and not module.is_test and not isinstance(node.parent, Object)
    if not isinstance(node, Member) or node.name != name:
        return False
    given = node.parent
    return not (isinstance(given, Assign) and given.target is node)
