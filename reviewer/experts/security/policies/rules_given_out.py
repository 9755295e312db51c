"""SEC014: what decides who may do what is given out as it is, by the very object that asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.tables import tables
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.given_out import given_out
from reviewer.experts.security.decisions import decides
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("SEC014", words=TRIGGERS)
def rules_given_out(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the tables that decisions read for public functions that answer with them."""
    if module.is_test:
        return
    for table in tables(module):
        deciding = next(
            (
                access
                for access in table.of("read", "has")
                if access.function is not None and decides(inquiry, module, access.function)
            ),
            None,
        )
        if deciding is None or deciding.function is None:
            continue
        for function, answer in given_out(module, table):
            if function is deciding.function:
                continue
            yield Match(
                answer,
                f"'{function.name}' gives out what '{deciding.function.name}' decides by, and no copy of it: whoever "
                "asks can change who may do what.",
                related=((deciding.node, "decided here"),),
            )
