"""API014: a function promises a value and gives the first of those that fit, of which there may be none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import callee
from reviewer.code.syntax import Assign, Await, Call, Cast, Index, Literal, Member, Name, Unary, strip
from reviewer.code.walk import find, names_in
from reviewer.experts.api.types.declared import promised
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function
    from reviewer.experts.check import Inquiry

_TAKES: Final = frozenset({"at", "pop", "shift"})
_SAME_LENGTH: Final = frozenset({"sort", "toSorted", "reverse", "toReversed", "map", "slice", "concat"})
"""Calls that make no entry where there is none."""
_DEEPEST: Final = 8


@module_check("API014", words={"filter"})
def first_of_none(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function with a declared type that answers with one entry of a list it has picked out."""
    if module.is_test or module.language != "typescript":
        return
    for function in module.functions:
        if not function.returns or function.signature_only or function.generator:
            continue
        for answer in returns_of(function):
            listed = _taken_of(answer.value) if answer.value is not None else None
            if listed is None or not _is_picked(module, function, listed) or _is_asked(function, listed):
                continue
            kind = promised(module, function)
            if kind:
                yield Match(
                    answer,
                    f"'{function.name or 'this function'}' promises {kind} and gives undefined where nothing in "
                    f"'{short(module.text_of(listed))}' fits: callers fail later, far from the cause.",
                )


def _taken_of(value: Expr) -> Expr | None:
    """Return the list of which one entry is given, whatever a cast says of it: ``own`` of ``own[0] as Clue``."""
    while isinstance(value, Cast | Await):
        value = value.value
    if isinstance(value, Index):
        key = strip(value.key)
        return strip(value.object) if isinstance(key, Literal) and key.value == 0 else None
    if isinstance(value, Call) and value.name in _TAKES and value.receiver is not None and len(value.args) <= 1:
        place = strip(value.args[0]) if value.args else None
        last = isinstance(place, Unary) or (isinstance(place, Literal) and place.value == 0)
        return strip(value.receiver) if value.name != "at" or last else None
    return None


def _is_picked(module: Module, function: Function, listed: Expr) -> bool:
    """Tell whether a list is those of others that fit what somebody asks the function for."""
    given = {param.name for param in function.params if param.name}
    names = set(given)
    for assign in find(function.body, Assign, into_functions=False):
        if isinstance(assign.target, Name) and assign.value is not None and names_in(assign.value) & names:
            names.add(assign.target.id)
    made = _origin(module, listed)
    for _ in range(_DEEPEST):
        if not isinstance(made, Call):
            return False
        if made.name == "filter":
            return bool(names_in(made.args) & names)
        if made.name in _SAME_LENGTH and made.receiver is not None:
            made = _origin(module, strip(made.receiver))
            continue
        target = callee(module, made)
        answers = [one.value for one in returns_of(target) if one.value is not None] if target is not None else []
        only = strip(answers[0]) if len(answers) == 1 else None
        filtered = isinstance(only, Call) and only.name == "filter"
        return filtered and bool(names_in(made.args) & names)
    return False


def _origin(module: Module, listed: Expr) -> object:
    return module.scopes.origin(listed) if isinstance(listed, Name) else listed


def _is_asked(function: Function, listed: Expr) -> bool:
    """Tell whether a function looks anywhere whether its list has an entry."""
    if not isinstance(listed, Name):
        return False
    uses = [name for name in find(function.body, Name) if name.id == listed.id]
    around = [name.parent for name in uses]
    taken = sum(isinstance(one, Index) or (isinstance(one, Member) and one.name in _TAKES) for one in around)
    return taken > 1 or any(isinstance(one, Member) and one.name in ("length", "some", "every") for one in around)
