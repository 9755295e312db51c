"""Functions that answer a question of permission in words: ``"grant"`` or ``"refuse"``, ``Verdict.Granted``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Assign, Binary, Conditional, Literal, Member, Name, uncast
from reviewer.code.text_types import texts_of_type
from reviewer.code.walk import find
from reviewer.experts.security.vocabulary import REFUSING, says

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.syntax import Expr, Function

GRANTING: Final = frozenset("allow allowed allows grant granted grants permit permitted permits".split())
"""Words that say yes to a question of permission, and to nothing else."""


def says_granted(value: Expr | None) -> bool:
    """Tell whether a value that is written out grants: ``"allow"``, ``Verdict.GRANTED``."""
    made = uncast(value) if value is not None else None
    return isinstance(made, Literal | Member) and says(made, GRANTING)


def answers_in_words(function: Function) -> bool:
    """Tell whether a function's answer is one of two words, of which one grants and one refuses."""
    texts = {text.lower() for text in texts_of_type(function.module, function.returns)} if function.returns else set()
    if texts & GRANTING and texts & REFUSING:
        return True
    given = [one for answer in returns_of(function) for one in _written(function, answer.value)]
    return any(map(says_granted, given)) and any(
        isinstance(one, Literal | Member) and says(one, REFUSING) for one in given
    )


def _written(function: Function, value: Expr | None) -> Iterator[Expr]:
    """Yield what an answer may be: both sides of a choice, and what a variable of the function is given."""
    made = uncast(value) if value is not None else None
    if isinstance(made, Conditional):
        yield from _written(function, made.then)
        yield from _written(function, made.other)
    elif isinstance(made, Binary) and made.op in ("??", "or", "and"):
        yield from _written(function, made.left)
        yield from _written(function, made.right)
    elif isinstance(made, Name):
        for assign in find(function.body, Assign, into_functions=False):
            if isinstance(assign.target, Name) and assign.target.id == made.id and assign.value is not None:
                yield uncast(assign.value)
    elif made is not None:
        yield made
