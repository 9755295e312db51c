"""REG003: a method is called of an object that is written out in the file, without that method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Assign, Call, Delete, Index, Literal, Member, Name, Object, strip
from reviewer.code.text.words import words
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ALWAYS: Final = frozenset(
    "hasOwnProperty toString valueOf isPrototypeOf propertyIsEnumerable toLocaleString constructor".split()
)
_GIVES_MORE: Final = frozenset("assign defineProperty defineProperties setPrototypeOf extend merge mixin".split())
"""Last words of calls that give an object more members."""
_ONLY_READS: Final = frozenset("freeze seal keys values entries log".split())


@module_check("REG003", words={"const"})
def object_lacks_method(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look up the methods that are called of a constant which holds an object with all of its members in sight."""
    if module.is_test or module.language == "python":
        return
    seen: set[tuple[int, str]] = set()
    for call in module.all(Call):
        callee = call.callee
        holder = strip(callee.object) if isinstance(callee, Member) else None
        if not isinstance(callee, Member) or not isinstance(holder, Name) or callee.optional or call.optional:
            continue
        made = _written_out(module, holder)
        if made is None or callee.name in _ALWAYS or callee.name in map(str, made.keys):
            continue
        if (id(made), callee.name) in seen or _may_grow(module, holder) or _asked(module, call, callee.name):
            continue
        seen.add((id(made), callee.name))
        has = ", ".join(list(map(str, made.keys))[:10])
        yield Match(callee, f"'{callee.name}' is called, but '{holder.id}' has no method of that name: it has {has}.")


def _written_out(module: Module, holder: Name) -> Object | None:
    """Return the object that a constant holds, where each of its members is written there by a plain name."""
    bound = module.scopes.lookup(holder.id, holder)
    only = bound[0] if len(bound) == 1 else None
    if not isinstance(only, Assign) or only.declare != "const" or not isinstance(only.target, Name):
        return None
    value = strip(only.value) if only.value is not None else None
    if isinstance(value, Call) and value.name in ("freeze", "seal") and len(value.args) == 1:
        value = strip(value.args[0])
    if not isinstance(value, Object) or value.spreads or len(value.keys) != len(value.entries):
        return None
    return value if len(value.entries) > 1 and not {"__proto__"} & set(map(str, value.keys)) else None


def _may_grow(module: Module, holder: Name) -> bool:
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


def _asked(module: Module, call: Call, name: str) -> bool:
    """Tell whether the call is made only where the method was found to be there."""
    tests = [condition.test for condition in conditions(call)]
    return any(name in module.text_of(test) for test in tests) or any(
        literal.value == name for literal in module.all(Literal)
    )
