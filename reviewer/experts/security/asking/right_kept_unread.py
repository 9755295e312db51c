"""SEC022: what somebody has to hold is kept with what may be asked for, and nothing ever looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Function, Literal, Member, Name, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.security.deciding.members_read import is_read

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_NEEDS: Final = word_set("right permission capability scope role privilege requires needs")
"""Words of a member that says what has to be held for the function beside it."""
_HOLDS: Final = word_set(
    "allowed granted permitted grants permissions rights scopes capabilities privileges allowlist whitelist allow"
)
"""Words of a field that says what its object may ask for."""
_RUNS: Final = word_set("run handler handle execute invoke call callback perform action fn func method procedure")
"""Names of the function that such a member stands beside."""
_CALLABLE: Final = ("=>", "Callable", "Function", "Awaitable", "Coroutine")


@module_check("SEC022", words=_NEEDS | _HOLDS)
def right_kept_unread(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is kept of rights beside functions, and in objects that serve plugins, for anybody who reads it."""
    if module.is_test:
        return
    told: set[str] = set()
    for name, runs, at in _beside_functions(module):
        if name in told or not _is_called(inquiry, runs) or is_read(inquiry, name):
            continue
        told.add(name)
        yield Match(
            at,
            f"'{name}' says what has to be held for '{runs}' beside it; '{runs}' is called, and nothing ever looks at "
            f"'{name}': whoever asks is served.",
            fix=f"Refuse the call unless the caller holds '{name}'.",
        )
    for cls in module.classes:
        for name, assign in _kept_by_maker(module, cls):
            if not _is_looked_at(inquiry, cls, name, assign):
                yield Match(
                    assign,
                    f"'{cls.name}' is told what is allowed and keeps it as '{name}', and nothing ever looks at it: "
                    "whatever is asked for is served.",
                    fix="Refuse what it does not hold before the work is done.",
                )


def _is_looked_at(inquiry: Inquiry, cls: Class, name: str, kept: Assign) -> bool:
    """Tell whether a hidden field is read in its file, or by what stands around the methods of its class."""
    if any(member.name == name and member is not kept.target for member in cls.module.all(Member)):
        return True
    return any(method.decorators for method in cls.methods) and is_read(inquiry, name)


def _beside_functions(module: Module) -> Iterator[tuple[str, str, Node]]:
    """Yield (member of a right, function beside it, place) for entries that are written out, and for their types."""
    for made in module.all(Object):
        held = {str(key.value): value for key, value in made.entries if isinstance(key, Literal)}
        runs = next((key for key, value in held.items() if isinstance(strip(value), Function)), "")
        for key, value in held.items() if runs else ():
            if words(key)[-1:] and words(key)[-1] in _NEEDS and isinstance(strip(value), Literal | Member):
                yield key, runs, made
    for cls in module.classes:
        fields = {field.name: field for field in cls.fields}
        runs = next((name for name, field in fields.items() if _runs(name, field.type)), "")
        for name, field in fields.items() if runs else ():
            if words(name)[-1:] and words(name)[-1] in _NEEDS and not any(one in field.type for one in _CALLABLE):
                yield name, runs, field


def _runs(name: str, annotation: str) -> bool:
    return any(one in annotation for one in _CALLABLE) or (bool(words(name)) and words(name)[-1] in _RUNS)


def _is_called(inquiry: Inquiry, name: str) -> bool:
    """Tell whether the subject calls a member of this name of something that it looked up or went through."""
    return any(inquiry.project.answers(f"calls member {name}", partial(_calls, name=name), naming={name}, tests=False))


def _calls(module: Module, name: str) -> bool:
    return any(
        isinstance(call.callee, Member) and isinstance(strip(call.callee.object), Name | Member | Call)
        for call in module.calls((name,))
        if isinstance(call, Call) and not is_this_member(call.callee)
    )


def _kept_by_maker(module: Module, cls: Class) -> Iterator[tuple[str, Assign]]:
    """Yield the hidden fields about rights that the making of an object sets to what it is given."""
    if cls.kind != "class" or cls.bases:
        return
    for method in cls.methods:
        if method.kind != "constructor" and method.name != "__init__":
            continue
        given = {param.name for param in method.params}
        hidden = {param.name for param in method.params if param.access == "private"}
        hidden |= {field.name for field in cls.fields if field.private}
        for assign in find(method.body, Assign, into_functions=False):
            target, value = assign.target, strip(assign.value) if assign.value is not None else None
            if not isinstance(target, Member) or not is_this_member(target):
                continue
            if target.name not in hidden and not target.name.startswith(("_", "#")):
                continue
            told = value is not None and any(one.id in given for one in find(value, Name))
            if told and set(words(target.name)) & _HOLDS:
                yield target.name, assign
