"""Which functions of JavaScript give a promise, though nothing says so: by what they return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import declared_type, definition
from reviewer.code.syntax import Call, Function, strip
from reviewer.code.text.promise_types import is_promise_type

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_CHAINS: Final = frozenset({"then", "catch", "finally"})
_MAKERS: Final = frozenset(f"Promise.{name}" for name in ("all", "allSettled", "any", "race", "reject", "resolve"))
_DEEPEST: Final = 4


def returns_promise(module: Module, call: Call, depth: int = 0) -> bool:
    """Tell whether the value of a call is a promise: it is made here, or by a function of the subject."""
    if call.name == "Promise" and call.new:
        return True
    if module.resolve(call.callee) in _MAKERS:
        return True
    receiver = strip(call.receiver) if call.receiver is not None else None
    if call.name in _CHAINS and isinstance(receiver, Call):
        return returns_promise(module, receiver, depth)
    target = definition(module, call.callee) if depth < _DEEPEST else None
    if not isinstance(target, Function) or target.generator or target.module.language == "python":
        return False
    if target.asynchronous or is_promise_type(target.returns):
        return True
    given = [made.value for made in returns_of(target)]
    return bool(given) and all(_is_promise(target.module, value, depth + 1) for value in given)


def declared_promise(module: Module, call: Call) -> bool:
    """Tell whether what is called is declared as a function that gives a promise: ``make: () => Promise<Plugin>``."""
    declared = declared_type(module, call.callee)
    return "=>" in declared and is_promise_type(declared.rsplit("=>", 1)[1].strip(" )"))


def _is_promise(module: Module, value: Expr | None, depth: int) -> bool:
    origin = module.scopes.origin(value) if value is not None else None
    return isinstance(origin, Call) and returns_promise(module, origin, depth)
