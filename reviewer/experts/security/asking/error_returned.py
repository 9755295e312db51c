"""SEC010: a guard answers a refusal with an error object, and whoever calls it waits for one that is thrown."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, returns_of, use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Class, Function, Literal, Name, strip
from reviewer.code.text.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_GUARDS: Final = word_set(
    "check require requires demand ensure assert guard verify authorize authorise enforce must need needs"
)
_MOST: Final = 30
"""Calls of one guard that are looked at."""


_REFUSALS: Final = frozenset({"error", "exception", "denied", "forbidden", "refused"})


@module_check("SEC010", words=_GUARDS | _REFUSALS)
def error_returned(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at guards that give an error back, for callers that drop what they get."""
    if module.is_test:
        return
    for function in module.functions:
        if not function.name or function.signature_only:
            continue
        refusal = next(
            (one for one in returns_of(function) if _is_error(module, one.value, 0) and conditions(one)), None
        )
        if refusal is None or refusal.value is None:
            continue
        calls = [
            call
            for call in islice(module.calls((function.name,)), _MOST)
            if definition(module, call.callee) is function
        ]
        dropped = [call for call in calls if use_of(call).how == "dropped"]
        if dropped and len(dropped) < len(calls) and _gives_nothing_else(module, function):
            yield Match(
                dropped[0],
                f"'{short(module.text_of(dropped[0]))}' gives an error back where it refuses, and what it gives is "
                "dropped: the refused work goes on.",
                related=((refusal, "given back here"),),
            )
        elif calls and len(dropped) == len(calls) and set(words(function.name)[:1]) & _GUARDS:
            yield Match(
                refusal,
                f"'{short(module.text_of(refusal.value))}' is given back and not thrown, and nobody who calls "
                f"'{function.name}' looks at what it gives: the refused work goes on.",
                related=((calls[0], "the answer is dropped here"),),
                fix="Throw the error.",
            )


def _gives_nothing_else(module: Module, function: Function) -> bool:
    """Tell whether a function answers with an error or with nothing: what it says is whether it refuses."""
    answers = [one.value for one in returns_of(function) if one.value is not None]
    return all(_only_error(module, value, 0) for value in answers)


def _only_error(module: Module, value: Expr, depth: int) -> bool:
    """Tell whether a value is an error or nothing, and a function that makes it gives nothing but those, too."""
    made = strip(value)
    if isinstance(made, Literal) and made.value is None:
        return True
    found = definition(module, made.callee) if isinstance(made, Call) else None
    if isinstance(found, Function) and depth < 2:
        answers = [one.value for one in returns_of(found) if one.value is not None]
        return bool(answers) and all(_only_error(found.module, one, depth + 1) for one in answers)
    return _is_error(module, value, depth)


def _is_error(module: Module, value: Expr | None, depth: int) -> bool:
    """Tell whether a value is an error object: made here, or by a function of the subject that makes one."""
    made = strip(value) if value is not None else None
    if isinstance(made, Name):
        bound = module.scopes.lookup(made.id, made)
        only = bound[0] if len(bound) == 1 else None
        made = strip(only.value) if isinstance(only, Assign) and only.value is not None else None
    if not isinstance(made, Call):
        return False
    found = definition(module, made.callee)
    if isinstance(found, Function) and depth < 2:
        return any(_is_error(found.module, one.value, depth + 1) for one in returns_of(found))
    named = made.name.endswith(("Error", "Exception")) or made.name in ("Denied", "Forbidden", "Refused")
    return named and (made.new or module.language == "python" or isinstance(found, Class))
