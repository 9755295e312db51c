"""A promise in a variable that is handed to a function of the subject which takes the result by its declared type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value, declared_member, definition
from reviewer.code.syntax import Await, Call, Function, Member, Name, strip
from reviewer.code.walk import find
from reviewer.experts.api.awaiting import TAKERS

if TYPE_CHECKING:
    from reviewer.code.module import Module

_PROMISES: Final = ("Promise", "Awaitable", "Coroutine")
_ANYTHING: Final = frozenset({"", "any", "unknown", "object", "Any", "never"})


def handed_as_value(module: Module, function: Function, name: Name) -> str:
    """Say to which parameter a variable is handed that takes no promise, where nobody waits for it; else nothing."""
    said = ""
    for use in find(function.body, Name):
        if use.id != name.id or use is name:
            continue
        around = use.parent
        if isinstance(around, Await) or not isinstance(around, Call) or around.callee is use or around.name in TAKERS:
            return ""
        said = said or _parameter(module, around, use)
    return said


def _parameter(module: Module, call: Call, given: Name) -> str:
    target = definition(module, call.callee)
    callee = strip(call.callee)
    if not isinstance(target, Function) and isinstance(callee, Member):
        owner = class_of_value(module, callee.object)
        target = declared_member(owner, callee.name) if owner is not None else None
    if not isinstance(target, Function):
        return ""
    keyword = next((key for key, value in call.keywords.items() if value is given), "")
    position = next((at for at, value in enumerate(call.args) if value is given), -1)
    params = target.params
    param = next((one for one in params if one.name == keyword), None) if keyword else None
    if param is None and 0 <= position < len(params):
        param = params[position]
    declared = param.type.strip().strip("'\"") if param is not None else ""
    open_type = declared in _ANYTHING or (len(declared) <= 2 and declared.isupper())
    if param is None or open_type or any(promise in declared for promise in _PROMISES):
        return ""
    return f"'{_name_of(target)}' takes it as '{param.name}: {declared}'"


def _name_of(function: Function) -> str:
    """Return how a finding names a function: a constructor by its class."""
    made = function.kind == "constructor" or function.name == "__init__"
    return function.owner.name if made and function.owner is not None else function.name
