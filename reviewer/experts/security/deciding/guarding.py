"""Whether a function guards: what it answers or throws decides whether something is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import callee
from reviewer.code.syntax import Call, Function, If, Member
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, names_in
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from reviewer.code.module import Module

DEMANDS: Final = (PERMISSION - {"access"}) | {"requires", "require", "needs", "guarded", "secured"}
"""Words of a decorator that lets through only who holds a permission."""


def is_guarding(module: Module, call: Call) -> bool:
    """Tell whether a call makes a function that first asks for permission of one that doesn't."""
    if set(words(call.name)) & (DEMANDS | {"guard", "guards", "protect", "protected", "checked"}):
        return True
    target = callee(module, call)
    made = (answer.value for answer in returns_of(target)) if target is not None else ()
    told = {param.name for param in target.params} if target is not None else set()
    return any(
        isinstance(one, Function) and (any(is_check(module, c) for c in calls_in(one.body)) or _refuses_by(one, told))
        for one in made
    )


def _refuses_by(made: Function, told: set[str]) -> bool:
    """Tell whether a function refuses by what its maker was told: ``if (!held.has(right)) throw …``."""
    return any(
        refuses(test.body)
        and any(isinstance(call.callee, Member) and told & names_in(call.args) for call in calls_in(test.test))
        for test in find(made.body, If, into_functions=False)
    )
