"""LIF301: a fixture that yields twice, or that may end without having yielded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import before
from reviewer.code.syntax import Return, Yield
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.python_package.fixtures import fixtures
from reviewer.experts.python_package.yields import second_yield

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry


@module_check("LIF301", words={"fixture"})
def fixture_yields(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the generators among the fixtures."""
    if module.is_test:
        return
    for fixture in fixtures(module):
        function = fixture.function
        if not any(True for _ in find(function, Yield, into_functions=False)):
            continue
        again = second_yield(function.body)
        if again is not None:
            yield Match(
                again, f"The fixture '{fixture.name}' yields a second time: pytest fails the test when it ends."
            )
        for early in _without_value(function):
            yield Match(
                early,
                f"The fixture '{fixture.name}' leaves here without having yielded: pytest fails the test with 'did not "
                "yield a value'. Yield None instead.",
            )


def _without_value(function: Function) -> Iterator[Return]:
    for made in find(function, Return, into_functions=False):
        if not any(isinstance(node, Yield) for node in before(made)) and not _yields_inside(made):
            yield made


def _yields_inside(made: Return) -> bool:
    return made.value is not None and any(True for _ in find(made.value, Yield, into_functions=False))
