"""PAT019: what all have together is held against the limit that is meant for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Binary, Call, Expr, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_COMPARES: Final = frozenset({"<", "<=", ">", ">="})
_TIMES: Final = frozenset(
    "ms s sec second minute min hour day week month year page run request call item batch".split()
)
"""What a rate or a portion is counted by, and nobody whose share it is."""


@module_check("PAT019", words={"per"})
def total_against_share(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison with a limit per somebody for a number that is that of all."""
    if module.is_test:
        return
    for test in module.all(Binary):
        for limit, amount in ((test.right, test.left), (test.left, test.right)) if test.op in _COMPARES else ():
            whose = _whose(limit)
            if whose and _of_all(module, amount, whose):
                yield Match(
                    test,
                    f"'{short(module.text_of(amount))}' counts what all have together, and "
                    f"'{short(module.text_of(limit))}' is the share of each {whose}: one of them can take it all, and "
                    "the others are refused.",
                    fix=f"Count what this {whose} has.",
                )


def _whose(limit: Expr) -> str:
    """Return whom a limit is for, by its name: ``MAX_JOBS_PER_TENANT`` is for a tenant."""
    said = words(last_name(strip(limit)))
    at = said.index("per") + 1 if "per" in said else len(said)
    return said[at] if at < len(said) and said[at] not in _TIMES else ""


def _of_all(module: Module, amount: Expr, whose: str) -> bool:
    """Tell whether a number is that of a whole collection, where the function knows of whom it is asked."""
    function = function_of(amount)
    if function is None or not any(whose in words(param.name) for param in function.params):
        return False
    told = {param.name for param in function.params if whose in words(param.name)}
    made = module.scopes.origin(amount)
    made = made if isinstance(made, Expr) else strip(amount)
    if any(name.id in told for name in find(made, Name)):
        return False
    if isinstance(made, Call) and made.name in ("sum", "reduce"):
        return any(call.name == "values" and is_this_member(call.receiver) for call in find(made, Call))
    if isinstance(made, Call) and made.name == "len" and len(made.args) == 1:
        return is_this_member(strip(made.args[0]))
    return isinstance(made, Member) and made.name in ("size", "length") and is_this_member(strip(made.object))
