"""API024: a context manager answers that every error was dealt with, and nobody behind it learns of any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import falls_off, returns_of
from reviewer.code.syntax import Literal, Throw, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MEANT: Final = frozenset(
    "suppress suppressed suppressing ignore ignored ignoring swallow quiet silent silence".split()
)


@module_check("API024", words={"exit", "aexit"})
def exit_swallows(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the answers of each ``__exit__``."""
    if module.is_test or module.language != "python" or is_tooling(module.path):
        return
    for function in module.functions:
        if function.name not in ("__exit__", "__aexit__") or function.owner is None:
            continue
        if set(words(function.owner.name)) & _MEANT:
            continue
        answers = list(returns_of(function))
        values = [strip(one.value) if one.value is not None else None for one in answers]
        if falls_off(function) or any(True for _ in find(function.body, Throw, into_functions=False)):
            continue  # what is not dealt with goes on
        if answers and all(isinstance(value, Literal) and value.value is True for value in values):
            yield Match(
                answers[-1],
                f"'{function.owner.name}' says of every error that it was dealt with: the block may fail in the "
                "middle, and what stands behind it goes on as if all had been done.",
                confidence=Confidence.LIKELY,
            )
