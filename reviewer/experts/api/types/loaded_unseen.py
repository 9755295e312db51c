"""API474: what a loaded module gave is entered as a plugin, and nothing has looked whether it is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Function,
    Name,
    Node,
    Object,
    Unary,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.walk import ancestors, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.guests import load_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access
    from reviewer.experts.check import Inquiry

_LOOKS: Final = frozenset(
    "isinstance issubclass hasattr callable validate assert check ensure verify conforms zod ajv".split()
)
"""Words of a file that looks somewhere at what it is given."""


@module_check("API474", words={"import", "require", "importlib", "runpy"})
def loaded_unseen(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is put into a table: whether it is an object of a loaded module that nobody asked anything."""
    if inquiry.subject.kind != "host" or module.is_test or module.words & _LOOKS:
        return
    for table in tables(module):
        for access in table.of("write"):
            held = strip(access.value) if access.value is not None else None
            function = access.function
            if access.key is None or function is None or not isinstance(held, Name | Call):
                continue
            load, called = load_of(module, held) or (None, False)
            if load is None or not called or (isinstance(held, Name) and _is_used(function, held, access)):
                continue
            yield Match(
                access.node,
                f"'{short(module.text_of(held))}' comes from a module that was just loaded, and is entered without a "
                "look whether it has what is called on it later: a plugin that lacks it fails at each call, and is "
                "listed all the same.",
                related=((load, "loaded here"),),
            )


def _is_used(function: Function, held: Name, access: Access) -> bool:
    """Tell whether a function does anything with a value but to enter it: it asks it, calls it, or hands it on."""
    for use in find(function.body, Name):
        if use.id != held.id or use is held or (isinstance(use.parent, Assign) and use.parent.target is use):
            continue
        if any(around is access.node for around in ancestors(use)):
            continue
        return not _only_noted(use)
    return False


def _only_noted(use: Name) -> bool:
    """Tell whether a value is only put somewhere else as well: into a record, or another collection."""
    around: Node | None = use.parent
    if isinstance(around, Object):
        return True
    return isinstance(around, Assign) and around.value is use and not isinstance(around, Unary | Binary)
