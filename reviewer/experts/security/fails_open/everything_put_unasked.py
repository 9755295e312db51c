"""SEC181: a function of its own takes in those who want everything, and asks nothing that its sibling asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.reach.links import callee
from reviewer.code.syntax import Call, If, Literal, Name, Throw, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function
    from reviewer.experts.check import Inquiry

_STARS: Final = frozenset({"*", "**", "#"})
_ASKS: Final = word_set("may can allows allowed permits permitted authorize authorized granted holds entitled")
_MOST: Final = 40
"""Calls of one name that are looked at."""


@module_check("SEC181", words=TRIGGERS | _ASKS)
def everything_put_unasked(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each call that puts somebody under a star for the call that puts him under a name, and asks before."""
    if module.is_test:
        return
    for call in module.all(Call):
        place = next((at for at, arg in enumerate(call.args) if _is_star(module, arg)), None)
        taker = _named(function_of(call))
        if place is None or taker is None or _asks(module, taker):
            continue
        asked = _asked_before(module, call, place, taker)
        if asked is not None:
            yield Match(
                call,
                f"'{taker.name}' takes in whoever wants everything without the question that stands before a single "
                f"name: who may hear a few hears them all, '{short(module.text_of(asked))}' or not.",
                related=((asked, "asked here for one name"),),
                fix="Ask for each name when it is told, or for a right to everything that nobody has by default.",
            )


def _is_star(module: Module, arg: Expr) -> bool:
    made = module.scopes.origin(arg) if isinstance(strip(arg), Name) else strip(arg)
    return isinstance(made, Literal) and made.value in _STARS


def _named(function: Function | None) -> Function | None:
    """Return the function that somebody calls by its name, around what is only handed on."""
    while function is not None and isinstance(function.parent, Call) and function.outer is not None:
        function = function.outer
    return function


def _asks(module: Module, function: Function) -> bool:
    """Tell whether a function asks for a right, itself or in what it hands on."""
    return any(is_check(module, one) or not _ASKS.isdisjoint(words(one.name)[:1]) for one in find(function.body, Call))


def _asked_before(module: Module, star: Call, place: int, taker: Function) -> Call | None:
    """Return the question that a sibling asks about a name before it hands it over in the place of the star."""
    for count, call in enumerate(module.calls((star.name,))):
        if count > _MOST:
            return None
        around = _named(function_of(call))
        same = module.text_of(call.callee) == module.text_of(star.callee) and len(call.args) > place
        if not same or around is None or around is taker or not _beside(around, taker):
            continue
        name = strip(call.args[place])
        told = {param.name for param in around.params}
        if not isinstance(name, Name) or name.id not in told:
            continue
        for test in find(around.body, If, into_functions=False):
            if test.start < call.start and exits(test.body) and any(isinstance(one, Throw) for one in test.body):
                found = next((one for one in _questions(module, test) if name.id in names_in(one.args)), None)
                if found is not None:
                    return found
    return None


def _beside(one: Function, other: Function) -> bool:
    """Tell whether two functions belong to one object: a class, or the function around both."""
    return one.owner is not None or one.outer is other.outer


def _questions(module: Module, test: If) -> Iterator[Call]:
    for one in find(test.test, Call):
        target = callee(module, one)
        asked = is_check(module, one) or not _ASKS.isdisjoint(words(one.name)[:1])
        if asked or (target is not None and any(is_check(module, inner) for inner in calls_in(target.body))):
            yield one
