"""SEC004: an answer is that a rank is not lower, which is true of a rank that the table doesn't know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Array, Binary, Call, Expr, Function, Index, Literal, Object, Return, Unary, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_COMPARES = frozenset({"<", "<=", ">", ">="})


@module_check(
    "SEC004",
    words={
        "level",
        "levels",
        "rank",
        "ranks",
        "role",
        "roles",
        "tier",
        "tiers",
        "trust",
        "standing",
        "grade",
        "grades",
    },
)
def unknown_rank_answers(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at answers that turn the comparison of two numbers of one table round."""
    if module.is_test or module.language == "python":
        return
    for node in module.all(Unary):
        test = strip(node.operand)
        if node.op != "not" or not isinstance(test, Binary) or test.op not in _COMPARES or not _is_answer(node):
            continue
        left, right = strip(test.left), strip(test.right)
        if not isinstance(left, Index) or not isinstance(right, Index):
            continue
        table = module.text_of(left.object)
        if table != module.text_of(right.object) or not _holds_numbers(module, left.object):
            continue
        if isinstance(strip(left.key), Literal) and isinstance(strip(right.key), Literal):
            continue
        yield Match(
            node,
            f"Where '{short(table)}' doesn't know a rank, '{short(module.text_of(test))}' is false, and the answer is "
            "yes: an unknown rank stands as high as any.",
            fix="Ask whether the rank is at least as high, with the lowest for what is unknown.",
        )


def _is_answer(node: Unary) -> bool:
    around = node.parent
    while isinstance(around, Binary) and around.op in ("and", "or"):
        around = around.parent
    return isinstance(around, Return)


def _holds_numbers(module: Module, held: Expr) -> bool:
    """Tell whether a table gives a number for each key: written out, or made of the places in a list."""
    made = module.scopes.origin(held)
    made = strip(made) if isinstance(made, Expr) else None
    while isinstance(made, Call) and made.name == "freeze" and made.args:
        made = strip(made.args[0])
    if isinstance(made, Object):
        values = [strip(value) for _key, value in made.entries]
        return bool(values) and all(
            isinstance(one, Literal) and isinstance(one.value, int) and not isinstance(one.value, bool)
            for one in values
        )
    if not isinstance(made, Call) or made.name != "fromEntries":
        return False
    by = [one for one in find(made.args, Function) if len(one.params) == 2]
    return any(
        isinstance(pair, Array) and len(pair.items) == 2 and module.text_of(pair.items[1]) == one.params[1].name
        for one in by
        for pair in find(one.body, Array)
    )
