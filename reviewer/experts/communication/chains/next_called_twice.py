"""COM041: one way through a middleware runs the rest of the chain twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import in_handler
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.chains.middleware import middlewares

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("COM041", words={"next", "proceed"})
def next_called_twice(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Count the calls of ``next`` along each way."""
    if module.is_test:
        return
    for found in middlewares(module):
        if found.plain and found.twice:
            second = found.twice[0]
            name = found.param.name
            why = (
                "where the rest of the chain threw, it is run again from here"
                if in_handler(second) is not None
                else "a way that already called it comes here, too, and the handler runs twice for one message"
            )
            yield Match(second, f"'{name}()' is called a second time: {why}.")
