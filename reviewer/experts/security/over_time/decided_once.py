"""SEC401: one right is decided when an object is made, where the others are asked for at each use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Conditional,
    Expr,
    Function,
    If,
    Member,
    Name,
    Node,
    Unary,
)
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.deciding.verdicts import awaited
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


_OF_EACH: Final = frozenset("map filter forEach some every find flatMap reduce sort".split())
"""Methods of collections that run a function for each element before they answer."""


@module_check("SEC401", words=TRIGGERS)
def decided_once(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each answer of a check that is kept in a variable or a field, and used in another function later."""
    if module.is_test:
        return
    for assign in module.all(Assign):
        asked = awaited(assign.value) if assign.value is not None else None
        maker = function_of(assign)
        if not isinstance(asked, Call) or maker is None or assign.op != "=" or not is_check(module, asked):
            continue
        later = _users(assign, maker)
        if not later or not _asked_live(module, asked, assign, maker, later):
            continue
        yield Match(
            assign,
            f"'{short(module.text_of(asked))}' is asked once, when this is made, while others beside it ask each time: "
            f"what is withdrawn afterwards stays allowed in '{later[0].name or 'the function that uses it'}'.",
            related=((later[0], "the kept answer is used here"),),
        )


def _users(assign: Assign, maker: Function) -> list[Function]:
    """Return the functions that test a kept answer later than it is given: closures, or methods of the same class."""
    target = assign.target
    if isinstance(target, Name):
        found = (name for name in find(maker.body, Name) if name.id == target.id and name is not target)
        return _outside(maker, found)
    if is_this_member(target) and maker.kind == "constructor" and isinstance(maker.owner, Class):
        uses = (part for part in find(maker.owner, Member) if is_this_member(part) and part.name == target.name)
        return _outside(maker, uses)
    return []


def _outside(maker: Function, uses: Iterator[Expr]) -> list[Function]:
    found: list[Function] = []
    for use in uses:
        function = function_of(use)
        if function is None or function is maker or function in found or _runs_at_once(function):
            continue
        if _is_tested(use):
            found.append(function)
    return found


def _runs_at_once(function: Function) -> bool:
    """Tell whether a function is run for each element of a collection, there and then."""
    around = function.parent
    return isinstance(around, Call) and around.receiver is not None and around.name in _OF_EACH


def _is_tested(use: Expr) -> bool:
    """Tell whether a value decides where it stands."""
    inner: Node = use
    around = use.parent
    while isinstance(around, Unary | Binary) and around.op in ("not", "and", "or", "==", "!="):
        inner, around = around, around.parent
    return isinstance(around, If | Conditional) and inner is around.test


def _asked_live(module: Module, asked: Call, assign: Assign, maker: Function, later: list[Function]) -> bool:
    """Tell whether another function that the maker makes asks the same object, or the same guard, when it is called."""
    scope: Node = maker
    if is_this_member(assign.target) and isinstance(maker.owner, Class):
        scope = maker.owner
    of = _asked_of(asked)
    return any(
        _asked_of(call) == of
        and (call.name == asked.name or (bool(of) and is_check(module, call)))
        and (around := function_of(call)) is not None
        and around is not maker
        and around not in later
        for call in find(scope, Call)
    )


def _asked_of(call: Call) -> str:
    return last_name(call.receiver).lstrip("#_") if call.receiver is not None else ""
