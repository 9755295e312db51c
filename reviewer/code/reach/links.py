"""Which function a call reaches, inside a file and through imports between the subject's files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.app_places import carrier
from reviewer.code.reach.called_so import class_called_so
from reviewer.code.reach.decorated import is_run_by_decorator
from reviewer.code.reach.elements import GIVES, KEEPS, element_type, literal_member, pairs_of, part_called, value_type
from reviewer.code.reach.factory_types import factory_of
from reviewer.code.reach.function_types import result_of
from reviewer.code.reach.pending import is_pending
from reviewer.code.reach.remembered import remembered
from reviewer.code.reach.sources import module_source, required
from reviewer.code.reach.types_beside import type_beside
from reviewer.code.reach.used_as import used_type
from reviewer.code.reach.written_types import unwrapped, written_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Call,
    Cast,
    Class,
    Comprehension,
    Expr,
    For,
    Function,
    Imported,
    Index,
    Member,
    Name,
    Node,
    Object,
    Opaque,
    Param,
    strip,
)
from reviewer.code.text.promise_types import is_promise_type
from reviewer.code.walk import class_of, object_around

if TYPE_CHECKING:
    from reviewer.code.bindings import Binding
    from reviewer.code.module import Module

_MOST_BASES: Final = 6
_GIVEN_BY_MAPS: Final = frozenset({"get", "pop", "setdefault", "values", "items", "entries", "find"})
_DEEPEST: Final = 24
"""Names that are followed from one to the next before the way is given up."""


def module_of(node: Node) -> Module | None:
    """Return the module of a function or class."""
    return node.module if isinstance(node, Function | Class) else None


@remembered
def definition(module: Module, expr: Expr) -> Node | None:
    """Return the function, class or value that an expression names, across files; names that name each other: None."""
    return _definition(module, expr, 0)


def _definition(module: Module, expr: Expr, depth: int) -> Node | None:
    if depth > _DEEPEST:
        return None
    expr = strip(expr)
    if isinstance(expr, Function | Class):
        return expr
    found: Node | Imported | None = None
    if isinstance(expr, Name):
        if expr.id == "this":
            return class_of(expr)
        bindings = module.scopes.lookup(expr.id, expr)
        last = bindings[-1] if bindings else None
        if isinstance(last, Assign):
            if last.value is None or last.value is expr:
                return None
            return _definition(module, last.value, depth + 1)
        found = last
    elif isinstance(expr, Member):
        return _member(module, expr, depth)
    elif isinstance(expr, Call):
        found = required(expr, "default")
    if isinstance(found, Imported):
        return module.project.definition(module, found) if module.project is not None else None
    return found


def callee(module: Module, call: Call) -> Function | None:
    """Return the function of the subject that a call runs: for a class its constructor; else None."""
    found = definition(module, call.callee)
    if isinstance(found, Class):
        return found.method("constructor") or found.method("__init__")
    return found if isinstance(found, Function) else None


def _member(module: Module, expr: Member, depth: int) -> Node | None:
    owner = _class_of_value(module, expr.object, depth + 1)
    if owner is not None:
        return member(owner, expr.name)
    if isinstance(expr.object, Name) and expr.object.id == "this":
        around = object_around(expr.object)
        value = around.get(expr.name) if around is not None else None
        return _definition(module, value, depth + 1) if value is not None else None
    base = module.scopes.origin(expr.object)
    if isinstance(base, Call):
        found = required(base, expr.name)
        return module.project.definition(module, found) if found is not None and module.project is not None else None
    if isinstance(base, Object):
        value = base.get(expr.name)
        return _definition(module, value, depth + 1) if value is not None else None
    own = module.project.definition(module, base) if isinstance(base, Imported) and module.project is not None else base
    if isinstance(own, Class):  # what the class itself has: ``Sheet.PATTERN``
        return member(own, expr.name)
    if isinstance(base, Imported) and module.project is not None:
        source = module_source(module, base)
        found = Imported(expr.name, expr.name, source, type_only=False)
        return module.project.definition(module, found) if source else None
    return None


def member(cls: Class, name: str) -> Node | None:
    """Return a method or the value of a field of a class, its bases included; None where unknown."""
    for owner in lineage(cls):
        method = owner.method(name)
        if method is not None:
            return method
        for field in owner.fields:
            if field.name == name and field.value is not None:
                return field.value
    return None


def lineage(cls: Class) -> list[Class]:
    """Return a class and the bases of it that the subject defines, nearest first."""
    found = [cls]
    for current in found:
        for base in current.bases:
            node = base_of(current.module, base)
            if isinstance(node, Class) and node not in found and len(found) < _MOST_BASES:
                found.append(node)
    return found


def knows_all_bases(cls: Class) -> bool:
    """Tell whether every base of a class, and of its bases, is defined in the subject."""
    return all(isinstance(base_of(c.module, base), Class) for c in lineage(cls) for base in c.bases)


def base_of(module: Module, base: Expr) -> Node | None:
    """Return what a class builds on, whatever types that is made for: ``Shelf`` of ``class Tools(Shelf[Tool])``."""
    return definition(module, base.object if isinstance(base, Index) else base)


@remembered
def class_of_value(module: Module, expr: Expr) -> Class | None:
    """Return the class of the subject that an expression's value is an instance of, or None.

    ``this``, ``new X()``, ``X()`` of a Python class, names and fields that hold one, and what is declared as one.
    """
    found = _class_of_value(module, expr, 0)
    if found is not None and isinstance(expr, Await) and any(one.method("__await__") for one in lineage(found)):
        return None  # the object says itself what whoever waits for it is given
    return found


def _class_of_value(module: Module, expr: Expr, depth: int) -> Class | None:
    given = expr  # a call that nobody awaits gives a promise, and not what that will hold
    expr = strip(expr)
    if isinstance(expr, Name) and expr.id == "this":
        return class_of(expr) if object_around(expr) is None else None
    value = module.scopes.origin(expr)
    if isinstance(value, Call):
        found = _definition(module, value.callee, depth + 1)
        factory = isinstance(found, Class) and "function" in found.raw.type  # nobody says ``new`` to it
        if isinstance(found, Class) and (value.new or module.language == "python" or factory):
            return found
        if isinstance(found, Function):
            pending = value is given and (found.asynchronous or is_promise_type(found.returns))
            return None if pending else named_type(found.module, found.returns)
        return None
    if isinstance(value, Param) and value.type and not value.fields:
        return named_type(module, value.type)
    if isinstance(expr, Name | Member | Index):
        declared = _declared(module, expr, depth + 1)
        pending = given is expr and is_pending(module, expr, declared)
        found = named_type(module, declared) if declared and not pending else None
        of = expr if isinstance(expr, Member) else value if not pending else None  # const { bus } = services
        found = found or (_class_of_member(module, of, depth + 1) if isinstance(of, Member) else None)
        carried = carrier(module, expr) if found is None else None
        return named_type(*carried) if carried is not None else found
    return None


def _class_of_member(module: Module, expr: Member, depth: int) -> Class | None:
    """Return the class of a member by the type, or else the one value, that its owner in whatever file declares."""
    owner = _class_of_value(module, expr.object, depth) if depth <= _MOST_BASES else None
    if owner is None or owner.module is module:
        return None
    declared = named_type(owner.module, _field_type(owner.module, owner, expr.name, depth))
    given = owner.module.scopes.field_values(owner, expr.name) if declared is None else []
    return _class_of_value(owner.module, given[0], depth + 1) if len(given) == 1 else declared


def declared_type(module: Module, expr: Expr) -> str:
    """Return the declared type of a name, a member, the answer of a call or what a loop gives; else an empty text."""
    return _declared(module, expr, 0)


def _declared(module: Module, expr: Expr, depth: int) -> str:
    expr = strip(expr)
    if depth > _MOST_BASES:
        return ""
    if is_this_member(expr):
        cls = class_of(expr)
        return (_field_type(module, cls, expr.name, depth) if cls is not None else "") or used_type(module, expr)
    if isinstance(expr, Name):
        for binding in module.scopes.lookup(expr.id, expr):
            if isinstance(binding, Param | Assign) and binding.type:
                return (
                    _taken_out(module, expr.id, binding, binding.type, depth)
                    if isinstance(binding, Param)
                    else binding.type
                )
            return _bound_type(module, expr.id, binding, depth + 1) or used_type(module, expr)
    if isinstance(expr, Member):
        holder = expr.object
        written_out = isinstance(holder, Cast) and holder.type.startswith("{")
        held = holder.type if isinstance(holder, Cast) and written_out else _declared(module, holder, depth + 1)
        written = literal_member(held, expr.name)
        if written:
            return written
        owner = named_type(module, held) or (
            _class_of_value(module, expr.object, depth + 1) if isinstance(strip(expr.object), Member) else None
        )
        return _field_type(owner.module, owner, expr.name, depth) if owner is not None else ""
    if isinstance(expr, Index) and not isinstance(expr.key, Opaque):  # a slice is a list as well
        held = _declared(module, expr.object, depth + 1)
        return value_type(held) or element_type(held)
    return _answered(module, expr, depth + 1) if isinstance(expr, Call) else ""


def _taken_out(module: Module, name: str, param: Param, held: str, depth: int) -> str:
    """Return the type of a parameter, or of what its pattern takes out of it: ``desk`` of ``({ desk }: Context)``."""
    given = next((member for member, local in param.fields.items() if local == name), "")
    written = literal_member(held, given) if given else held
    owner = named_type(module, held) if not written else None
    return _field_type(owner.module, owner, given, depth + 1) if owner is not None else written


def _bound_type(module: Module, name: str, binding: Binding, depth: int) -> str:
    """Return the type that a name has by what binds it: an assignment, a loop, or the list that calls a function."""
    if isinstance(binding, Assign):
        if isinstance(binding.value, Cast) and (
            binding.value.type.startswith("{") or named_type(module, binding.value.type) is not None
        ):
            return binding.value.type
        value = strip(binding.value) if binding.value is not None else None
        made = made_type(module, value)
        return made or (_declared(module, value, depth) if isinstance(value, Call | Member | Index) else "")
    if isinstance(binding, For) and isinstance(binding.target, Name) and binding.iterable is not None:
        return element_type(_declared(module, binding.iterable, depth)) if binding.style == "of" else ""
    if isinstance(binding, For) and isinstance(binding.target, Array) and binding.iterable is not None:
        held = _declared(module, binding.iterable, depth)
        pair = element_type(held) or element_type(pairs_of(held))
        return part_called(name, binding.target, pair)
    if isinstance(binding, Comprehension):
        for target, over in binding.clauses:
            if isinstance(target, Name) and target.id == name:
                return element_type(_declared(module, over, depth))
            if isinstance(target, Array) and (
                part := part_called(name, target, element_type(_declared(module, over, depth)))
            ):
                return part
    return (
        _taken_out(module, name, binding, _of_each(module, binding, depth), depth) if isinstance(binding, Param) else ""
    )


def _of_each(module: Module, param: Param, depth: int) -> str:
    """Return the type of what a list hands to the function that it calls for each of its elements."""
    function = param.parent
    each = function.parent if isinstance(function, Function) else None
    if not isinstance(function, Function) or not isinstance(each, Call) or each.receiver is None:
        return ""
    runs = each.name in GIVES and each.arg(0) is function and param in function.params[: GIVES[each.name]]
    return element_type(_declared(module, each.receiver, depth)) if runs else ""


def _answered(module: Module, call: Call, depth: int) -> str:
    """Return the declared type of what a call gives: what a list keeps, a map holds, or a function returns."""
    base = call.receiver
    if base is not None and call.name in KEEPS:
        kept = _declared(module, base, depth)
        return kept if element_type(kept) else ""
    if base is not None and call.name in _GIVEN_BY_MAPS:
        held = _declared(module, base, depth)
        value = value_type(held)
        if value:
            if call.name in ("items", "entries"):
                return pairs_of(held)
            return f"Iterable[{value}]" if call.name == "values" else value if call.name != "find" else ""
        if call.name == "find" and element_type(held):
            return element_type(held)
    if base is None and call.name in KEEPS and call.args:
        return _declared(module, call.args[0], depth)
    target = _definition(module, call.callee, depth)
    callee = strip(call.callee)
    if target is None and isinstance(callee, Member):
        owner = _class_of_value(module, callee.object, depth)
        target = declared_member(owner, callee.name) if owner is not None else None
    if isinstance(target, Function):
        return target.returns if not target.generator else ""
    return result_of(module, _declared(module, callee, depth)) if target is None else ""


def made_type(module: Module, value: Expr | None) -> str:
    """Return ``Map<string, Plugin>`` for ``new Map<string, Plugin>()``, and nothing for what has no type arguments."""
    if not isinstance(value, Call) or not value.new:
        return ""
    given = value.raw.child_by_field_name("type_arguments")
    return module.text_of(value.callee) + module.text(given) if given is not None else ""


def _field_type(module: Module, cls: Class, name: str, depth: int) -> str:
    for field in cls.fields:
        if field.name == name:
            return field.type or made_type(module, field.value)
    for assign in module.scopes.fields(cls).get(name, ()):
        if assign.type:
            return assign.type
        if isinstance(assign.value, Name):
            return _declared(module, assign.value, depth + 1)
        if isinstance(assign.value, Call):
            return made_type(module, assign.value)
    return ""


def named_type(module: Module, annotation: str) -> Class | None:
    """Return the class or interface of the subject that a type annotation names.

    ``Promise<X>``, ``X | undefined``, ``X & { … }``, ``Optional[X]``, ``Readonly<X>`` and quotes are seen through.
    """
    text = unwrapped(annotation.strip().strip("'\""))
    if text.startswith("{"):
        return written_type(module, text)
    text = text.split(" & ", 1)[0]
    parts = [one for part in text.split("|") if (one := part.strip()) not in ("undefined", "null", "None", "")]
    if len(parts) != 1 or parts[0].strip("'\"").endswith("[]"):
        return None  # a list of them is none of them
    whole, _, part = parts[0].partition("[")
    if part[:1] in ("'", '"') and module.language != "python":  # Manifest["bounds"] is no manifest
        owner = named_type(module, whole)
        inner = next((field for field in owner.fields if field.name == part.strip("'\"]")), None) if owner else None
        return named_type(owner.module, inner.type) if owner is not None and inner is not None else None
    head, _, name = parts[0].strip("'\"").split("<", 1)[0].split("[", 1)[0].rpartition(".")
    spaces = [one for one in module.scopes.table(None).get(head.split(".")[0], ()) if isinstance(one, Imported)]
    if module.project is not None and any(not module.project.target(module.path, one.source) for one in spaces):
        return None  # a library's, whatever here has the same name
    name = factory_of(module, parts[0]) or factory_of(module, name) or name
    for binding in module.scopes.table(None).get(name, ()):
        own = module.project if isinstance(binding, Imported) else None
        found = own.definition(module, binding) if own is not None and isinstance(binding, Imported) else binding
        if isinstance(found, Class):
            return found
    return type_beside(module, name)


def is_async(module: Module, call: Call) -> bool | None:
    """Tell whether a call gives a promise or a coroutine; None where the subject doesn't say.

    Read from the function itself, or from the declared member of an interface or a protocol.
    """
    target = definition(module, call.callee)
    if target is None and isinstance(call.callee, Member):
        owner = class_of_value(module, call.callee.object)
        target = declared_member(owner, call.callee.name) if owner is not None else None
        if owner is None:
            from reviewer.code.reach.handed import handed_method  # it is made of what stands here

            called = class_called_so(module, call.callee.object)
            target = handed_method(module, call.callee) or (
                declared_member(called, call.callee.name) if called else None
            )
    if isinstance(target, Function):
        if target.generator or target.asynchronous:
            return not target.generator and not is_run_by_decorator(target)
        if target.returns:
            return is_promise_type(target.returns)
    return None


def declared_member(cls: Class, name: str) -> Function | None:
    """Return a method of a class or interface by name, signatures included, bases too."""
    named = (method for owner in lineage(cls) for method in owner.methods if method.name == name)
    return next(named, None)
