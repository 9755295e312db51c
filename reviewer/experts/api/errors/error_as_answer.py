"""API621: a function answers with a text where it fails, and with something else where it doesn't."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import in_handler, returns_of
from reviewer.code.syntax import Array, Comprehension, Literal, Object, Template, strip
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function, Return
    from reviewer.experts.check import Inquiry

_FAILED: Final = regex(r"(?i)^\s*(error|failed|failure|fehler)\b")


@module_check("API621", words={"error", "failed", "failure"})
def error_as_answer(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that answers with the text of a failure."""
    if module.is_test:
        return
    for function in module.functions:
        answers = list(returns_of(function))
        told = [one for one in answers if _is_failure(one)]
        if told and _answers_otherwise(function, [one for one in answers if one not in told]):
            first = next((one for one in told if in_handler(one) is not None), told[0])
            yield Match(
                first,
                f"'{short(module.text_of(first))}' tells of a failure in place of another kind of answer: who takes "
                "it for one goes through its letters, and nobody can tell what went wrong.",
            )


def _is_failure(answer: Return) -> bool:
    text = _text(answer.value)
    return text is not None and _FAILED.match(text) is not None


def _text(value: Expr | None) -> str | None:
    """Return what a text begins with, or None for anything else."""
    made = strip(value) if value is not None else None
    if isinstance(made, Template):
        made = made.items[0] if made.items else None
    return made.value if isinstance(made, Literal) and isinstance(made.value, str) else None


def _answers_otherwise(function: Function, others: list[Return]) -> bool:
    """Tell whether all other answers are lists or objects, one at least."""
    made = [strip(one.value) for one in others if one.value is not None]
    return bool(made) and bool(function.body) and all(isinstance(one, Array | Comprehension | Object) for one in made)
