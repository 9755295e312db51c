"""In what unit a value counts time: moments and lengths, in seconds or in milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.reach.put_under import put_under
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Param,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import class_of
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module

_DEEPEST: Final = 40
_MOST_VALUES: Final = 8
_SECONDS: Final = word_set("seconds secs sec")
_MILLIS: Final = word_set("ms msec msecs millis milliseconds")
_AT: Final = word_set("at since until epoch deadline timestamp time now")
"""Words of a moment: ``issuedAtMs``."""
_ROUNDS: Final = frozenset({"floor", "ceil", "round", "trunc", "Number", "int", "float", "parseInt"})
_CLAIMS: Final = frozenset({"exp", "iat", "nbf"})
"""Members of a token that RFC 7519 counts in seconds."""
_TOKENS: Final = word_set("claims claim payload token jwt decoded")
_IN: Final = frozenset({("expires", "in"), ("expire", "in")})
"""What RFC 6749 counts in seconds: how long a token will last."""


class Time(Struct, frozen=True):
    """A time: ``unit`` is ``seconds`` or ``milliseconds``, ``moment`` tells it from a length."""

    unit: str
    moment: bool


_CLOCKS: Final = {
    "Date.now": Time("milliseconds", True),
    "performance.now": Time("milliseconds", True),
    "time.time": Time("seconds", True),
    "time.monotonic": Time("seconds", True),
}


def time_of(module: Module, expr: Expr | None, depth: int = 0) -> Time | None:
    """Return in what unit an expression counts time, or None where that isn't seen."""
    if expr is None or depth > _DEEPEST:
        return None
    expr = strip(expr)
    if isinstance(expr, Call):
        return _of_call(module, expr, depth)
    if isinstance(expr, Binary):
        return _of_binary(module, expr, depth)
    if isinstance(expr, Unary) and expr.op == "+":
        made = strip(expr.operand)
        return _CLOCKS["Date.now"] if isinstance(made, Call) and made.new and made.name == "Date" else None
    if isinstance(expr, Name | Member):
        return _of_value(module, expr, depth) or _by_name(expr)
    return None


def _of_call(module: Module, call: Call, depth: int) -> Time | None:
    name = module.resolve(call.callee)
    if name in _CLOCKS:
        return _CLOCKS[name]
    if call.name in _ROUNDS and call.args:
        return time_of(module, call.args[0], depth + 1)
    holder = strip(call.receiver) if call.receiver is not None else None
    if call.name in ("getTime", "valueOf") and isinstance(holder, Call) and holder.new and holder.name == "Date":
        return _CLOCKS["Date.now"]
    return _clock_of(module, call.callee, depth) if not call.args else None


def _clock_of(module: Module, callee: Expr, depth: int) -> Time | None:
    """Return what a clock gives that is handed over, or made here: ``now = Date.now`` among the parameters."""
    made = definition(module, callee)
    if isinstance(made, Function):
        answers = [answer.value for answer in returns_of(made)]
        return time_of(made.module, answers[0], depth + 1) if len(answers) == 1 else None
    default = _default(module, callee)
    if isinstance(default, Function):
        answers = [answer.value for answer in returns_of(default)]
        return time_of(module, answers[0], depth + 1) if len(answers) == 1 else None
    return _CLOCKS.get(module.resolve(default)) if default is not None else None


def _default(module: Module, callee: Expr) -> Expr | None:
    """Return what a parameter, or the field that is made of one, is where nobody hands anything over."""
    callee = strip(callee)
    if is_this_member(callee) and isinstance(callee, Member):
        cls = class_of(callee)
        for method in cls.methods if cls is not None else ():
            for param in method.params if method.kind == "constructor" else ():
                if param.name.lstrip("_") == callee.name.lstrip("#_"):
                    return strip(param.default) if param.default is not None else None
        return None
    bound = module.scopes.lookup(callee.id, callee) if isinstance(callee, Name) else []
    only = bound[0] if len(bound) == 1 else None
    return strip(only.default) if isinstance(only, Param) and only.default is not None else None


def _of_binary(module: Module, expr: Binary, depth: int) -> Time | None:
    left, right = time_of(module, expr.left, depth + 1), time_of(module, expr.right, depth + 1)
    if expr.op in ("/", "//", "*"):
        time = left or right
        by = strip(expr.right if left is not None else expr.left)
        if time is None or (left is not None and right is not None) or not isinstance(by, Literal):
            return None
        if by.value in (1000, 1e3):
            return Time("milliseconds" if expr.op == "*" else "seconds", time.moment)
        return time if expr.op == "*" and not time.moment else None
    if expr.op == "+":
        return left if left is not None and left.moment else right if right is not None and right.moment else left
    if expr.op == "-" and left is not None:
        return Time(left.unit, left.moment and not (right is not None and right.moment))
    return None


def _of_value(module: Module, expr: Name | Member, depth: int) -> Time | None:
    """Return the one time that a name or a member is given, wherever it is given one in the file.

    What was found is kept, by the name of a member and by the place of another name: each is given values that have
    names of their own, and without it the ways through them all would be walked.
    """
    known: dict[str | int, Time | None] = module.once("security.times_given", dict)
    key = expr.name if isinstance(expr, Member) else id(expr)
    if key not in known:
        known[key] = None  # until it is known: a circle of names gives no time
        known[key] = _given(module, expr, depth)
    return known[key]


def _given(module: Module, expr: Name | Member, depth: int) -> Time | None:
    values: list[Expr]
    if isinstance(expr, Name):
        bound = module.scopes.lookup(expr.id, expr)
        values = [one.value for one in bound if isinstance(one, Assign) and one.value is not None and one.op == "="]
        if len(values) != len(bound):
            return None
    else:
        values = put_under(module, expr)
    only: Time | None = None
    for value in values[:_MOST_VALUES]:
        time = time_of(module, value, depth + 1)
        if time is None or (only is not None and time != only):
            return None
        only = time
    return only


def _by_name(expr: Name | Member) -> Time | None:
    """Return the time that a name promises: ``ttlSeconds``, ``issuedAtMs``, ``claims.exp``, ``expires_in``."""
    said = last_words(expr)
    if isinstance(expr, Member) and expr.name in _CLAIMS and set(last_words(expr.object)) & _TOKENS:
        return Time("seconds", True)
    if said in _IN:
        return Time("seconds", False)
    if len(said) < 2:
        return None
    unit = "seconds" if said[-1] in _SECONDS else "milliseconds" if said[-1] in _MILLIS else ""
    if not unit or "per" in said:
        return None
    return Time(unit, bool(set(words("_".join(said[:-1]))) & _AT))


def unit_of(name: str) -> str:
    """Return the unit that the name of a parameter or an option promises: ``seconds``, ``timeoutMs``; else nothing."""
    said = words(name)
    if not said or "per" in said:
        return ""
    return "seconds" if said[-1] in _SECONDS else "milliseconds" if said[-1] in _MILLIS else ""
