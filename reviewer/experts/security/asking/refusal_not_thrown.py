"""SEC010: the error that should refuse is made, and nobody throws it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import conditions
from reviewer.code.syntax import Call, ExprStatement
from reviewer.code.text.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.decisions import asks_permission
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ERRORS = frozenset({"error", "exception", "denied", "refused", "forbidden", "unauthorized", "unauthorised", "refusal"})


@module_check("SEC010", words=TRIGGERS)
def refusal_not_thrown(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the statements that are nothing but a new error, where somebody was asked for leave."""
    if module.is_test:
        return
    for statement in module.all(ExprStatement):
        made = statement.value
        if not isinstance(made, Call) or not made.name[:1].isupper() or not set(words(made.name)[-1:]) & _ERRORS:
            continue
        if made.receiver is None and any(asks_permission(module, one.test) for one in conditions(statement)):
            yield Match(
                made,
                f"'{short(module.text_of(made))}' is made and not thrown: whoever was refused goes on all the same.",
            )
