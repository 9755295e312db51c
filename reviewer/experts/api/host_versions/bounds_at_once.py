"""API460: both ends of a range have to be missed at once, so that nothing is ever refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Expr, If, Literal, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LOWEST: Final = frozenset("min minimum lowest least oldest floor minimal earliest".split())
_HIGHEST: Final = frozenset("max maximum highest most newest ceiling maximal latest".split())
"""Words of ends that lie in order; the start and the end of hours may lie around midnight."""
_COMPARES: Final = frozenset({"compare", "cmp", "comparator", "collate", "order"})
_LESS: Final = frozenset({"lt", "lte", "le"})
_MORE: Final = frozenset({"gt", "gte", "ge"})
_TURNED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


@module_check("API460", words=_LOWEST | _HIGHEST)
def bounds_at_once(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each two comparisons with the ends of a range that ``and`` or ``or`` joins."""
    if module.is_test:
        return
    for node in module.all(Binary):
        if node.op not in ("and", "or") or (isinstance(node.parent, Binary) and node.parent.op == node.op):
            continue
        ordered = [found for part in _parts(node, node.op) if (found := _order(part)) is not None]
        if node.op == "or" and _brings_back(module, node, ordered):
            continue
        for low, high in _ends(module, ordered, missed=node.op == "and"):
            text = short(module.text_of(node))
            yield Match(
                node,
                f"'{text}' never holds: nothing lies below '{low}' and above '{high}' at once, so whatever lies "
                "outside of the range passes."
                if node.op == "and"
                else f"'{text}' always holds: whatever lies below '{low}' lies under '{high}' as well, so nothing is "
                "outside of the range.",
            )
            break


def _brings_back(module: Module, test: Binary, ordered: list[tuple[Expr, Expr]]) -> bool:
    """Tell whether what holds only leads to another value of the thing: on a screen the lower end may be the higher."""
    branch = test.parent
    held = {module.text_of(one) for pair in ordered for one in pair}
    return isinstance(branch, If) and any(
        isinstance(one, Assign) and module.text_of(one.target) in held for one in find(branch.body, Assign)
    )


def _parts(node: Expr, op: str) -> Iterator[Expr]:
    node = strip(node)
    if isinstance(node, Binary) and node.op == op:
        yield from _parts(node.left, op)
        yield from _parts(node.right, op)
    else:
        yield node


def _order(test: Expr) -> tuple[Expr, Expr] | None:
    """Return (the lower, the higher) of a comparison: ``a < b``, ``compare(a, b) < 0``, ``semver.lt(a, b)``."""
    if isinstance(test, Unary) and test.op == "not":
        turned = _order(strip(test.operand))
        return (turned[1], turned[0]) if turned is not None else None
    if isinstance(test, Call) and len(test.args) == 2 and test.name in _LESS | _MORE:
        first, second = test.args
        return (first, second) if test.name in _LESS else (second, first)
    if not isinstance(test, Binary) or test.op not in _TURNED:
        return None
    left, op, right = strip(test.left), test.op, strip(test.right)
    if _is_nothing(left):
        left, op, right = right, _TURNED[op], left
    if _is_nothing(right) and isinstance(left, Call) and len(left.args) == 2 and _COMPARES & set(words(left.name)):
        left, right = left.args
    return (left, right) if op in ("<", "<=") else (right, left)


def _is_nothing(expr: Expr) -> bool:
    return isinstance(expr, Literal) and expr.value == 0 and expr.value is not False


def _ends(module: Module, ordered: list[tuple[Expr, Expr]], *, missed: bool) -> Iterator[tuple[str, str]]:
    """Yield the two ends between which one and the same thing lies, or beyond both of which it would have to."""
    for lower in ordered:
        for upper in ordered:
            value, low, high, again = (
                (lower[0], lower[1], upper[0], upper[1]) if missed else (lower[1], lower[0], upper[1], upper[0])
            )
            if lower is upper or module.text_of(value) != module.text_of(again):
                continue
            said, other = _said(low), _said(high)
            if said & _LOWEST and other & _HIGHEST and not said & _HIGHEST and not other & _LOWEST:
                yield module.text_of(low), module.text_of(high)


def _said(end: Expr) -> set[str]:
    """Return the words of an end of a range, those of its key as well: ``parsed(manifest["max_host"])``."""
    named = (getattr(node, "id", "") or getattr(node, "name", "") or getattr(node, "value", "") for node in walk(end))
    return {word for said in named if isinstance(said, str) for word in words(said)}
