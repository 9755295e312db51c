"""SEC007: whoever has no rules of its own gets those of another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Expr, Index, Literal, Node, strip
from reviewer.code.walk import function_of
from reviewer.code.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import surroundings, word_set
from reviewer.experts.security.decisions import is_decision
from reviewer.experts.security.vocabulary import PERMISSION, TABLES, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MEANT: Final = word_set(
    "default defaults fallback none nobody anonymous guest guests public unknown minimal minimum base baseline other "
    "restricted untrusted deny sandbox sandboxed everyone any all * _ __default__ readonly viewer"
)
"""Keys under which rules for everybody else are rightly kept."""
_HELD: Final = (PERMISSION | TABLES) - {"access", "rule"}


@module_check("SEC007", words=TRIGGERS)
def borrowed_rules(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find look-ups that fall back to another key of the same table."""
    if module.is_test:
        return
    for node in module.all_nodes:
        if isinstance(node, Binary) and node.op in ("??", "or"):
            first, second = _look_up(module, node.left), _look_up(module, node.right)
        elif isinstance(node, Call) and node.name in ("get", "getOrDefault") and len(node.args) == 2:
            first, second = _look_up(module, node), _look_up(module, node.args[1])
        else:
            continue
        if first is None or second is None or first[0] != second[0] or not _about(node, first[0]):
            continue
        key = strip(second[1]) if second[1] is not None else None
        if isinstance(strip(first[1]) if first[1] is not None else None, Literal):
            continue
        if key is None:
            yield Match(
                node, f"Whoever has no entry in '{short(first[0])}' gets the rules of whoever happens to be first."
            )
        elif (
            isinstance(key, Literal)
            and isinstance(key.value, str)
            and not set(words(key.value) or (key.value,)) & _MEANT
        ) and key.value not in _MEANT:
            yield Match(node, f"Whoever has no entry in '{short(first[0])}' gets the rules of '{key.value}'.")


def _look_up(module: Module, expr: Expr) -> tuple[str, Expr | None] | None:
    """Return (table, key) of a look-up; the key is None for "the first there is"."""
    expr = strip(expr)
    if isinstance(expr, Call) and expr.name == "get" and expr.receiver is not None and expr.args:
        return module.text_of(expr.receiver).replace("?", ""), expr.args[0]
    if isinstance(expr, Index):
        inner = strip(expr.object)
        if isinstance(inner, Call) and inner.name in ("values", "list") and inner.args:
            holder = strip(inner.args[0])
            if isinstance(holder, Call) and holder.name == "values" and holder.receiver is not None:
                return module.text_of(holder.receiver), None
            return module.text_of(holder).replace("?", ""), None
        return module.text_of(expr.object).replace("?", ""), expr.key
    return None


def _about(node: Node, table: str) -> bool:
    function = function_of(node)
    if set(words(table)) & _HELD:
        return True
    if function is None:
        return False
    return is_decision(function) or bool(surroundings(function) & (PERMISSION - {"access"}))
