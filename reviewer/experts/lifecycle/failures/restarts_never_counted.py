"""LIF042: how often something was restarted is held against a limit, and nothing ever counts it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Expr,
    Field,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Spread,
    Unary,
    is_zero,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from reviewer.code.module import Module

_COUNTS: Final = frozenset(
    "restarts restart attempts attempt retries retry crashes failures strikes tries respawns reconnects errors".split()
)


@module_check("LIF042", words=_COUNTS)
def restarts_never_counted(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each limit of a count that a class of the subject begins at nothing for what makes it more."""
    if module.is_test:
        return
    spoken: set[str] = set()
    for node in module.all(Binary):
        if node.op not in ("<", "<=", ">", ">="):
            continue
        for side, other in ((node.left, node.right), (node.right, node.left)):
            count = strip(side)
            if not isinstance(count, Member) or count.name in spoken or not _is_limit(other):
                continue
            if words(count.name)[-1:] and words(count.name)[-1] in _COUNTS and _stays_nothing(inquiry, count.name):
                spoken.add(count.name)
                yield Match(
                    node,
                    f"'{short(module.text_of(count))}' is 0 from the beginning and nothing ever makes it more: this "
                    "limit is never reached, and what fails at each start is started for ever.",
                )


@module_check("LIF042", words=_COUNTS)
def tally_never_counted(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each table of counts that is held against a limit for what makes one of them more."""
    if module.is_test:
        return
    counts = {table.name: table for table in tables(module) if set(words(table.name)[-1:]) & _COUNTS}
    spoken: set[str] = set()
    for node in module.all(Binary) if counts else ():
        if node.op not in ("<", "<=", ">", ">="):
            continue
        for side, other in ((node.left, node.right), (node.right, node.left)):
            name = _looked_up(side)
            table = counts.get(name)
            if table is None or name in spoken or table.kind != "map" or not _is_limit(other):
                continue
            writes = table.of("write")
            if all(is_zero(strip(one.value) if one.value is not None else None) for one in writes):
                spoken.add(name)
                yield Match(
                    node,
                    f"Nothing ever makes a count in '{name}' more than 0: this limit is never reached, and what fails "
                    "at each start is started for ever.",
                    related=((writes[0].node, "all that is written"),) if writes else (),
                )


def _looked_up(side: Expr) -> str:
    """Return the name of the table that a count is taken of: ``crashes.get(name, 0)``, ``crashes[name] ?? 0``."""
    made = strip(side)
    if isinstance(made, Binary) and made.op in ("??", "or"):
        made = strip(made.left)
    if isinstance(made, Call) and made.name == "get" and made.receiver is not None:
        return _plain(made.receiver)
    return _plain(made.object) if isinstance(made, Index) else ""


def _plain(expr: Expr) -> str:
    inner = strip(expr)
    return inner.id if isinstance(inner, Name) else inner.name if is_this_member(inner) else ""


def _is_limit(expr: Expr) -> bool:
    """Tell whether something is what a count may reach: a number of more than nothing, a constant, a setting."""
    expr = strip(expr)
    if isinstance(expr, Literal):
        return isinstance(expr.value, int) and expr.value > 0
    return not isinstance(expr, Call | Binary)


def _stays_nothing(inquiry: Inquiry, name: str) -> bool:
    """Tell whether a class of the subject begins a count at 0, and no file changes it or hands one in."""
    begun = False
    for module in inquiry.project.modules(naming={name}, tests=False):
        for cls in module.classes:
            begun = begun or any(_begins(field) for field in cls.fields if field.name == name)
            if _made_from_outside(module, cls, name):
                return False
        for assign in module.all(Assign):
            if isinstance(assign.target, Member) and assign.target.name == name:
                if assign.op != "=" or not is_zero(assign.value):
                    return False
                begun = True
        if any(isinstance(strip(one.operand), Member) and _last(one.operand) == name for one in module.all(Unary)):
            return False
        if any(name in call.keywords and not is_zero(call.keywords[name]) for call in module.all(Call)):
            return False
        for made in module.all(Object):
            if any(getattr(key, "value", None) == name and not is_zero(value) for key, value in made.entries):
                return False
        if any(literal.value == name for literal in module.all(Literal) if not isinstance(literal.parent, Object)):
            return False  # set by its name
    return begun


def _begins(field: Field) -> bool:
    return field.value is not None and is_zero(field.value)


def _made_from_outside(module: Module, cls: Class, name: str) -> bool:
    """Tell whether an object of a class with this field is made of what was read: ``Unit(**row)``."""
    if all(field.name != name for field in cls.fields) or module.project is None:
        return False
    position = [field.name for field in cls.fields].index(name)
    for other in module.project.modules(naming={cls.name}, tests=False):
        for call in other.calls((cls.name,)):
            if len(call.args) > position or any(isinstance(arg, Spread) for arg in call.args):
                return True
    return False


def _last(expr: Expr) -> str:
    inner = strip(expr)
    return inner.name if isinstance(inner, Member) else ""
