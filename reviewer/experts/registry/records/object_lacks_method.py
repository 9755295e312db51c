"""REG003: a method is called of an object that is written out in the file, without that method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Call, Literal, Member, Name, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.written_out import may_grow, written_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ALWAYS: Final = frozenset(
    "hasOwnProperty toString valueOf isPrototypeOf propertyIsEnumerable toLocaleString constructor".split()
)


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
        made = written_out(module, holder)
        if made is None or callee.name in _ALWAYS or callee.name in map(str, made.keys):
            continue
        if (id(made), callee.name) in seen or may_grow(module, holder) or _asked(module, call, callee.name):
            continue
        seen.add((id(made), callee.name))
        has = ", ".join(list(map(str, made.keys))[:10])
        yield Match(callee, f"'{callee.name}' is called, but '{holder.id}' has no method of that name: it has {has}.")


def _asked(module: Module, call: Call, name: str) -> bool:
    """Tell whether the call is made only where the method was found to be there."""
    tests = [condition.test for condition in conditions(call)]
    return any(name in module.text_of(test) for test in tests) or any(
        literal.value == name for literal in module.all(Literal)
    )
