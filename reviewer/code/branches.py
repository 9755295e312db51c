"""The two ways behind a test, wherever their statements stand, and what is enough for it to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import conditions, exits, siblings
from reviewer.code.syntax import Binary, Jump, Return, strip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.syntax import Expr, If, Node, Statement


def ways(test: If) -> tuple[list[Statement], list[Statement]]:
    """Return what runs only where a test holds, and what only where it fails.

    What follows a branch that leaves is the other way: ``if (!ready) return; begin();``.
    """
    if test.orelse or not exits(test.body) or test.parent is None:
        return test.body, test.orelse
    beside = siblings(test)
    place = next((number for number, one in enumerate(beside) if one is test), len(beside))
    return test.body, beside[place + 1 :]


def passes_by(test: If) -> bool:
    """Tell whether a branch does nothing but leave, without an answer: a bare ``return`` or ``continue``."""
    only = test.body[0] if len(test.body) == 1 and not test.orelse else None
    return isinstance(only, Return | Jump) and getattr(only, "value", None) is None


def exclusive(one: Node, other: Node) -> bool:
    """Tell whether only one of two nodes runs, because a test that the one needs to hold must fail for the other."""
    needed = {id(condition.test): condition.holds for condition in conditions(one)}
    return any(needed.get(id(known.test), known.holds) is not known.holds for known in conditions(other))


def alternatives(test: Expr) -> Iterator[Expr]:
    """Yield the parts of a condition of which one is enough."""
    test = strip(test)
    if isinstance(test, Binary) and test.op == "or":
        yield from alternatives(test.left)
        yield from alternatives(test.right)
    else:
        yield test
