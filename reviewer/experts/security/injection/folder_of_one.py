"""Paths in the folder of one of many: of a plugin that a function of the host is told the name of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Expr, Index, Member, Name, Param, strip
from reviewer.code.walk import function_of
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module

_FOLDERS: Final = word_set("dir directory folder root base home cwd")
_JOINS: Final = frozenset({"join", "joinpath", "resolve", "Path"})
_FINDS: Final = frozenset({"get", "find", "lookup", "require", "of"})


def in_folder_of_one(module: Module, part: Expr, path: Expr) -> bool:
    """Tell whether a parameter is put behind the folder of a record that the same function looks up by another one.

    ``step = steps.get(name)``, ``join(step.folder, file)``: whoever may name a plugin and a file is asked for both.
    """
    function = function_of(part)
    named = module.scopes.lookup(part.id, part) if isinstance(part, Name) else []
    if function is None or len(named) != 1 or not isinstance(named[0], Param) or named[0].parent is not function:
        return False
    base = _base(module, path)
    holder = strip(base.object) if isinstance(base, Member) and set(last_words(base)) & _FOLDERS else None
    record = module.scopes.origin(holder) if holder is not None else None
    key: Expr | None = None
    if isinstance(record, Index):
        key = record.key
    elif isinstance(record, Call) and record.name in _FINDS and len(record.args) == 1:
        key = record.args[0]
    asked = module.scopes.lookup(key.id, key) if isinstance(key, Name) else []
    return any(isinstance(one, Param) and one is not named[0] and one.parent is function for one in asked)


def _base(module: Module, path: Expr) -> Expr | None:
    """Return what a path that is put together begins with."""
    made = module.scopes.origin(path)
    for _ in range(6):
        if isinstance(made, Call) and made.name in _JOINS:
            own = made.receiver is not None and made.name == "joinpath"
            made = made.receiver if own else module.scopes.origin(made.args[0]) if made.args else None
        elif isinstance(made, Binary) and made.op == "/":
            made = module.scopes.origin(made.left)
        else:
            break
    return strip(made) if isinstance(made, Expr) else None
