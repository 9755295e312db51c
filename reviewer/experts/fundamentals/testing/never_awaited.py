"""FUN014: coroutines that are tests of a class which calls its tests and awaits nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Class, Expr, Yield
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CALLS_ONLY: Final = frozenset({"unittest.TestCase", "unittest.case.TestCase"})
"""Classes that call their tests, and pass over the coroutine that they are given."""
_DEEPEST: Final = 3


@module_check("FUN014", words={"unittest"})
def never_awaited(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class of tests whose coroutines nothing runs."""
    if module.language != "python" or not module.is_test:
        return
    for cls in module.all(Class):
        lost = [one for one in cls.methods if one.asynchronous and one.name.startswith("test") and not one.decorators]
        lost = [one for one in lost if next(find(one.body, Yield, into_functions=False), None) is None]
        base = _calls_only(module, cls) if lost else None
        if base is not None:
            yield Match(
                base,
                f"'{cls.name}' calls its tests and awaits nothing: '{lost[0].name}' makes a coroutine that is thrown "
                "away, and passes whatever the code under test does.",
                related=((lost[0], "a test of which nothing runs"),),
            )


def _calls_only(module: Module, cls: Class, depth: int = _DEEPEST) -> Expr | None:
    """Return the base of a class by which its tests are called and not awaited, where it has no other base."""
    if len(cls.bases) != 1 or not depth:
        return None
    base = cls.bases[0]
    if module.resolve(base) in _CALLS_ONLY:
        return base
    above = definition(module, base)
    known = isinstance(above, Class) and _calls_only(above.module, above, depth - 1) is not None
    overridden = isinstance(above, Class) and any(one.name in ("run", "__call__") for one in above.methods)
    return base if known and not overridden else None
