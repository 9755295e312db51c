"""Where a variable lives: which function, or the module, keeps it between calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.code.syntax import Assign, Call, Class, ExprStatement, Field, Function, Member, Name, Node
from reviewer.code.walk import ancestors, behind, function_of, walk

if TYPE_CHECKING:
    from reviewer.code.bindings import Binding
    from reviewer.code.module import Module


class Home(Struct, frozen=True):
    """The scope that a variable belongs to, None for the module, and what binds the name there."""

    scope: Function | None
    bindings: tuple[Binding, ...]


def home(module: Module, name: str, at: Node) -> Home | None:
    """Return where a name that is read or written at a node lives; None for what the file doesn't bind."""
    function = at if isinstance(at, Function) else function_of(at)
    while True:
        bindings = tuple(module.scopes.table(function).get(name, ()))
        if function is None:
            return Home(None, bindings) if bindings else None
        if bindings and _own(module, name, bindings, function):
            return Home(function, bindings)
        function = function.outer


def _own(module: Module, name: str, bindings: tuple[Binding, ...], function: Function) -> bool:
    """Tell whether a function has a variable of its own of this name, and doesn't only assign to an outer one."""
    if module.language == "python":
        return name not in named_outside(function)
    return any(not isinstance(b, Assign) or b.declare for b in bindings)


def of_the_class(cls: Class, field: Field) -> bool:
    """Tell whether a field belongs to the class and not to each object.

    An annotated field of Python with a value does, unless a decorator makes arguments of the fields; what has no
    annotation is no field to a dataclass.
    """
    if cls.module.language != "python":
        return field.static
    made = {cls.module.text_of(d).split("(")[0].rsplit(".", 1)[-1] for d in cls.decorators}
    if not field.type and "dataclass" in made:
        return field.value is not None and not (
            isinstance(field.value, Call) and field.value.name in ("field", "Field")
        )
    return field.value is not None and not made & {"dataclass", "define", "attrs", "s", "frozen", "mutable"}


def named_outside(function: Function) -> frozenset[str]:
    """Return the names that a Python function declares ``global`` or ``nonlocal``."""
    found: set[str] = set()
    for node in walk(function.body, into_functions=False):
        if getattr(node, "kind", "") in ("global_statement", "nonlocal_statement"):
            found.update(part.id for part in walk(node) if isinstance(part, Name))
    return frozenset(found)


def is_own_by_then(cls: Class, method: Function, field: Field, change: Node) -> bool:
    """Tell whether a method gave the object a collection of its own before: ``self.tags = self.tags.copy()``."""
    return any(
        function_of(given) is method and given.op == "=" and behind(change, given) and _is_around(given, change)
        for given in cls.module.scopes.fields(cls).get(field.name, ())
    )


def _is_around(given: Assign, change: Node) -> bool:
    """Tell whether whatever is asked before something is given is asked before a change, too."""
    asked = {id(one) for one in ancestors(change)}
    return all(id(one) in asked for one in ancestors(given) if not isinstance(one, ExprStatement))


def begun_anew(cls: Class, field: Field) -> bool:
    """Tell whether a method gives the class another value by the name of the class: it is meant for all objects."""
    return any(
        isinstance(node, Assign)
        and isinstance(node.target, Member)
        and node.target.name == field.name
        and isinstance(node.target.object, Name)
        and node.target.object.id == cls.name
        for method in cls.methods
        for node in walk(method.body)
    )
