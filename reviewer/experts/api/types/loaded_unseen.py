"""API474: what a loaded module gave is entered as a plugin, and nothing has looked whether it is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Expr,
    Function,
    Index,
    Member,
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
from reviewer.experts.registry.running_modules import runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access
    from reviewer.experts.check import Inquiry

_LOOKS: Final = frozenset(
    "isinstance issubclass hasattr callable validate assert check ensure verify conforms zod ajv".split()
)
"""Words of a file that looks somewhere at what it is given."""
_MOST_STEPS: Final = 8


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
            load = _load(module, held)
            if load is None or (isinstance(held, Name) and _is_used(function, held, access)):
                continue
            yield Match(
                access.node,
                f"'{short(module.text_of(held))}' comes from a module that was just loaded, and is entered without a "
                "look whether it has what is called on it later: a plugin that lacks it fails at each call, and is "
                "listed all the same.",
                related=((load, "loaded here"),),
            )


def _load(module: Module, held: Expr) -> Call | None:
    """Return the call that loads the module of which a value is an object: ``new Tile(…)``, ``mod.create()``."""
    made: object = held
    called = False
    for _ in range(_MOST_STEPS):
        made = strip(made) if isinstance(made, Expr) else made
        if isinstance(made, Name):
            origin = module.scopes.origin(made)
            if origin is made:
                return None
            made = origin
        elif isinstance(made, Call):
            if runs(module, made):
                return made if called else None
            called = True
            made = made.args[0] if made.name == "getattr" and made.receiver is None and made.args else made.callee
        elif isinstance(made, Member | Index):
            made = made.object
        elif isinstance(made, Await):
            made = made.value
        else:
            return None
    return None


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
