"""Functions, classes and object types of JavaScript and TypeScript."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.form import build
from reviewer.code.form.tree import adopt
from reviewer.code.javascript import patterns
from reviewer.code.syntax import Class, Expr, Field, Function, Param, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node as RawNode

    from reviewer.code.javascript.lowering import JavaScriptLowering

_METHODS: Final = frozenset({"method_definition", "method_signature", "abstract_method_signature"})
_TYPES: Final = frozenset({"interface_declaration", "type_alias_declaration"})
_KINDS: Final = {"interface_declaration": "interface", "type_alias_declaration": "type", "object_type": "type"}


def _annotation(low: JavaScriptLowering, raw: RawNode, field: str = "type") -> str:
    """Return the text of a type annotation without its colon."""
    found = raw.child_by_field_name(field)
    return low.module.text(found).lstrip(":").strip() if found is not None else ""


def _property_name(low: JavaScriptLowering, raw: RawNode) -> str:
    name = raw.child_by_field_name("name")
    if name is None:
        name = raw.child_by_field_name("property")
    return low.module.text(name).strip("'\"") if name is not None else ""


def function(low: JavaScriptLowering, raw: RawNode) -> Function:
    """Return the function of a node; parameters and body wait until they are asked for."""
    known = low.module.definitions.get(raw.id)
    if isinstance(known, Function):
        return known
    kind = "arrow" if raw.type == "arrow_function" else "function"
    name = _property_name(low, raw)
    if raw.type in _METHODS:
        kind = "constructor" if name == "constructor" else "method"
    made = build.function(raw, low.module, name, kind, low.outer)
    for child in raw.children:
        mark = child.type
        if mark == "async":
            made.asynchronous = True
        elif mark == "*":
            made.generator = True
        elif mark == "get":
            made.kind = "getter"
        elif mark == "set":
            made.kind = "setter"
        elif mark == "static":
            made.static = True
        elif mark == "accessibility_modifier":
            made.private = low.module.text(child) == "private"
        elif mark == "formal_parameters":
            break
    made.private = made.private or name.startswith("#")
    made.generator = made.generator or raw.type.startswith("generator_")
    made.returns = _annotation(low, raw, "return_type")
    made.signature_only = raw.child_by_field_name("body") is None
    low.module.definitions[raw.id] = made
    return made


def fill(low: JavaScriptLowering, function: Function) -> None:
    """Lower the parameters and the body of a function."""
    raw = function.raw
    params: list[Param] = []
    function._params = params
    single = raw.child_by_field_name("parameter")
    listed = raw.child_by_field_name("parameters")
    for child in [single] if single is not None else listed.named_children if listed is not None else []:
        made = _param(low, child)
        if made is not None:
            params.append(made)
    body = raw.child_by_field_name("body")
    statements: list[Statement]
    if body is None:
        statements = []
    elif body.type == "statement_block":
        statements = [*_kept_parameters(params), *low.statements(body.named_children)]
    else:
        statements = [build.return_(body, low.expr(body))]
    function._body = statements
    build.take(function, params)
    build.take(function, statements)


def _kept_parameters(params: list[Param]) -> list[Statement]:
    """Return what TypeScript writes before a constructor's body: ``this.bus = bus`` of ``(private bus: Bus)``."""
    return [kept_as_field(param.raw, param.name) for param in params if param.access and param.name]


def kept_as_field(raw: RawNode, name: str) -> Statement:
    """Return a statement that keeps a parameter in the field of its name, standing where that name does."""
    raw = raw.child_by_field_name("pattern") or raw
    target = build.member(raw, build.name(raw, "this"), name)
    return build.statement(raw, build.assign(raw, target, build.name(raw, name)))


def _param(low: JavaScriptLowering, raw: RawNode) -> Param | None:
    text = low.module.text
    if raw.type in ("comment", "decorator"):
        return None
    pattern: RawNode | None = raw
    annotation, fallback, access = "", None, ""
    if raw.type in ("required_parameter", "optional_parameter"):
        pattern = raw.child_by_field_name("pattern")
        annotation = _annotation(low, raw)
        value = raw.child_by_field_name("value")
        fallback = low.expr(value) if value is not None else None
        access = _access(low, raw)
    elif raw.type == "assignment_pattern":
        pattern = raw.child_by_field_name("left")
        fallback = low.expr(raw.child_by_field_name("right"))
    if pattern is None or pattern.type == "this":
        return None
    rest = pattern.type == "rest_pattern"
    if rest and pattern.named_children:
        pattern = pattern.named_children[0]
    destructured = pattern.type in ("object_pattern", "array_pattern")
    made = build.param(raw, "" if destructured else text(pattern), annotation, fallback)
    made.rest, made.access = rest, access
    made.optional = raw.type == "optional_parameter"
    if destructured:
        patterns.take_apart(low, made, pattern)
    return made


def class_(low: JavaScriptLowering, raw: RawNode) -> Class:
    """Return the class, interface or object type of a node, with its members."""
    known = low.module.definitions.get(raw.id)
    if isinstance(known, Class):
        return known
    kind = _KINDS.get(raw.type, "class")
    name = raw.child_by_field_name("name")
    made = build.class_(raw, low.module, low.module.text(name) if name is not None else "", kind, low.outer)
    low.module.definitions[raw.id] = made
    written_out = raw.type == "object_type"
    body = raw if written_out else raw.child_by_field_name("body") or raw.child_by_field_name("value")
    for child in raw.children:
        if child.type == "class_heritage":
            _heritage(low, child, made)
        elif child.type == "extends_type_clause":
            made.bases.extend(build.name(base, _bare(low, base)) for base in child.named_children)
        elif child.type == "decorator":
            made.decorators.append(_decorator(low, child))
    for holder in _holders(body):
        if holder.type in ("class_body", "interface_body", "object_type"):
            _members(low, holder, made)
        elif kind == "type" and holder.type in ("type_identifier", "generic_type"):
            made.bases.append(build.name(holder, _bare(low, holder)))
    adopt(made, None)
    return made


def _holders(body: RawNode | None) -> list[RawNode]:
    """Return the parts of a type that hold members: ``A & { b: C }`` has two."""
    if body is None:
        return []
    return body.named_children if body.type == "intersection_type" else [body]


def _bare(low: JavaScriptLowering, raw: RawNode) -> str:
    return low.module.text(raw).split("<", 1)[0].strip()


def _heritage(low: JavaScriptLowering, raw: RawNode, made: Class) -> None:
    for child in raw.named_children:
        if child.type == "extends_clause":
            made.bases.append(low.expr(child.child_by_field_name("value")))
        elif child.type == "implements_clause":
            made.bases.extend(build.name(base, _bare(low, base)) for base in child.named_children)
        elif child.type != "type_arguments":
            made.bases.append(low.expr(child))


def _members(low: JavaScriptLowering, holder: RawNode, made: Class) -> None:
    decorators: list[Expr] = []
    for child in holder.named_children:
        kind = child.type
        if kind == "comment":
            continue  # a remark may stand between a decorator and its method
        if kind == "decorator":
            decorators.append(_decorator(low, child))
            continue
        if kind in _METHODS:
            method = function(low, child)
            inside = [part for part in child.named_children if part.type == "decorator"]  # the grammar of JavaScript
            decorators.extend(_decorator(low, part) for part in inside)
            method.owner, method.decorators = made, decorators
            method.signature_only = child.child_by_field_name("body") is None
            made.methods.append(method)
            if method.kind == "constructor":
                made.fields.extend(_parameter_properties(low, child))
        elif kind in ("public_field_definition", "field_definition", "property_signature"):
            _field(low, child, made)
        elif kind == "class_static_block":
            body = child.child_by_field_name("body")
            made.rest.extend(low.block(body))
        decorators = []


def _parameter_properties(low: JavaScriptLowering, constructor: RawNode) -> Iterator[Field]:
    """Yield the fields that TypeScript declares among the parameters: ``constructor(private bus: Bus)``."""
    listed = constructor.child_by_field_name("parameters")
    for raw in listed.named_children if listed is not None else ():
        access = _access(low, raw)
        pattern = raw.child_by_field_name("pattern")
        if access and pattern is not None and pattern.type == "identifier":
            field = build.field(raw, low.module.text(pattern), _annotation(low, raw))
            field.private = access in ("private", "protected")  # neither is reached from outside
            field.readonly = any(child.type == "readonly" for child in raw.children)
            field.optional = raw.type == "optional_parameter"
            yield field


def _access(low: JavaScriptLowering, raw: RawNode) -> str:
    """Return what makes a parameter a field as well: its accessibility, else ``readonly``; empty where nothing does."""
    marks = {child.type: child for child in raw.children}
    if "accessibility_modifier" in marks:
        return low.module.text(marks["accessibility_modifier"])
    return "readonly" if "readonly" in marks else ""


def _decorator(low: JavaScriptLowering, raw: RawNode) -> Expr:
    return low.expr(raw.named_children[0] if raw.named_children else None)


def _field(low: JavaScriptLowering, raw: RawNode, made: Class) -> None:
    name = _property_name(low, raw)
    value = raw.child_by_field_name("value")
    lowered = low.expr(value) if value is not None else None
    if isinstance(lowered, Function) and lowered.owner is None:
        # run = () => {…} is a method to everybody who calls it.
        lowered.name, lowered.owner = name, made
        if not _given_again(low, name):
            _as_method(low, raw, lowered)
            made.methods.append(lowered)
            return
    field: Field = build.field(raw, name, _annotation(low, raw), lowered)
    for child in raw.children:
        mark = child.type
        if mark == "static":
            field.static = True
        elif mark == "readonly":
            field.readonly = True
        elif mark == "?":
            field.optional = True
        elif mark == "accessibility_modifier":
            field.private = low.module.text(child) == "private"
    field.private = field.private or name.startswith("#")
    made.fields.append(field)


def _given_again(low: JavaScriptLowering, name: str) -> bool:
    """Tell whether the file puts something else into a member of that name: a hook with a default, and no method."""
    return re.search(rb"\." + re.escape(name.encode()) + rb"\s{0,9}(?:\?\?|\|\|)?=[^=]", low.module.source) is not None


def _as_method(low: JavaScriptLowering, raw: RawNode, function: Function) -> None:
    """Let a function that a field holds be the method that it is."""
    function.kind = "method"
    for child in raw.children:
        mark = child.type
        if mark == "static":
            function.static = True
        elif mark == "accessibility_modifier":
            function.private = low.module.text(child) == "private"
    function.private = function.private or function.name.startswith("#")


def is_type(raw: RawNode) -> bool:
    """Tell whether a node declares an interface or a type alias."""
    return raw.type in _TYPES
