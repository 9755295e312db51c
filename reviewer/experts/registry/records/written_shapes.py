"""The shape of a document that code writes down as JSON: records by their keys, and what maps and lists hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Array, Assign, Call, Comprehension, Expr, Function, Index, Literal, Name, Object, strip
from reviewer.code.tables import tables
from reviewer.code.walk import find, function_of
from reviewer.experts.paths import last_name
from reviewer.experts.registry.records.shapes import shape_of

if TYPE_CHECKING:
    from reviewer.code.module import Module

_EACH: Final = frozenset({"map", "from", "fromEntries"})
_DEEPEST: Final = 5


class Record(Struct, frozen=True):
    """An object with these keys, each with what is known of its value."""

    keys: dict[str, Record | Each | None]


class Each(Struct, frozen=True):
    """A list, or a map under keys of its own: ``of`` is what is known of every entry."""

    of: Record | Each | None


def shape_written(module: Module, value: Expr, depth: int = 0) -> Record | Each | None:
    """Return the shape of a value that is turned into JSON, or None where not all of it can be said."""
    if depth > _DEEPEST:
        return None
    value = strip(value)
    made = module.scopes.origin(value) if isinstance(value, Name) else value
    if isinstance(value, Name) and isinstance(made, Object | Call) and _is_empty(made):
        return _filled(module, value, depth)
    if isinstance(made, Object):
        return _of_object(module, made, depth)
    if isinstance(made, Comprehension):
        element = strip(made.element)
        if isinstance(element, Object) and len(element.entries) == 1 and not isinstance(element.entries[0][0], Literal):
            element = element.entries[0][1]  # {name: … for name in …}
        return Each(shape_written(module, element, depth + 1))
    if isinstance(made, Array):
        shapes = [shape_written(module, item, depth + 1) for item in made.items]
        return Each(shapes[0]) if shapes and all(shape == shapes[0] for shape in shapes) else None
    if isinstance(made, Call) and made.name in _EACH:
        return _of_each(module, made, depth)
    return _of_table(module, value)


def _is_empty(made: Object | Call) -> bool:
    if isinstance(made, Object):
        return not made.entries
    return made.name == "dict" and not made.args and not made.keywords


def _of_object(module: Module, made: Object, depth: int) -> Record | Each | None:
    if made.spreads or not made.entries:
        return None
    if any(not isinstance(key, Literal) for key, _value in made.entries):
        return Each(shape_written(module, made.entries[0][1], depth + 1)) if len(made.entries) == 1 else None
    return Record({key: shape_written(module, value, depth + 1) for key in made.keys if (value := made.get(key))})


def _filled(module: Module, name: Name, depth: int) -> Record | Each | None:
    """Return the shape of an object that is filled after it was made: ``rows[name] = { … }``."""
    function = function_of(name)
    writes = (
        [
            node
            for node in find(function.body, Assign)
            if isinstance(node.target, Index) and getattr(strip(node.target.object), "id", "") == name.id
        ]
        if function is not None
        else []
    )
    if len(writes) != 1 or writes[0].value is None or isinstance(getattr(writes[0].target, "key", None), Literal):
        return None
    return Each(shape_written(module, writes[0].value, depth + 1))


def _of_each(module: Module, call: Call, depth: int) -> Each | None:
    """Return the shape of ``list.map((one) => ({ … }))``, and of ``Object.fromEntries`` of such pairs."""
    if call.name == "fromEntries":
        pairs = module.scopes.origin(call.args[0]) if call.args else None
        made = _answer_of(module, pairs) if isinstance(pairs, Call) and pairs.name in _EACH else None
        if not isinstance(made, Array) or len(made.items) != 2:
            return None
        return Each(shape_written(module, made.items[1], depth + 1))
    answer = _answer_of(module, call)
    return Each(shape_written(module, answer, depth + 1)) if answer is not None else None


def _answer_of(module: Module, call: Call) -> Expr | None:
    """Return what the one function that a call is given answers with."""
    by = next((arg for arg in map(strip, call.args) if isinstance(arg, Function)), None)
    answers = [one.value for one in returns_of(by) if one.value is not None] if by is not None else []
    return strip(answers[0]) if len(answers) == 1 else None


def _of_table(module: Module, value: Expr) -> Each | None:
    """Return the shape of a table of the class or the module whose entries are all literals."""
    for table in tables(module):
        if table.name == last_name(value) and table.owner is not None:
            shape = shape_of(module, table)
            if shape is not None and not shape.shown - shape.keys:
                return Each(Record(dict.fromkeys(shape.keys)))
    return None
