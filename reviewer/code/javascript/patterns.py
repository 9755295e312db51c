"""Destructuring, flattened to one assignment per name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from reviewer.code.form import build
from reviewer.code.javascript.given_names import give_name
from reviewer.code.syntax import Assign, Expr, Literal

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode

    from reviewer.code.javascript.lowering import JavaScriptLowering
    from reviewer.code.syntax import Param


class _Pattern(Struct):
    """A pattern that is being flattened, and what came of it so far."""

    low: JavaScriptLowering
    declare: str
    """``let``, ``const``, ``var``, or empty where nothing is declared."""
    found: list[Assign] = field(default_factory=list)


def assignments(
    low: JavaScriptLowering,
    raw: RawNode,
    target: RawNode | None,
    value: Expr | None,
    declare: str = "",
) -> list[Assign]:
    """Return the assignments that ``target = value`` stands for; all have the place of ``raw``."""
    if target is None or target.type not in ("object_pattern", "array_pattern") or value is None:
        made = build.assign(raw, low.expr(target), value, "=", declare)
        if value is not None and target is not None and target.type in ("identifier", "member_expression"):
            give_name(value, low.module.text(target).rsplit(".", 1)[-1])
        return [made]
    pattern = _Pattern(low, declare)
    _flatten(pattern, raw, target, value, 0)
    # A pattern that binds nothing still evaluates its value.
    return pattern.found or [build.assign(raw, build.opaque(target, [], target.type), value, "=", declare)]


def _flatten(
    pattern: _Pattern,
    raw: RawNode,
    target: RawNode,
    value: Expr,
    depth: int,
) -> None:
    if depth > 40:
        pattern.low.module.too_deep = True
        return
    if target.type == "object_pattern":
        for child in target.named_children:
            _property(pattern, child, value, depth)
    elif target.type == "array_pattern":
        for position, slot in enumerate(_slots(target)):
            if slot is None:
                continue
            child = slot
            if child.type == "rest_pattern":
                _leaf(pattern, raw, child.named_children[0], value, None, depth)
                continue
            number = build.literal(child, position, str(position))
            _leaf(pattern, raw, child, build.index(child, value, number), None, depth)


def _slots(target: RawNode) -> list[RawNode | None]:
    """Return the places of an array pattern; a hole is None."""
    slots: list[RawNode | None] = []
    empty = True
    for child in target.children:
        if child.type == ",":
            if empty:
                slots.append(None)
            empty = True
        elif child.is_named and child.type != "comment":
            slots.append(child)
            empty = False
    return slots


def _property(
    pattern: _Pattern,
    child: RawNode,
    value: Expr,
    depth: int,
) -> None:
    kind = child.type
    text = pattern.low.module.text
    if kind == "shorthand_property_identifier_pattern":
        member = build.member(child, value, text(child))
        pattern.found.append(build.assign(child, build.name(child, text(child)), member, "=", pattern.declare))
    elif kind == "pair_pattern":
        key, inner = child.child_by_field_name("key"), child.child_by_field_name("value")
        if key is None or inner is None:
            return
        part: Expr
        if key.type == "computed_property_name":
            part = build.index(child, value, pattern.low.expr(key.named_children[0] if key.named_children else None))
        else:
            part = build.member(child, value, text(key).strip("'\""))
        _leaf(pattern, child, inner, part, None, depth)
    elif kind in ("object_assignment_pattern", "assignment_pattern"):
        left, right = child.child_by_field_name("left"), child.child_by_field_name("right")
        if left is not None:
            part = build.member(child, value, text(left))
            _leaf(pattern, child, left, part, pattern.low.expr(right), depth)
    elif kind == "rest_pattern" and child.named_children:
        _leaf(pattern, child, child.named_children[0], value, None, depth)


def _leaf(
    pattern: _Pattern,
    raw: RawNode,
    target: RawNode,
    value: Expr,
    fallback: Expr | None,
    depth: int,
) -> None:
    if target.type == "assignment_pattern":
        left, right = target.child_by_field_name("left"), target.child_by_field_name("right")
        if left is not None:
            _leaf(pattern, raw, left, value, pattern.low.expr(right), depth)
        return
    if target.type in ("object_pattern", "array_pattern"):
        _flatten(pattern, raw, target, value, depth + 1)
        return
    name = (
        build.name(target, pattern.low.module.text(target))
        if target.type.endswith("identifier_pattern")
        else pattern.low.expr(target)
    )
    made = build.assign(raw, name, value, "=", pattern.declare)
    if fallback is not None:
        build.default(made, fallback)
    pattern.found.append(made)


def take_apart(low: JavaScriptLowering, param: Param, pattern: RawNode) -> None:
    """Give a destructured parameter its fields, property to local name, and their fallbacks; nested ones are dotted."""
    value = build.name(pattern, "")
    flat = _Pattern(low, "")
    _flatten(flat, pattern, pattern, value, 0)
    for made in flat.found:
        path: list[str] = []
        step: Expr | None = made.value
        while step is not None and step is not value:
            path.append(_step_name(step))
            step = getattr(step, "object", None)
        local = getattr(made.target, "id", "")
        if local:
            param.fields[".".join(reversed(path)) or f"...{local}"] = local
        if local and made.default is not None:
            param.fallbacks[local] = made.default
            made.default.parent = param


def _step_name(step: Expr) -> str:
    key = getattr(step, "key", None)
    if isinstance(key, Literal):
        return str(key.value)
    return str(getattr(step, "name", "*"))
