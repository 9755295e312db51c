"""REG028: the withdrawn versions are left out of a list, and the choice is made from another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Comprehension,
    Conditional,
    Expr,
    Function,
    If,
    Name,
    Unary,
    strip,
)
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import said_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_WITHDRAWN: Final = frozenset(
    "yanked withdrawn retracted unlisted revoked recalled quarantined deprecated disabled blocked banned".split()
)
_CHOOSES: Final = frozenset({"max", "min", "sorted", "sort", "reduce", "find", "at", "pop", "maxSatisfying", "next"})


@module_check("REG028", words=_WITHDRAWN)
def withdrawn_left_out_in_vain(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each list without withdrawn versions for what is chosen from it."""
    if module.is_test:
        return
    for assign in module.all(Assign):
        function = function_of(assign)
        source = _source(assign)
        if function is None or source is None or not isinstance(assign.target, Name):
            continue
        kept = _refined(function, assign.target.id)
        if any(_serves(name) for name in find(function.body, Name) if name.id in kept):
            continue
        choice = next((one for one in _choices(module, function, source) if one.start > assign.start), None)
        if choice is not None:
            yield Match(
                choice,
                f"'{assign.target.id}' leaves out what was withdrawn, and the choice is made from '{source}': a "
                "withdrawn version is taken like any other.",
                related=((assign, "left out here"),),
            )


@module_check("REG028", words=_WITHDRAWN)
def withdrawn_as_last_resort(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each list without withdrawn versions for what stands in where nothing is left of it."""
    if module.is_test:
        return
    for assign in module.all(Assign):
        made = strip(assign.value) if assign.value is not None else None
        left, instead = _instead(module, made)
        source = _of_which(left) if left is not None else None
        if source is None or not isinstance(instead, Name) or instead.id != source:
            continue
        if left is not None and said_in(left) & _FOR_GOOD:
            yield Match(
                assign,
                f"Where all that fits was withdrawn, '{source}' is taken as it is: a withdrawn version is chosen after "
                "all, and nobody hears of it.",
                fix="Answer with nothing, and say why, where only withdrawn versions are left.",
            )


_FOR_GOOD: Final = _WITHDRAWN - {"deprecated", "unlisted", "disabled"}
"""Words of versions that nobody is to get any more, whatever else there is."""


def _instead(module: Module, made: Expr | None) -> tuple[Expr | None, Expr | None]:
    """Return a list, and what is taken where it is empty: ``good or all``, ``good.length ? good : all``."""
    if isinstance(made, Binary) and made.op in ("or", "??"):
        return _as_made(module, made.left), strip(made.right)
    if isinstance(made, Conditional):
        return _as_made(module, made.then), strip(made.other)
    return None, None


def _as_made(module: Module, expr: Expr) -> Expr | None:
    origin = module.scopes.origin(expr)
    return strip(origin) if isinstance(origin, Expr) else None


def _source(assign: Assign) -> str | None:
    """Return the list of which a new one leaves the withdrawn entries out."""
    made = strip(assign.value) if assign.value is not None else None
    return _of_which(made) if made is not None else None


def _of_which(made: Expr) -> str | None:
    """Return the list of which a comprehension or a filter leaves the withdrawn entries out."""
    if isinstance(made, Comprehension) and len(made.clauses) == 1:
        over = strip(made.clauses[0][1])
        withdrawn = any(said_in(test) & _WITHDRAWN for test in made.tests)
        return over.id if withdrawn and isinstance(over, Name) else None
    if isinstance(made, Call) and made.name == "filter" and isinstance(made.receiver, Name) and made.args:
        by = made.args[0]
        return made.receiver.id if isinstance(by, Function) and said_in(by.body) & _WITHDRAWN else None
    return None


def _refined(function: Function, name: str) -> set[str]:
    """Return the names of the list and of those that are made of it."""
    found = {name}
    for assign in find(function.body, Assign):
        made = strip(assign.value) if assign.value is not None else None
        if isinstance(assign.target, Name) and isinstance(made, Comprehension):
            found |= {assign.target.id} if any(one.id in found for one in find(made, Name)) else set()
    return found


def _serves(name: Name) -> bool:
    """Tell whether a use of a list does more than to ask whether it is empty, or to make it smaller."""
    around: Node | None = name.parent
    if isinstance(around, Assign) and around.target is name:
        return False
    if isinstance(around, Comprehension) and isinstance(around.parent, Assign):
        return False
    if isinstance(around, If | Unary):
        return False
    return not (isinstance(around, Call) and around.name in ("len", "bool", "any"))


def _choices(module: Module, function: Function, source: str) -> Iterator[Call]:
    """Yield the calls that choose from a list by its name."""
    for call in find(function.body, Call):
        given: list[Expr] = [*call.args[:1], *([call.receiver] if call.receiver is not None else [])]
        if call.name in _CHOOSES and any(
            isinstance(strip(one), Name) and getattr(strip(one), "id", "") == source for one in given
        ):
            yield call
