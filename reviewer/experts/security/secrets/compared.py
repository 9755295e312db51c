"""Values that are compared in the time that a secret needs, or that texts are signed with: proofs, however called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type
from reviewer.code.reach.made import values_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Expr, Member, Name
from reviewer.code.walk import function_of, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_COMPARE: Final = frozenset({"timingSafeEqual", "compare_digest"})
_SIGN: Final = {"createHmac": 1, "hmac.new": 0, "hmac.digest": 0}


def is_compared(module: Module, expr: Name | Member) -> bool:
    """Tell whether what an expression names is a proof: that very name, or a member of the same kind of record."""
    known = module.once("security.compared", lambda: frozenset(_used(module)))
    if not known:
        return False
    return _spelled(module, expr) in known or (isinstance(expr, Member) and _of_record(module, expr) in known)


def _used(module: Module) -> Iterator[tuple[str, str]]:
    """Yield what is used so: as it is spelled and where, and as the member of a kind of record."""
    for call in module.all(Call):
        given: list[Expr] = []
        if call.name in _COMPARE:
            given = call.args
        elif (position := _SIGN.get(module.resolve(call.callee), _SIGN.get(call.name, -1))) >= 0:
            given = call.args[position : position + 1]
        for argument in given:
            for _where, value in values_of(module, argument):
                for part in walk(value):
                    if isinstance(part, Name | Member):
                        yield _spelled(module, part)
                    if isinstance(part, Member) and _of_record(module, part)[1]:
                        yield _of_record(module, part)


def _spelled(module: Module, expr: Name | Member) -> tuple[str, str]:
    function = function_of(expr)
    return module.text_of(expr), "" if is_this_member(expr) or function is None else str(function.start)


def _of_record(module: Module, member: Member) -> tuple[str, str]:
    return member.name, declared_type(module, member.object).split("|", 1)[0].strip()
