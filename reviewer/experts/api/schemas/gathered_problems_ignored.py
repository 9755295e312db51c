"""API017: a function gathers what is wrong with its data, tells it to a log at most, and gives the data back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, returns_of
from reviewer.code.syntax import Array, Assign, Call, Function, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.api.schemas.validation_ignored import FINDS
from reviewer.experts.api.schemas.verdicts import is_told, outermost_statement
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_GATHERS: Final = frozenset({"push", "append", "extend", "add"})


@module_check("API017", words=FINDS)
def gathered_problems_ignored(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the lists of complaints that a function fills itself, and at what becomes of them."""
    if module.is_test:
        return
    for made in module.all(Assign):
        function = function_of(made)
        name = made.target.id if isinstance(made.target, Name) else ""
        if function is None or not name or not set(words(name)) & FINDS or not _is_new_list(made):
            continue
        uses = [one for one in find(function.body, Name) if one.id == name and one is not made.target]
        filled = [one for one in uses if _gathers(one)]
        rest = [one for one in uses if not _gathers(one)]
        if not rest or not any(conditions(one) for one in filled) or not _gives_data(function):
            continue
        if all(is_told(one) for one in rest):
            yield Match(
                outermost_statement(rest[0]) or made,
                f"What is wrong is gathered in '{name}' and at most logged: the data is given back although it does "
                "not fit.",
                related=((made, "gathered here"),),
            )


def _is_new_list(made: Assign) -> bool:
    value = strip(made.value) if made.value is not None else None
    return isinstance(value, Array) and not value.items


def _gathers(name: Name) -> bool:
    """Tell whether a use of a list puts something into it."""
    around = name.parent
    return isinstance(around, Member) and around.name in _GATHERS and isinstance(around.parent, Call)


def _gives_data(function: Function) -> bool:
    return any(answer.value is not None and isinstance(strip(answer.value), Name) for answer in returns_of(function))
