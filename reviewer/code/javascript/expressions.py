"""Expressions of JavaScript and TypeScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from reviewer.code.form import build
from reviewer.code.javascript import definitions, operations, patterns
from reviewer.code.javascript.given_names import give_name
from reviewer.code.syntax import Binary, Expr, Literal, Member, Name
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode

    from reviewer.code.javascript.lowering import JavaScriptLowering

_UNARY: Final = {"!": "not"}
_ESCAPE: Final = regex(r"\\(u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|.)", re.DOTALL)
_SIMPLE: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}


def unescape(text: str) -> str:
    """Return what the inside of a string literal stands for."""
    if "\\" not in text:
        return text

    def one(match: re.Match[str]) -> str:
        code = match[1]
        if code[0] in "ux" and len(code) > 1:
            point = int(code[1:].strip("{}"), 16)
            return chr(point) if point < 0x110000 and not 0xD800 <= point < 0xE000 else "\ufffd"
        return _SIMPLE.get(code, code)

    return _ESCAPE.sub(one, text)


def _name(low: JavaScriptLowering, raw: RawNode) -> Expr:
    text = low.module.text(raw)
    if text in low.this_names:
        return build.name(raw, "this")
    return build.literal(raw, None, text) if text == "undefined" else build.name(raw, text)


def _nothing(low: JavaScriptLowering, raw: RawNode) -> Expr:
    return build.literal(raw, None, raw.type)


def _boolean(low: JavaScriptLowering, raw: RawNode) -> Expr:
    return build.literal(raw, raw.type == "true", raw.type)


def _number(low: JavaScriptLowering, raw: RawNode) -> Expr:
    text = low.module.text(raw)
    digits = text.replace("_", "").rstrip("n")
    value: int | float
    try:
        value = int(digits, 0) if len(digits) < 300 else 0
    except ValueError:
        try:
            value = float(digits)
        except ValueError:
            value = 0
    return build.literal(raw, value, text)


def string_value(low: JavaScriptLowering, raw: RawNode) -> str:
    """Return the value of a string literal."""
    return unescape(low.module.text(raw)[1:-1])


def _string(low: JavaScriptLowering, raw: RawNode) -> Expr:
    text = low.module.text(raw)
    return build.literal(raw, unescape(text[1:-1]), text)


def _template(low: JavaScriptLowering, raw: RawNode) -> Expr:
    items: list[Expr] = []
    start = raw.start_byte + 1
    for child in raw.named_children:
        if child.type == "template_substitution":
            inner = child.named_children
            items.append(low.expr(inner[0] if inner else None))
        elif child.type in ("string_fragment", "escape_sequence"):
            text = low.module.text(child)
            items.append(build.literal(child, unescape(text), text))
    if all(isinstance(item, Literal) for item in items):
        if any(child.type == "template_substitution" for child in raw.named_children):
            whole = "".join(str(item.value) for item in items if isinstance(item, Literal))
            return build.literal(raw, whole, low.module.text(raw))
        inside = low.module.source[start : raw.end_byte - 1].decode("utf-8", "replace")
        return build.literal(raw, unescape(inside), low.module.text(raw))
    return build.template(raw, items)


def _regex(low: JavaScriptLowering, raw: RawNode) -> Expr:
    pattern, flags = raw.child_by_field_name("pattern"), raw.child_by_field_name("flags")
    return build.regex(raw, low.module.text(pattern) if pattern else "", low.module.text(flags) if flags else "")


def _parenthesised(low: JavaScriptLowering, raw: RawNode) -> Expr:
    inner = [child for child in raw.named_children if child.type not in ("comment", "type_annotation")]
    return low.expr(inner[0]) if inner else low.opaque(raw)


def _sequence(low: JavaScriptLowering, raw: RawNode) -> Expr:
    parts = [child for child in raw.named_children if child.type != "comment"]
    # (0, module.call)(x) is how compilers call without a receiver: the zero means nothing.
    if len(parts) == 2 and parts[0].type == "number":
        return low.expr(parts[1])
    return build.opaque(raw, [low.expr(part) for part in parts], "sequence_expression")


def _optional(raw: RawNode) -> bool:
    return raw.child_by_field_name("optional_chain") is not None


def _member(low: JavaScriptLowering, raw: RawNode) -> Expr:
    prop = raw.child_by_field_name("property")
    base = low.expr(raw.child_by_field_name("object"))
    name = low.module.text(prop) if prop else ""
    return low.last_operands.put(raw, base, lambda one: build.member(raw, one, name, _optional(raw)))


def _index(low: JavaScriptLowering, raw: RawNode) -> Expr:
    base = low.expr(raw.child_by_field_name("object"))
    key = low.expr(raw.child_by_field_name("index"))
    return low.last_operands.put(raw, base, lambda one: build.index(raw, one, key, _optional(raw)))


def _arguments(low: JavaScriptLowering, raw: RawNode | None) -> list[Expr]:
    if raw is None:
        return []
    if raw.type == "template_string":
        return [_template(low, raw)]
    return [low.expr(child) for child in raw.named_children if child.type != "comment"]


def _call(low: JavaScriptLowering, raw: RawNode) -> Expr:
    awaited = low.awaited(raw)
    if awaited is not None:
        return low.expr(awaited)
    callee = raw.child_by_field_name("function")
    function = build.name(callee, "import") if callee and callee.type == "import" else low.expr(callee)
    given = _arguments(low, raw.child_by_field_name("arguments"))
    return low.last_operands.put(raw, function, lambda one: _called(raw, one, given))


def _called(raw: RawNode, function: Expr, given: list[Expr]) -> Expr:
    node = build.call(raw, function, given)
    node.optional = _has_token(raw, "?.") or _has_token(raw, "optional_chain")
    return node


def _new(low: JavaScriptLowering, raw: RawNode) -> Expr:
    node = build.call(
        raw,
        low.expr(raw.child_by_field_name("constructor")),
        _arguments(low, raw.child_by_field_name("arguments")),
    )
    node.new = True
    return node


def _has_token(raw: RawNode, token: str) -> bool:
    return any(child.type == token for child in raw.children)


def _object(low: JavaScriptLowering, raw: RawNode) -> Expr:
    entries: list[tuple[Expr | None, Expr]] = []
    for child in raw.named_children:
        kind = child.type
        if kind == "pair":
            key = _key(low, child.child_by_field_name("key"))
            value = low.expr(child.child_by_field_name("value"))
            if isinstance(key, Literal):
                give_name(value, str(key.value))
            entries.append((key, value))
        elif kind in ("shorthand_property_identifier", "shorthand_property_identifier_pattern"):
            text = low.module.text(child)
            entries.append((build.literal(child, text, text), build.name(child, text)))
        elif kind == "spread_element":
            entries.append((None, low.expr(child.named_children[0] if child.named_children else None)))
        elif kind == "method_definition":
            method = definitions.function(low, child)
            entries.append((_key(low, child.child_by_field_name("name")), method))
        elif kind != "comment":
            entries.append((None, low.expr(child)))
    return build.mapping(raw, entries)


def _key(low: JavaScriptLowering, raw: RawNode | None) -> Expr:
    if raw is None:
        return low.expr(None)
    if raw.type == "computed_property_name":
        inner = raw.named_children
        return low.expr(inner[0] if inner else None)
    if raw.type == "string":
        return _string(low, raw)
    if raw.type == "number":
        return _number(low, raw)
    text = low.module.text(raw)
    return build.literal(raw, text, text)


def _array(low: JavaScriptLowering, raw: RawNode) -> Expr:
    return build.array(raw, [low.expr(child) for child in raw.named_children if child.type != "comment"])


def _unary(low: JavaScriptLowering, raw: RawNode) -> Expr:
    operator = raw.child_by_field_name("operator")
    text = low.module.text(operator) if operator else ""
    operand = low.expr(raw.child_by_field_name("argument"))
    if text == "void" and isinstance(operand, Literal):
        return build.literal(raw, None, "undefined")
    return build.unary(raw, _UNARY.get(text, text), operand)


def _update(low: JavaScriptLowering, raw: RawNode) -> Expr:
    operator = raw.child_by_field_name("operator")
    return build.unary(
        raw, low.module.text(operator) if operator else "", low.expr(raw.child_by_field_name("argument"))
    )


def _conditional(low: JavaScriptLowering, raw: RawNode) -> Expr:
    test = low.expr(raw.child_by_field_name("condition"))
    then, other = low.expr(raw.child_by_field_name("consequence")), low.expr(raw.child_by_field_name("alternative"))
    asked = _asked_for_nothing(test)
    if asked is not None:  # x !== undefined ? x : y
        value, instead = (then, other) if isinstance(test, Binary) and test.op == "!=" else (other, then)
        if isinstance(value, Name | Member) and low.module.text(asked.raw) == low.module.text(value.raw):
            return build.binary(raw, "??", value, instead)
    return build.conditional(raw, test, then, other)


def _asked_for_nothing(test: Expr) -> Expr | None:
    """Return the value that a test compares with nothing; None for any other test."""
    if isinstance(test, Binary) and test.op in ("==", "!=") and isinstance(test.right, Literal):
        return test.left if test.right.value is None else None
    return None


def _await(low: JavaScriptLowering, raw: RawNode) -> Expr:
    inner = raw.named_children
    misplaced = low.awaited(raw)
    if misplaced is not None:
        return low.expr(misplaced)
    return build.await_(raw, low.expr(inner[0] if inner else None))


def _yield(low: JavaScriptLowering, raw: RawNode) -> Expr:
    inner = [child for child in raw.named_children if child.type != "comment"]
    return build.yield_(raw, low.expr(inner[0]) if inner else None)


def _spread(low: JavaScriptLowering, raw: RawNode) -> Expr:
    inner = raw.named_children
    return build.spread(raw, low.expr(inner[0] if inner else None))


def _cast(low: JavaScriptLowering, raw: RawNode) -> Expr:
    parts = [child for child in raw.named_children if child.type != "comment"]
    if raw.type == "type_assertion":
        parts.reverse()
    kind = "satisfies" if raw.type == "satisfies_expression" else "as"
    annotation = low.module.text(parts[1]) if len(parts) > 1 else "const"
    if raw.type == "type_assertion":
        annotation = annotation.removeprefix("<").removesuffix(">")
    return build.cast(raw, low.expr(parts[0] if parts else None), annotation, kind)


def _non_null(low: JavaScriptLowering, raw: RawNode) -> Expr:
    inner = raw.named_children
    value = low.expr(inner[0] if inner else None)
    if inner:
        low.last_operands.note(inner[0], value)
    return low.last_operands.put(raw, value, lambda one: build.cast(raw, one, "", "!"))


def _instantiation(low: JavaScriptLowering, raw: RawNode) -> Expr:
    inner = raw.named_children
    return low.expr(inner[0] if inner else None)


def _assignment(low: JavaScriptLowering, raw: RawNode) -> Expr:
    made = patterns.assignments(low, raw, raw.child_by_field_name("left"), low.expr(raw.child_by_field_name("right")))
    return made[0] if len(made) == 1 else build.opaque(raw, made, "assignment_pattern_expression")


def _augmented(low: JavaScriptLowering, raw: RawNode) -> Expr:
    operator = raw.child_by_field_name("operator")
    return build.assign(
        raw,
        low.expr(raw.child_by_field_name("left")),
        low.expr(raw.child_by_field_name("right")),
        low.module.text(operator) if operator else "=",
    )


def _jsx_attribute(low: JavaScriptLowering, raw: RawNode) -> Expr:
    parts = raw.named_children
    name = low.module.text(parts[0]) if parts else ""
    key = build.literal(parts[0] if parts else raw, name, name)
    value = low.expr(parts[1]) if len(parts) > 1 else build.literal(raw, True, "true")
    return build.mapping(raw, [(key, value)])


MAKERS: Final[dict[str, Callable[[JavaScriptLowering, RawNode], Expr]]] = {
    "identifier": _name,
    "this": lambda _low, raw: build.name(raw, "this"),
    "super": lambda _low, raw: build.name(raw, "super"),
    "shorthand_property_identifier": _name,
    "shorthand_property_identifier_pattern": _name,
    "private_property_identifier": _name,
    "undefined": _nothing,
    "null": _nothing,
    "true": _boolean,
    "false": _boolean,
    "number": _number,
    "string": _string,
    "template_string": _template,
    "regex": _regex,
    "parenthesized_expression": _parenthesised,
    "sequence_expression": _sequence,
    "member_expression": _member,
    "subscript_expression": _index,
    "call_expression": _call,
    "new_expression": _new,
    "object": _object,
    "object_pattern": _object,
    "array": _array,
    "array_pattern": _array,
    "unary_expression": _unary,
    "update_expression": _update,
    "binary_expression": operations.operation,
    "ternary_expression": _conditional,
    "await_expression": _await,
    "yield_expression": _yield,
    "spread_element": _spread,
    "rest_pattern": _spread,
    "as_expression": _cast,
    "satisfies_expression": _cast,
    "type_assertion": _cast,
    "non_null_expression": _non_null,
    "instantiation_expression": _instantiation,
    "assignment_expression": _assignment,
    "augmented_assignment_expression": _augmented,
    "arrow_function": definitions.function,
    "function_expression": definitions.function,
    "function": definitions.function,
    "generator_function": definitions.function,
    "function_declaration": definitions.function,
    "generator_function_declaration": definitions.function,
    "method_definition": definitions.function,
    "class": definitions.class_,
    "class_declaration": definitions.class_,
    "jsx_attribute": _jsx_attribute,
    "jsx_expression": _parenthesised,
}
"""Parser's node type to the function that lowers it."""
