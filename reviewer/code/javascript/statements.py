"""Statements of JavaScript and TypeScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from reviewer.code.form import build
from reviewer.code.javascript import definitions, patterns
from reviewer.code.javascript.each import each
from reviewer.code.javascript.expressions import string_value
from reviewer.code.syntax import Assign, Case, Expr, Handler, Imported, Node, Opaque, Statement
from reviewer.code.text.languages import DECLARATIONS

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode

    from reviewer.code.javascript.lowering import JavaScriptLowering

_HELD: Final = (b"using", b"await")
"""How a declaration begins that releases what it declares, in the text itself: the tree may say it in older words."""

Maker = Callable[["JavaScriptLowering", "RawNode"], list[Statement]]


def _code(raw: RawNode) -> list[RawNode]:
    return [child for child in raw.named_children if child.type != "comment"]


def _expression(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    parts = _code(raw)
    if not parts:
        return []
    loop = each(raw)
    if loop is not None:
        before, low.leaving = low.leaving, "continue"
        made = build.for_(raw, low.expr(loop.target), low.expr(loop.items), low.block(loop.body))
        low.leaving = before
        return [made]
    value = low.expr(parts[0])
    if isinstance(value, Opaque) and value.kind == "assignment_pattern_expression":
        return [build.statement(raw, part) for part in value.items if isinstance(part, Expr)]
    return [build.statement(raw, value)]


def _declaration(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    declare = raw.children[0].type if raw.children else ""
    if declare == "await" or low.module.source.startswith(_HELD, raw.start_byte):
        declare = "using"
    return [build.statement(raw, made) for made in _declared(low, raw, declare)]


def _declared(low: JavaScriptLowering, raw: RawNode, declare: str) -> list[Assign]:
    made: list[Assign] = []
    for child in raw.named_children:
        if child.type != "variable_declarator":
            continue
        value = child.child_by_field_name("value")
        lowered = low.expr(value) if value is not None else None
        parts = patterns.assignments(low, child, child.child_by_field_name("name"), lowered, declare)
        annotation = child.child_by_field_name("type")
        if annotation is not None and len(parts) == 1:
            parts[0].type = low.module.text(annotation).lstrip(":").strip()
        made.extend(parts)
    return made


def _return(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    parts = _code(raw)
    if not parts and low.leaving:
        return [build.jump(raw, low.leaving)]
    return [build.return_(raw, low.expr(parts[0]) if parts else None)]


def _throw(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    parts = _code(raw)
    return [build.throw(raw, low.expr(parts[0]) if parts else None)]


def _if(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    other = raw.child_by_field_name("alternative")
    orelse = low.statements(_code(other)[:1]) if other is not None and _code(other) else []
    if other is not None and orelse and _code(other)[0].type == "statement_block":
        orelse = low.block(_code(other)[0])
    return [
        build.if_(
            raw,
            low.expr(raw.child_by_field_name("condition")),
            low.block(raw.child_by_field_name("consequence")),
            orelse,
        )
    ]


def _for_in(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    left, operator = raw.child_by_field_name("left"), raw.child_by_field_name("operator")
    made = build.for_(
        raw,
        low.expr(left),
        low.expr(raw.child_by_field_name("right")),
        low.block(raw.child_by_field_name("body")),
    )
    made.style = operator.type if operator is not None else "of"
    made.asynchronous = any(child.type == "await" for child in raw.children[:3])
    return [made]


def _for(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    header: list[Node] = []
    start = raw.child_by_field_name("initializer")
    if start is not None:
        header.extend(low.statements([start]))
    for field in ("condition", "increment"):
        part = raw.child_by_field_name(field)
        if part is not None and part.is_named and part.type != "empty_statement":
            inner = _code(part)[0] if part.type == "expression_statement" and _code(part) else part
            header.append(low.expr(inner))
    return [build.counting_for(raw, header, low.block(raw.child_by_field_name("body")))]


def _while(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    test = low.expr(raw.child_by_field_name("condition"))
    return [build.while_(raw, test, low.block(raw.child_by_field_name("body")))]


def _try(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    handlers: list[Handler] = []
    caught = raw.child_by_field_name("handler")
    if caught is not None:
        name = caught.child_by_field_name("parameter")
        called = low.module.text(name) if name is not None else ""
        body: list[Statement] = low.block(caught.child_by_field_name("body"))
        if name is not None and name.type == "object_pattern" and body:  # ``catch ({ message })``
            named = patterns.assignments(low, name, name, build.name(name, called), "let")
            body = [*(build.statement(name, made) for made in named), *body]
        handlers.append(build.handler(caught, [], called, body))
    last = raw.child_by_field_name("finalizer")
    final = low.block(last.child_by_field_name("body")) if last is not None else []
    return [build.try_(raw, low.block(raw.child_by_field_name("body")), handlers, [], final)]


def _switch(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    body = raw.child_by_field_name("body")
    cases: list[Case] = []
    waiting: list[Expr] = []
    for child in body.named_children if body is not None else []:
        if child.type not in ("switch_case", "switch_default"):
            continue
        value = child.child_by_field_name("value")
        tests = [low.expr(value)] if value is not None else []
        inside = low.statements(child.children_by_field_name("body"))
        if not inside and tests:  # case 1: case 2: share what follows
            waiting.extend(tests)
            continue
        cases.append(build.case(child, [*waiting, *tests] if tests else [], None, inside))
        waiting = []
    return [build.switch(raw, low.expr(raw.child_by_field_name("value")), cases)]


def _block(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    return [build.block(raw, low.statements(raw.named_children))]


def _labelled(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    return low.block(raw.child_by_field_name("body"))


def _jump(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    return [build.jump(raw, raw.type.split("_", 1)[0])]


def _nothing(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    return []


def _function(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    return [definitions.function(low, raw)]


def _class(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    return [definitions.class_(low, raw)]


def _enum(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    """An enum is a constant object of its members."""
    name, body = raw.child_by_field_name("name"), raw.child_by_field_name("body")
    entries: list[tuple[Expr | None, Expr]] = []
    for child in body.named_children if body is not None else []:
        key = child.child_by_field_name("name") or child
        value = child.child_by_field_name("value")
        text = low.module.text(key).strip("'\"")
        lowered = low.expr(value) if value is not None else build.literal(child, text, text)
        entries.append((build.literal(key, text, text), lowered))
    target = build.name(name or raw, low.module.text(name) if name is not None else "")
    return [build.statement(raw, build.assign(raw, target, build.mapping(raw, entries), "=", "const"))]


def _namespace(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    body = raw.child_by_field_name("body")
    return [build.block(raw, low.block(body))] if body is not None else []


def _ambient(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    """``declare …`` describes what exists elsewhere: types count, values only in a file that is nothing else."""
    if low.module.path.endswith(DECLARATIONS):
        return low.statements(raw.named_children)
    return [low.statement(child)[0] for child in _code(raw) if definitions.is_type(child)]


def _import(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    required = next((c for c in raw.named_children if c.type == "import_require_clause"), None)
    source = (required or raw).child_by_field_name("source")
    text = string_value(low, source) if source is not None else ""
    only_types = any(child.type == "type" for child in raw.children)
    names: list[Imported] = []
    if required is not None and required.named_children:
        local = low.module.text(required.named_children[0])
        names.append(Imported(local, "*", text, type_only=only_types))
    for clause in raw.named_children:
        if clause.type == "import_clause":
            for part in clause.named_children:
                names.extend(_imported(low, part, text, only_types))
    return [build.import_(raw, names, text)]


def _imported(low: JavaScriptLowering, raw: RawNode, source: str, only_types: bool) -> list[Imported]:
    text = low.module.text
    if raw.type == "identifier":
        return [Imported(text(raw), "default", source, type_only=only_types)]
    if raw.type == "namespace_import" and raw.named_children:
        return [Imported(text(raw.named_children[0]), "*", source, type_only=only_types)]
    found: list[Imported] = []
    if raw.type == "named_imports":
        for part in raw.named_children:
            name, alias = part.child_by_field_name("name"), part.child_by_field_name("alias")
            if name is None:
                continue
            typed = only_types or any(child.type == "type" for child in part.children)
            found.append(Imported(text(alias or name), text(name).strip("'\""), source, type_only=typed))
    return found


def _export(low: JavaScriptLowering, raw: RawNode) -> list[Statement]:
    source = raw.child_by_field_name("source")
    text = string_value(low, source) if source is not None else ""
    body: list[Statement] = []
    names: list[tuple[str, str]] = []
    declaration, value = raw.child_by_field_name("declaration"), raw.child_by_field_name("value")
    default = any(child.type in ("default", "=") for child in raw.children)
    if declaration is not None:
        body = low.statements([declaration])
        names = (
            [("default", _declared_names(body)[0] if _declared_names(body) else "")]
            if default
            else [(name, name) for name in _declared_names(body)]
        )
    elif value is not None:
        lowered = low.expr(value)
        body = [lowered if isinstance(lowered, Statement) else build.statement(value, lowered)]
        names = [("default", getattr(lowered, "id", "") or getattr(lowered, "name", "") or "")]
    for child in raw.named_children:
        if child.type == "export_clause":
            names.extend(_specifiers(low, child))
        elif child.type == "namespace_export" and child.named_children:
            names.append((low.module.text(child.named_children[0]), "*"))
        elif default and declaration is None and value is None and child.type == "identifier":
            names.append(("default", low.module.text(child)))
            body = [build.statement(child, low.expr(child))]
    if source is not None and not names:
        names.append(("*", "*"))
    return [build.export(raw, names, body, text)]


def _specifiers(low: JavaScriptLowering, clause: RawNode) -> list[tuple[str, str]]:
    found = []
    for part in clause.named_children:
        name, alias = part.child_by_field_name("name"), part.child_by_field_name("alias")
        if name is not None:
            found.append((low.module.text(alias or name), low.module.text(name)))
    return found


def _declared_names(body: list[Statement]) -> list[str]:
    names: list[str] = []
    for statement in body:
        name = getattr(statement, "name", "")
        if isinstance(name, str) and name:
            names.append(name)
        value = getattr(statement, "value", None)
        if isinstance(value, Assign):
            names.append(str(getattr(value.target, "id", "")))
    return [name for name in names if name]


MAKERS: Final[dict[str, Maker]] = {
    "expression_statement": _expression,
    "lexical_declaration": _declaration,
    "variable_declaration": _declaration,
    "using_declaration": _declaration,
    "return_statement": _return,
    "throw_statement": _throw,
    "if_statement": _if,
    "for_in_statement": _for_in,
    "for_statement": _for,
    "while_statement": _while,
    "do_statement": _while,
    "try_statement": _try,
    "switch_statement": _switch,
    "statement_block": _block,
    "labeled_statement": _labelled,
    "break_statement": _jump,
    "continue_statement": _jump,
    "debugger_statement": _nothing,
    "empty_statement": _nothing,
    "hash_bang_line": _nothing,
    "comment": _nothing,
    "function_declaration": _function,
    "generator_function_declaration": _function,
    "function_signature": _function,
    "class_declaration": _class,
    "abstract_class_declaration": _class,
    "interface_declaration": _class,
    "type_alias_declaration": _class,
    "enum_declaration": _enum,
    "internal_module": _namespace,
    "module": _namespace,
    "ambient_declaration": _ambient,
    "import_statement": _import,
    "import_alias": _nothing,
    "export_statement": _export,
}
"""Parser's node type to the function that lowers it."""
