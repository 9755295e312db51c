"""What decorators make of the functions under them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Member, Name, strip
from reviewer.code.text.words import words

if TYPE_CHECKING:
    from reviewer.code.syntax import Function

_RUNS: Final = frozenset(
    "sync synchronous deferred defer callbacks blocking thread background task schedule work".split()
)
"""Words of decorators that run a coroutine, or start it, for whoever calls the function."""


def is_run_by_decorator(function: Function) -> bool:
    """Tell whether a decorator of Python runs what a coroutine does: ``@async_to_deferred``, ``@sync_decorator``."""
    if function.module.language != "python":
        return False
    for decorator in function.decorators:
        mark = strip(decorator)
        named = strip(mark.callee) if isinstance(mark, Call) else mark
        name = named.name if isinstance(named, Member) else named.id if isinstance(named, Name) else ""
        if not _RUNS.isdisjoint(words(name)):
            return True
    return False
