"""LIF015: what a context manager releases behind its ``yield`` stays when its block throws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.syntax import Assign, ExprStatement, Function, Node, Yield
from reviewer.code.walk import find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.ways_out.release_skipped import released_by
from reviewer.experts.managers import manages

if TYPE_CHECKING:
    from reviewer.code.module import Module


@module_check("LIF015", words={"contextmanager", "asynccontextmanager"})
def yield_without_finally(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at a bare ``yield`` with a release behind it, which runs only where the block ends well."""
    if module.is_test:
        return
    for function in module.functions:
        if not function.generator or not any(manages(decorator) for decorator in function.decorators):
            continue
        for place, release in _behind(function):
            yield Match(
                place,
                f"When the block of '{function.name}' throws, it throws here, and '{module.text_of(release)}' is never "
                "reached: put the yield into a try, and the release into its finally.",
                related=((release, "not reached"),),
            )


def _behind(function: Function) -> Iterator[tuple[Node, Node]]:
    """Yield each yielding statement with the first release that stands behind it in the same block."""
    for position, statement in enumerate(function.body):
        if not isinstance(statement, ExprStatement | Assign):
            continue
        if next(find(statement, Yield, into_functions=False), None) is None:
            continue
        released = [step for later in function.body[position + 1 :] for step, _names in released_by(later)]
        if released:
            yield statement, released[0]
