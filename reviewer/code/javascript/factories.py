"""Classes written as functions: a factory that declares variables and functions and gives an object of the latter.

``function createShelf(disk) { let used = 0; function put(…) {…} return { put }; }`` says what a class with the field
``used`` and the method ``put`` says, and the tree has that class: the factory is its constructor. A factory whose
object has functions written in it stays what it is: checks read objects of functions as they stand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

from msgspec import Struct

from reviewer.code.form import build
from reviewer.code.form.tree import exchange
from reviewer.code.javascript import definitions
from reviewer.code.syntax import Assign, Class, Export, ExprStatement, Function, Name, Return

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode

    from reviewer.code.javascript.lowering import JavaScriptLowering
    from reviewer.code.module import Module
    from reviewer.code.syntax import Field, Node, Param, Statement

_FUNCTIONS: Final = frozenset({"arrow_function", "function_expression", "function"})
_DECLARATIONS: Final = frozenset({"lexical_declaration", "variable_declaration"})


class Declared(Struct):
    """What a factory declares, as the parser has it."""

    functions: dict[str, RawNode]
    variables: dict[str, RawNode]


class Factory(Struct):
    """A factory that was made a class, and what the names of its closure are there."""

    made: Class
    names: dict[str, str]
    inside: dict[int, dict[str, str]]
    """The names that are members inside of a function that was lowered, by its identity."""


def with_factories(module: Module, body: list[Statement]) -> list[Statement]:
    """Return the statements of a module with a `Class` in the place of every factory."""
    return [_seen(module, one) for one in body]


def _seen(module: Module, statement: Statement) -> Statement:
    if isinstance(statement, Export):
        statement.body = with_factories(module, statement.body)
        build.take(statement, statement.body)
    elif isinstance(statement, Function) and statement.kind == "function" and statement._body is None:
        return _class(module, statement) or statement
    return statement


def _class(module: Module, maker: Function) -> Class | None:
    body = maker.raw.child_by_field_name("body")
    parts = [one for one in body.named_children if one.type != "comment"] if body is not None else []
    if not parts or parts[-1].type != "return_statement" or maker.asynchronous or maker.generator:
        return None
    given, declared = _given(parts[-1]), _declared(module, parts)
    public = _public(module, given, declared) if given is not None and declared is not None else None
    if declared is None or not public or not any(name in declared.functions for name in public):
        return None
    made = build.class_(maker.raw, module, maker.name, "class", None)
    made.fields = [_field(module, made, name, raw, public) for name, raw in declared.variables.items()]
    maker.kind, maker.name, maker.owner, maker.parent = "constructor", "constructor", made, made
    made.methods.append(maker)
    for name, raw in declared.functions.items():
        method = definitions.function(cast("JavaScriptLowering", module.lowering), raw)
        method.kind, method.name, method.owner, method.outer = "method", public.get(name, name), made, None
        method.private, method.parent = name not in public, made
        made.methods.append(method)
    names = {name: public.get(name, name) for name in (*declared.variables, *declared.functions)}
    _factories(module)[id(made)] = Factory(made, names, {})
    return made


def _factories(module: Module) -> dict[int, Factory]:
    made: dict[int, Factory] = {}
    return module.once("code.factories", lambda: made)


def _given(last: RawNode) -> RawNode | None:
    """Return the object that a statement gives, also where it is frozen first."""
    given = last.named_children[0] if last.named_children else None
    if given is not None and given.type == "call_expression" and given.children[0].text == b"Object.freeze":
        arguments = given.child_by_field_name("arguments")
        given = arguments.named_children[0] if arguments is not None and arguments.named_children else None
    return given if given is not None and given.type == "object" else None


def _declared(module: Module, parts: list[RawNode]) -> Declared | None:
    """Return what a function declares; None where a pattern takes something apart."""
    found = Declared({}, {})
    for part in parts:
        single = part.type == "function_declaration"
        for one in [part] if single else part.named_children if part.type in _DECLARATIONS else []:
            name, value = one.child_by_field_name("name"), one.child_by_field_name("value")
            if name is None:
                continue
            if name.type != "identifier":
                return None
            function = part if single else value
            if function is not None and (single or function.type in _FUNCTIONS):
                found.functions[module.text(name)] = function
            else:
                found.variables[module.text(name)] = one
    return found


def _public(module: Module, given: RawNode, declared: Declared) -> dict[str, str] | None:
    """Return the declared names that an object gives, and their keys; None where it holds what nobody can list."""
    found: dict[str, str] = {}
    for entry in given.named_children:
        key, value = entry.child_by_field_name("key"), entry.child_by_field_name("value")
        if entry.type == "shorthand_property_identifier":
            key = value = entry
        elif entry.type == "comment":
            continue
        if key is None or value is None or key.type == "computed_property_name" or value.type in _FUNCTIONS:
            return None
        if module.text(value) in declared.functions or module.text(value) in declared.variables:
            found[module.text(value)] = module.text(key).strip("'\"")
    return found


def _field(module: Module, made: Class, name: str, raw: RawNode, public: dict[str, str]) -> Field:
    kind, value = raw.child_by_field_name("type"), raw.child_by_field_name("value")
    spelled = module.text(kind).lstrip(":").strip() if kind is not None else ""
    if not spelled and value is not None and value.type == "new_expression":
        of, inner = value.child_by_field_name("constructor"), value.child_by_field_name("type_arguments")
        spelled = module.text(of) + module.text(inner) if of is not None and inner is not None else ""
    field = build.field(raw, public.get(name, name), spelled)
    field.private, field.parent = name not in public, made
    return field


def see_closure(function: Function) -> None:
    """Read the variables of a factory as the fields that they are, in a function that was just lowered."""
    module = function.module
    known = _factories(module)
    home: Function | None = function
    while known and home is not None and home.owner is None:
        home = home.outer
    factory = known.get(id(home.owner)) if home is not None else None
    if factory is None:
        return
    maker = factory.made.methods[0]
    params = {name: name for param in maker.params for name in _names(param)}
    if function is maker:
        _make_constructor(maker, factory)
        names = {name: member for name, member in factory.names.items() if name not in params}
    else:
        table = module.scopes.table(function)
        outer = factory.inside.get(id(function.outer), {})
        names = {
            name: member
            for name, member in ({**params, **factory.names} if function.owner is factory.made else outer).items()
            if all(isinstance(one, Assign) and not one.declare for one in table.get(name, ()))
        }
        for name in names:
            table.pop(name, None)
    factory.inside[id(function)] = names
    _put_members(function, names)


def _names(param: Param) -> list[str]:
    return [name for name in (param.name, *param.fields.values()) if name]


def _put_members(function: Function, names: dict[str, str]) -> None:
    """Put the members in the place of their names; functions inside are lowered later, and see to themselves."""
    pending: list[Node] = [*(function._params or ()), *(function._body or ())]
    while pending:
        node = pending.pop()
        if isinstance(node, Name):
            if node.id in names:
                exchange(node, build.member(node.raw, build.name(node.raw, "this"), names[node.id]))
        elif not isinstance(node, Function | Class):
            pending.extend(node.children())


def _make_constructor(maker: Function, factory: Factory) -> None:
    """Let a factory keep what its methods read, and leave out what the class holds now."""
    made, source = factory.made, maker.module.source
    inner = b"\n".join(source[method.raw.start_byte : method.raw.end_byte] for method in made.methods[1:])
    kept: list[Statement] = []
    for param in maker.params:
        for name in _names(param):
            if not re.search(rb"(?<![\w$])(?:(?<!\.)|(?<=\.\.\.))%s(?![\w$])" % re.escape(name.encode()), inner):
                continue
            if param.name:
                param.access = param.access or "private"
            else:
                hidden = build.field(param.raw, name, "")
                hidden.private, hidden.parent = True, made
                made.fields.append(hidden)
            kept.append(definitions.kept_as_field(param.raw, name))
    body = maker._body or []
    last = body[-1] if body and isinstance(body[-1], Return) else None
    for one in body:
        assign = one.value if isinstance(one, ExprStatement) else None
        declared = isinstance(assign, Assign) and bool(assign.declare)
        held = assign.value if isinstance(assign, Assign) and declared else one
        if one is last or held is None or (isinstance(held, Function) and held.owner is made):
            continue
        if isinstance(assign, Assign):
            assign.declare = ""
        kept.append(one)
    maker._body = kept
    build.take(maker, kept)
    build.take(made, made.methods)  # lowering the factory took them for its own
