"""Texts that are put together by ``+``, ``%`` and ``format``: each is the `Template` that would say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.form.build_expressions import binary, literal, take, template
from reviewer.code.syntax import Array, Binary, Literal, Object, Spread, Template
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from re import Pattern

    from tree_sitter import Node as RawNode

    from reviewer.code.syntax import Expr

_PLACES: Final = regex(r"%(?:\((\w{1,99})\))?[-#0 +]{0,4}\d{0,4}(?:\.\d{1,4})?[diouxXeEfFgGcs]|%%")
"""Where ``"…" % x`` puts something; ``%r`` writes it in another way, and such a text is left alone."""
_FIELDS: Final = regex(r"\{\{|\}\}|\{(\w{0,99})(?:!s)?(?::[^{}]{0,40})?\}")
"""Where ``"…".format(x)`` puts something; a part of it, ``{x.y}``, is left alone and then has no place."""
_LONGEST: Final = 20_000
_MOST_FIELDS: Final = 100
_DOUBLED: Final = frozenset({"%%", "{{", "}}"})


def added(raw: RawNode, left: Expr, right: Expr, *, grouped: bool) -> Expr:
    """Make what ``left + right`` gives: a text where one side is one, else a `Binary`.

    ``grouped`` says that the left side stands in parentheses.
    """
    if not _is_text(left) and not _is_text(right):
        return binary(raw, "+", left, right)
    if isinstance(left, Literal) and isinstance(right, Literal):
        return literal(raw, f"{_shown(left)}{_shown(right)}", f"{left.raw_text} + {right.raw_text}")
    behind = right.items if isinstance(right, Template) else [] if _is_empty(right) else [right]
    if isinstance(left, Template):  # grows in place: a long sum is read once
        left.raw = raw
        left.items.extend(behind)
        take(left, behind)
        return left
    before = [] if _is_empty(left) else [left] if grouped else _summands(left)
    return template(raw, [*before, *behind])


def _is_text(expr: Expr) -> bool:
    return isinstance(expr, Template) or (isinstance(expr, Literal) and isinstance(expr.value, str))


def _is_empty(expr: Expr) -> bool:
    return isinstance(expr, Literal) and expr.value == ""


def _shown(constant: Literal) -> str:
    return constant.value if isinstance(constant.value, str) else constant.raw_text


def _summands(left: Expr) -> list[Expr]:
    """Return the parts of ``a + b`` before a text; a sum with a number in it is reckoned first."""
    parts: list[Expr] = []
    current = left
    while isinstance(current, Binary) and current.op == "+":
        parts.append(current.right)
        current = current.left
    parts.append(current)
    if any(isinstance(part, Literal) for part in parts):
        return [left]
    return parts[::-1]


def filled(raw: RawNode, text: Expr, given: Expr) -> Expr:
    """Make what ``text % given`` gives: a text where what goes where is known, else a `Binary`."""
    named = {str(k.value): v for k, v in given.entries if isinstance(k, Literal)} if isinstance(given, Object) else {}
    listed = given.items if isinstance(given, Array) and given.kind == "tuple" else [given]
    items = None
    if isinstance(text, Literal) and isinstance(text.value, str):
        items = _spread_out(text, _PLACES, listed if not named else [], named)
    return binary(raw, "%", text, given) if items is None else template(raw, items)


def formatted(raw: RawNode, text: Expr, args: list[Expr], keywords: dict[str, Expr]) -> Template | None:
    """Make what ``text.format(…)`` gives, or None where what goes where is not known."""
    if not isinstance(text, Literal) or not isinstance(text.value, str):
        return None
    items = _spread_out(text, _FIELDS, args, keywords)
    return None if items is None else template(raw, items)


def _spread_out(text: Literal, places: Pattern[str], listed: list[Expr], named: dict[str, Expr]) -> list[Expr] | None:
    """Return the stretches of a text and what is put between them; None unless each value has its one place."""
    spelled = str(text.value)
    if len(spelled) > _LONGEST or any(isinstance(one, Spread) for one in listed):
        return None
    items: list[Expr] = []
    put: list[Expr] = []
    stretch, end, next_one = "", 0, 0
    for place in places.finditer(spelled):
        stretch += spelled[end : place.start()]
        end = place.end()
        if place[0] in _DOUBLED:
            stretch += place[0][0]
            continue
        key = place[1] or str(next_one)
        next_one += not place[1]
        value = named.get(key) if not key.isdecimal() else listed[int(key)] if int(key) < len(listed) else None
        if value is None or len(put) >= _MOST_FIELDS or any(one is value for one in put):
            return None
        if stretch:
            items.append(literal(text.raw, stretch, stretch))
        items.append(value)
        put.append(value)
        stretch = ""
    stretch += spelled[end:]
    if not put or len(put) != len(listed) + len(named):
        return None
    return [*items, literal(text.raw, stretch, stretch)] if stretch else items
