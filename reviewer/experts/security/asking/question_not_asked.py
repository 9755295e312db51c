"""SEC010: a guard tests the function that would ask, and does not call it: a function is always true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Binary, Conditional, Function, If, Member, Name, Unary, While, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.deciding.decisions import is_decision
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry


@module_check("SEC010", words=TRIGGERS | {"is", "has", "admin", "allowed"})
def question_not_asked(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every condition for a decision of the subject that stands there by its name alone."""
    if module.is_test:
        return
    tested: list[If | While | Conditional] = [*module.all(If), *module.all(While), *module.all(Conditional)]
    for node in tested:
        for part in _parts(node.test):
            target = definition(module, part)
            if not isinstance(target, Function) or target.kind == "getter" or target.decorators:
                continue
            if is_decision(target) or target.name.lower().lstrip("_").startswith(("is_", "is", "has_", "may_", "can_")):
                yield Match(
                    part,
                    f"'{short(module.text_of(part))}' is a function, which is always true, and nothing calls it here: "
                    "the question is never asked.",
                    fix=f"Call it: {short(module.text_of(part))}({'…' if target.params else ''}).",
                )


def _parts(test: Expr) -> Iterator[Name | Member]:
    """Yield what a condition asks for its truth alone."""
    made = strip(test)
    if isinstance(made, Unary) and made.op == "not":
        yield from _parts(made.operand)
    elif isinstance(made, Binary) and made.op in ("and", "or"):
        yield from _parts(made.left)
        yield from _parts(made.right)
    elif isinstance(made, Name | Member):
        yield made
