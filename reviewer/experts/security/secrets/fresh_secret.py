"""Values that the code itself has just made to be secret: ``secrets.token_urlsafe()``, ``randomBytes(32)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.made import values_of
from reviewer.code.reach.records import given_fields
from reviewer.code.syntax import Call, Expr, Member, Name, strip

if TYPE_CHECKING:
    from reviewer.code.module import Module

_MAKERS: Final = frozenset({"token_urlsafe", "token_hex", "token_bytes", "randomBytes", "generate_key", "generateKey"})
_FORMS: Final = frozenset({"toString", "hex", "decode", "str", "b64encode", "urlsafe_b64encode"})
_DEEPEST: Final = 4


def is_fresh_secret(module: Module, expr: Expr) -> bool:
    """Tell whether a name, or a member of a record that is made in the same function, holds such a value."""
    expr = strip(expr)
    if isinstance(expr, Member):
        given = _given_to_record(module, expr)
        return given is not None and is_fresh_secret(module, given)
    return any(_is_made(value) for _where, value in values_of(module, expr)) if isinstance(expr, Name | Call) else False


def _is_made(value: Expr) -> bool:
    for _ in range(_DEEPEST):
        if not isinstance(value, Call):
            return False
        if value.name in _MAKERS:
            return True
        inner = value.receiver if value.receiver is not None and value.name in _FORMS else value.arg(0)
        if value.name not in _FORMS or inner is None:
            return False
        value = strip(inner)
    return False


def _given_to_record(module: Module, member: Member) -> Expr | None:
    """Return what a record was given for a member where it was made: by name, or by its place among the fields."""
    made = module.scopes.origin(member.object)
    if not isinstance(made, Call):
        return None
    return next((value for name, value in given_fields(module, made) if name == member.name), None)
