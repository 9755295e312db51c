"""Members by which a record names the one that it is built on: ``theme.extends``, ``preset.base``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Expr, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.experts.lifecycle.bringing.carried import descended, looked_up_by

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Call, Function

INHERITS: Final = frozenset("extends extend inherits inherit base bases basis derives based alias fallback".split())
"""Words of such members; a parent, as a folder has one, is the place of a thing and not what it is built on."""


def names_base(expr: Expr | None) -> Member | None:
    """Return a member by which a record names what it is built on, where an expression is one or stands for one."""
    held = strip(expr) if expr is not None else None
    return held if isinstance(held, Member) and not INHERITS.isdisjoint(words(held.name)) else None


def goes_to_base(module: Module, call: Call, function: Function) -> bool:
    """Tell whether a function calls itself for what the record is built on that it has looked up by a name.

    ``const pack = packs.get(name); const below = pack.extends ? await templates(pack.extends) : {};``
    """
    if definition(module, call.callee) is not function:
        return False
    given = {param.name for param in function.params}
    for arg in call.args:
        item = strip(arg)
        made = module.scopes.origin(item) if isinstance(item, Name) else item
        member = names_base(made) if isinstance(made, Expr) else None
        if member is not None and looked_up_by(module, member.object, given):
            return True
    each = descended(module, call, function)
    return names_base(each) is not None
