"""What stands for all rights that there are: the union of a table, every member of a set of flags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Array, Call, Class, Expr, Literal, Member, Name, Spread, Unary, uncast
from reviewer.code.walk import find
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module

_NOTHING: Final = frozenset({"NONE", "None_", "NOTHING", "EMPTY"})
_COLLECTS: Final = frozenset("Set set frozenset list tuple from sorted".split())
_FLATTENS: Final = frozenset({"flat", "flatMap", "concat", "union", "from_iterable", "chain"})
_LISTS: Final = frozenset({"values", "keys"})
"""Methods that list what a table, or an enumeration, holds: ``Object.values(Right)``, ``SCOPES.keys()``."""
_ENUMS: Final = ("Enum", "StrEnum", "IntEnum", "Flag", "IntFlag")


def is_everything(module: Module, value: Expr | None) -> bool:
    """Tell whether an expression is all that a table, an enumeration or a set of flags holds."""
    made = uncast(value) if value is not None else None
    if isinstance(made, Unary) and made.op == "~":
        of = uncast(made.operand)
        none = of.args[0] if isinstance(of, Call) and len(of.args) == 1 else of  # ``~Right(0)``
        return (isinstance(of, Member) and of.name in _NOTHING) or (isinstance(none, Literal) and none.value == 0)
    if isinstance(made, Array) and len(made.items) == 1 and isinstance(made.items[0], Spread):
        return is_everything(module, made.items[0].value)
    if not isinstance(made, Call):
        return False
    if made.name in _LISTS and not made.new:
        table = made.args[0] if last_name(made.receiver) == "Object" and made.args else made.receiver
        return isinstance(table, Name) and table.id[:1].isupper() and table.id != "Object"
    if made.name in _FLATTENS and any(one.name == "values" for one in find(made, Call)):
        return True
    if made.name not in _COLLECTS or len(made.args) != 1:
        return False
    inner = uncast(made.args[0])
    if isinstance(inner, Name):
        of_all = definition(module, inner)
        return isinstance(of_all, Class) and any(last_name(base) in _ENUMS for base in of_all.bases)
    return is_everything(module, inner)


def is_every_key(value: Expr | None) -> bool:
    """Tell whether an expression is every key of another table of the host: ``[...this.#duties.keys()]``."""
    made = uncast(value) if value is not None else None
    if isinstance(made, Array) and len(made.items) == 1 and isinstance(made.items[0], Spread):
        return is_every_key(made.items[0].value)
    if not isinstance(made, Call):
        return False
    if made.name in _COLLECTS and len(made.args) == 1 and not isinstance(uncast(made.args[0]), Name):
        return is_every_key(made.args[0])
    if made.name != "keys" or made.receiver is None:
        return False
    table = made.args[0] if last_name(made.receiver) == "Object" and made.args else made.receiver
    return isinstance(uncast(table), Name | Member)
