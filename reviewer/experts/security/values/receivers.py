"""What a member or a receiver is by itself: a number, a module, a global."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value
from reviewer.code.syntax import Array, Binary, Call, Comprehension, Expr, For, Imported, Literal, Member, Name, strip
from reviewer.experts.paths import path_words

if TYPE_CHECKING:
    from reviewer.code.module import Module

NUMBERS: Final = frozenset({"number", "boolean", "bigint", "Date", "int", "float", "bool", "datetime"})
"""Types whose values can't carry a text of somebody's choosing."""


def is_of_numbers(declared: str) -> bool:
    """Tell whether a type holds numbers, or nothing: ``int | None``, ``number | undefined``, ``Optional[int]``."""
    text = declared.removeprefix("Optional[").removesuffix("]") if declared.startswith("Optional[") else declared
    parts = {part.strip() for part in text.split("|")} - {"None", "null", "undefined"}
    return bool(parts) and parts <= NUMBERS


def is_number(module: Module, expr: Member) -> bool:
    """Tell whether a field of what the program itself made is declared as a number or as yes and no."""
    owner = class_of_value(module, expr.object)
    declared = next((field.type for field in owner.fields if field.name == expr.name), "") if owner is not None else ""
    return is_of_numbers(declared)


def is_imported(module: Module, receiver: Expr) -> bool:
    """Tell whether a receiver is a module or a global such as ``path`` or ``JSON``."""
    root = receiver
    while isinstance(root, Member):  # ``os.path``
        root = root.object
    origin = module.scopes.origin(root)
    if root is not receiver:
        return isinstance(origin, Imported) and origin.name == "*"
    return isinstance(origin, Imported) or (isinstance(origin, Name) and not module.scopes.lookup(origin.id, origin))


_MEASURES: Final = frozenset(
    "toFixed toPrecision toExponential toISOString toDateString toTimeString toUTCString toLocaleDateString "
    "toLocaleTimeString getTime getFullYear isoformat strftime fromNow parseInt parseFloat Number".split()
)
_CALENDARS: Final = frozenset({"moment", "dayjs", "date", "datetime", "luxon", "now", "today"})


def is_measure(call: Call) -> bool:
    """Tell whether a call gives a number or a date, in which nobody hides a text: ``moment(start).format("LL")``."""
    if call.name not in ("format", "calendar") or call.receiver is None:
        return call.name in _MEASURES
    made = strip(call.receiver)
    return bool(path_words(made.callee if isinstance(made, Call) else made) & _CALENDARS)


def counts(binding: For | Comprehension, name: str) -> bool:
    """Tell whether a variable is the number that ``enumerate`` counts with."""
    steps = [(binding.target, binding.iterable)] if isinstance(binding, For) else binding.clauses
    for target, iterable in steps:
        counted = strip(iterable) if iterable is not None else None
        pair = target.items if isinstance(target, Array) else ()
        if isinstance(counted, Call) and counted.name == "enumerate" and pair:
            first = pair[0]
            return isinstance(first, Name) and first.id == name
    return False


def adds_number(module: Module, expr: Binary) -> bool:
    """Tell whether a sum is one of numbers: Python adds no number to a text."""
    sides = (strip(expr.left), strip(expr.right)) if expr.op == "+" and module.language == "python" else ()
    return any(isinstance(one, Literal) and isinstance(one.value, int | float) for one in sides)
