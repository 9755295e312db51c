"""Whether anything in a subject ever looks at a member, such as the one that says when a grant ends."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Call,
    Case,
    Expr,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Unary,
)
from reviewer.code.walk import find
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_OF_FORM: Final = frozenset("isFinite isInteger isSafeInteger isNaN isinstance type len".split())
"""Calls that look at the form of a value."""


def is_read(inquiry: Inquiry, name: str) -> bool:
    """Tell whether any line of the subject reads a member of this name to some end."""
    return any(inquiry.project.answers(f"reads {name}", partial(_reads, name=name), naming={name}, tests=False))


def _reads(module: Module, name: str) -> bool:
    """Tell whether a module reads a member of this name to some end, takes it apart, or asks a database for it."""
    if name not in module.identifiers:
        return False
    for member in module.all(Member):
        if member.name == name and not _is_written(member) and not _is_looked_over(member):
            return True
    for index in module.all(Index):
        if isinstance(index.key, Literal) and index.key.value == name and not _is_looked_over(index):
            return True
    if any(name in param.fields for param in module.all(Param)):
        return True
    if any(name in module.text_of(test) for case in module.all(Case) for test in case.tests):
        return True
    for loop in module.all(For):
        if loop.target is not None and any(one.id == name for one in find(loop.target, Name)):
            return True
    return any(isinstance(text.value, str) and name in text.value and not _is_key(text) for text in module.all(Literal))


def _is_written(member: Member) -> bool:
    around = member.parent
    return getattr(around, "target", None) is member


def _is_looked_over(read: Expr) -> bool:
    """Tell whether a value is only looked at for its form, or copied under its own name."""
    around = read.parent
    if isinstance(around, Call):
        return around.name in _OF_FORM and read in around.args
    if isinstance(around, Unary):
        return around.op == "typeof"
    return isinstance(around, Object) and any(
        value is read and isinstance(key, Literal) and str(key.value) == last_name(read)
        for key, value in around.entries
    )


def _is_key(text: Literal) -> bool:
    around: Node | None = text.parent
    return isinstance(around, Object | Function) or (isinstance(around, Index) and _is_looked_over(around))
