"""API022: a method of an object that somebody else made is taken off it and called alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value, declared_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Conditional,
    Expr,
    For,
    If,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Unary,
    strip,
)
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_BAGS: Final = frozenset("prop option opt config dep setting hook callback handler context param arg argument".split())
"""Names of objects that only carry functions: they are meant to be taken apart."""
_SPOKEN: Final = 3
"""Letters of a name that somebody wrote; what a tool made shorter says nothing."""


@module_check("API022", words={"const", "let", "var"})
def called_alone(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for optional methods that are taken off a stranger's object, tested, and called without it."""
    if module.is_test or module.language == "python":
        return
    for made in module.all(Assign):
        member = strip(made.value) if made.value is not None else None
        if not made.declare or not isinstance(member, Member) or not isinstance(made.target, Name):
            continue
        if min(len(member.name), len(made.target.id)) < _SPOKEN or member.name.startswith("_"):
            continue  # what somebody wrote for others to see
        if not _is_strangers(module, member):
            continue
        call = _tested_and_called(made.target, made)
        if call is not None:
            yield Match(
                member,
                f"'{made.target.id}' is taken off '{short(module.text_of(member.object))}' and called without it: in "
                "an object that is made of a class, 'this' is nothing when it runs.",
                related=((call, "called here"),),
            )


def _is_strangers(module: Module, member: Member) -> bool:
    """Tell whether a member is an optional method of an interface, or of something that is handed in without a type."""
    holder = strip(member.object)
    if any(name.lower().lstrip("_").rstrip("s") in _BAGS for name in _path(holder)):
        return False
    cls = class_of_value(module, holder)
    if cls is not None:
        method = declared_member(cls, member.name)
        open_to_all = method is not None and method.signature_only and not method.static
        return open_to_all and (len(cls.methods) > 1 or _has_manner(module, member))
    root = holder
    while isinstance(root, Member):
        root = strip(root.object)
    if not isinstance(root, Name) or root.id in ("this", "super"):
        return False
    bound = module.scopes.lookup(root.id, root)
    return len(bound) == 1 and isinstance(bound[0], Param | For) and _has_manner(module, member)


def _path(holder: Expr) -> list[str]:
    """Return the names by which a holder is reached: ``options`` and ``modules`` of ``options.modules``."""
    found: list[str] = []
    while isinstance(holder, Member):
        found.append(holder.name)
        holder = strip(holder.object)
    return [*found, holder.id] if isinstance(holder, Name) else found


def _has_manner(module: Module, member: Member) -> bool:
    """Tell whether another member of the same holder is called on it in the file: it is an object, and no bag."""
    holder = module.text_of(member.object).replace("?", "")
    return any(
        isinstance(callee := strip(call.callee), Member)
        and callee.name != member.name
        and module.text_of(callee.object).replace("?", "") == holder
        for call in module.all(Call)
    )


def _tested_and_called(name: Name, made: Assign) -> Call | None:
    """Return the call of a name that a condition asks for first; None where it is called on something, or bound."""
    function = function_of(made)
    if function is None:
        return None
    tested, called = False, None
    for use in find(function.body, Name):
        if use.id != name.id or use is name:
            continue
        around = use.parent
        if isinstance(around, Call) and around.callee is use:
            if around.new:
                return None  # a class, which needs nobody's ``this``
            called = called or around
            tested = tested or around.optional
        elif isinstance(around, If | Conditional | Binary | Unary):
            tested = True
        elif isinstance(around, Member | Call | Object | Literal):
            return None
    return called if tested else None
