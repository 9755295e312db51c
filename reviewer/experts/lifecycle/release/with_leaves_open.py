"""LIF540: ``with`` around a database connection ends the transaction, and leaves the connection open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, Name, With, strip
from reviewer.code.walk import ancestors, find
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_CONNECTS: Final = frozenset({"sqlite3.connect", "sqlite3.dbapi2.connect", "psycopg2.connect"})
"""What gives a connection whose ``with`` commits or rolls back, and does no more."""


@module_check("LIF540", words={"sqlite", "psycopg"})
def with_leaves_open(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each block that opens a connection for itself, where nothing closes it."""
    if module.is_test or module.language != "python":
        return
    for block in module.all(With):
        for value, target in block.items:
            if block.asynchronous or not _opens(module, value):
                continue
            name = target.id if isinstance(target, Name) else ""
            if target is not None and (not name or _handed_on(block, name)):
                continue
            yield Match(
                value,
                f"'with' commits or rolls back what is done with '{name or module.text_of(value)[:40]}', and does not "
                "close it: every run of this block leaves a connection open.",
            )


def _opens(module: Module, value: Expr) -> bool:
    """Tell whether an expression opens a connection anew, itself or by a function that only does that."""
    made = strip(value)
    if not isinstance(made, Call):
        return False
    if module.resolve(made.callee) in _CONNECTS:
        return "factory" not in made.keywords
    target = definition(module, made.callee)
    if not isinstance(target, Function) or target.asynchronous or target.decorators:
        return False
    given = [target.module.scopes.origin(one.value) for one in returns_of(target) if one.value is not None]
    return bool(given) and all(
        isinstance(one, Call) and target.module.resolve(one.callee) in _CONNECTS and "factory" not in one.keywords
        for one in given
    )


def _handed_on(block: With, name: str) -> bool:
    """Tell whether somebody closes the connection all the same, or is handed it to do with it as he likes."""
    around = next((one for one in ancestors(block) if isinstance(one, Function)), block)
    for node in find(around, Name):
        if node.id != name:
            continue
        parent = node.parent
        if getattr(parent, "name", "") == "close" or isinstance(parent, Call):
            return True
    return False
