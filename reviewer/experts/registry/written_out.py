"""Objects that are written out in a file with all of their members, and whether they may get more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Delete, Index, Member, Name, Object, strip
from reviewer.code.text.words import words

if TYPE_CHECKING:
    from reviewer.code.module import Module

_GIVES_MORE: Final = frozenset("assign defineProperty defineProperties setPrototypeOf extend merge mixin".split())
"""Last words of calls that give an object more members."""
_ONLY_READS: Final = frozenset("freeze seal keys values entries log".split())


def written_out(module: Module, holder: Name) -> Object | None:
    """Return the object that a constant holds, where each of its members is written there by a plain name."""
    bound = module.scopes.lookup(holder.id, holder)
    only = bound[0] if len(bound) == 1 else None
    if not isinstance(only, Assign) or only.declare != "const" or not isinstance(only.target, Name):
        return None
    value = strip(only.value) if only.value is not None else None
    if isinstance(value, Call) and value.name in ("freeze", "seal") and len(value.args) == 1:
        value = strip(value.args[0])
    return value if isinstance(value, Object) and is_complete(value) else None


def is_complete(value: Object) -> bool:
    """Tell whether each member of an object is written there by a plain name."""
    if value.spreads or len(value.keys) != len(value.entries):
        return False
    return len(value.entries) > 1 and not {"__proto__"} & set(map(str, value.keys))


def may_grow(module: Module, holder: Name) -> bool:
    """Tell whether a constant's object may get members elsewhere: it is written to, or handed to what may do so."""
    binding = module.scopes.lookup(holder.id, holder)
    for use in module.all(Name):
        if use.id != holder.id or module.scopes.lookup(use.id, use) != binding:
            continue
        parent = use.parent
        if isinstance(parent, Member | Index) and parent.object is use:
            if isinstance(parent.parent, Assign | Delete) and getattr(parent.parent, "target", parent) is parent:
                return True
        elif isinstance(parent, Call) and use in parent.args:
            said = words(parent.name)
            if parent.name not in _ONLY_READS and (parent.name in _GIVES_MORE or parent.receiver is None or said):
                return True
    return False
