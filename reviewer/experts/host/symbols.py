"""Which symbol of a host's API an expression names: by its resolved name, or by the type of what it is taken of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value, declared_type, lineage
from reviewer.code.scope import imported_name, is_this_member
from reviewer.code.syntax import Assign, Call, Class, Expr, Function, Imported, Member, Name, Param, strip
from reviewer.code.walk import class_of

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.subject.api_table import ApiTable, Symbol

_DEEPEST: Final = 12
_WRAPPERS: Final = ("Promise", "Thenable", "Readonly", "Partial", "NonNullable", "Required", "Awaited")


def symbol_of(module: Module, table: ApiTable, expr: Expr) -> Symbol | None:
    """Return the row of what a name or a member means in the host's API, or None."""
    return _symbol(module, table, expr, 0)


def type_of(module: Module, table: ApiTable, expr: Expr) -> str:
    """Return the type of the host's API that the value of an expression has, or an empty string.

    Declared types, ``new``, what the API returns, fields, parameters that the host fills, and
    ``this`` in a class that is derived from one of the host's.
    """
    return _type(module, table, expr, 0)


def class_type(table: ApiTable, cls: Class) -> str:
    """Return the class of the host that a class of the subject is derived from, or an empty string."""
    for one in lineage(cls):
        for base in one.bases:
            spelled = table.spelled(one.module.resolve(base))
            if spelled in table.symbols:
                return spelled
    return ""


def _symbol(module: Module, table: ApiTable, expr: Expr, depth: int) -> Symbol | None:
    expr = strip(expr)
    if depth > _DEEPEST or not isinstance(expr, Name | Member):
        return None
    spelled = table.spelled(module.resolve(expr))
    if spelled in table.symbols:
        return table.symbols[spelled]
    if not isinstance(expr, Member):
        return None
    cls = class_of_value(module, expr.object)
    if cls is not None and _defines(cls, expr.name):
        return None
    owner = _type(module, table, expr.object, depth + 1)
    return table.member(owner, expr.name) if owner else None


def _defines(cls: Class, name: str) -> bool:
    """Tell whether a class of the subject, or a base of it in the subject, has a member of its own of that name."""
    own = lineage(cls)
    return (
        any(method.name == name for one in own for method in one.methods)
        or any(field.name == name for one in own for field in one.fields)
        or any(name in one.module.scopes.fields(one) for one in own)
    )


def _type(module: Module, table: ApiTable, expr: Expr, depth: int) -> str:
    expr = strip(expr)
    if depth > _DEEPEST:
        return ""
    if isinstance(expr, Call):
        if expr.new:
            made = table.spelled(module.resolve(expr.callee))
            return made if made in table.symbols else _class_of(module, table, expr)
        called = _symbol(module, table, expr.callee, depth + 1)
        return called.type if called is not None else ""
    if isinstance(expr, Name) and expr.id == "this":
        cls = class_of(expr)
        return class_type(table, cls) if cls is not None else ""
    if not isinstance(expr, Name | Member):
        return ""
    named = _declared(module, table, expr)
    if named:
        return named
    held = _of_field(module, table, expr, depth) if isinstance(expr, Member) else ""
    if held:
        return held
    row = _symbol(module, table, expr, depth + 1)
    if row is not None and row.type and not row.name[:1].isupper():
        return row.type
    if row is not None and "#" in row.name:
        return row.type
    return _of_origin(module, table, expr, depth)


def _of_field(module: Module, table: ApiTable, expr: Member, depth: int) -> str:
    """Return the type of a field of another class of the subject: as it is declared, or of what it is given."""
    cls = class_of_value(module, expr.object)
    for one in lineage(cls) if cls is not None else ():
        begin = one.method("constructor")
        types = {field.name: field.type for field in one.fields}
        types |= {param.name: param.type for param in (begin.params if begin is not None else ()) if param.access}
        declared = types.get(expr.name, "")
        if declared:
            return _named(one.module, table, declared)
        for assign in one.module.scopes.fields(one).get(expr.name, ())[:1]:
            return _type(one.module, table, assign.value, depth + 1) if assign.value is not None else ""
    return ""


def _of_origin(module: Module, table: ApiTable, expr: Expr, depth: int) -> str:
    if isinstance(expr, Name):
        given = _given(module, table, expr)
        if given:
            return given
    origin = module.scopes.origin(expr)
    if isinstance(origin, Param):
        return _named(module, table, origin.type)
    if isinstance(origin, Expr) and origin is not expr:
        return _type(module, table, origin, depth + 1)
    return _class_of(module, table, expr)


def _class_of(module: Module, table: ApiTable, expr: Expr) -> str:
    cls = class_of_value(module, expr)
    return class_type(table, cls) if cls is not None else ""


def _declared(module: Module, table: ApiTable, expr: Expr) -> str:
    return _named(module, table, declared_type(module, expr)) if isinstance(expr, Name) or is_this_member(expr) else ""


def _named(module: Module, table: ApiTable, annotation: str) -> str:
    """Return the type of the host that an annotation names."""
    text = annotation.strip()
    for wrapper in _WRAPPERS:
        if text.startswith(wrapper + "<") and text.endswith(">"):
            text = text[len(wrapper) + 1 : -1]
    parts = [part.strip() for part in text.split("|")]
    parts = [part for part in parts if part not in ("undefined", "null", "")]
    if len(parts) != 1:
        return ""
    first, _, rest = parts[0].split("<", 1)[0].partition(".")
    for binding in module.scopes.table(None).get(first, ()):
        if isinstance(binding, Imported):
            name = imported_name(binding)
            spelled = table.spelled(f"{name}.{rest}" if rest else name)
            return spelled if spelled in table.symbols else ""
        if isinstance(binding, Class):
            return class_type(table, binding)
    return ""


def _given(module: Module, table: ApiTable, name: Name) -> str:
    """Return the type of a parameter that the host fills when it calls a function of that name."""
    for binding in module.scopes.lookup(name.id, name):
        function = binding.parent if isinstance(binding, Param) else None
        if isinstance(binding, Param) and isinstance(function, Function) and function.owner is None:
            types = table.given.get(function.name, ())
            place = function.params.index(binding)
            return types[place] if place < len(types) else ""
        if isinstance(binding, Assign):
            return ""
    return ""
