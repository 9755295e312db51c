"""COM057: the pause before the next try is set back when it succeeds, and nothing ever makes it longer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Class, Field, Literal, Member, Name, Unary, strip
from reviewer.code.text.words import words
from reviewer.experts.check import Inquiry, Match, module_check

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node

_PAUSES: Final = frozenset({"pause", "backoff", "delay", "wait"})
_WAITS: Final = {"setTimeout": 1, "sleep": 0, "call_later": 0, "delay": 0, "wait": 0}
"""Calls that wait, with where the time is given."""
_TWICE: Final = 2


@module_check("COM057", words=_PAUSES)
def pause_never_grows(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each time that something waits for, and that is always set to the same number."""
    if module.is_test:
        return
    told: set[str] = set()
    for call in module.calls(_WAITS):
        given = call.arg(_WAITS[call.name])
        name = _kept(given) if given is not None else ""
        if not name or name in told or not set(words(name)) & _PAUSES:
            continue
        told.add(name)
        made = list(_given(module, name))
        if len(made) >= _TWICE and _all_alike(module, [value for _at, value in made]):
            yield Match(
                call,
                f"'{name}' is set back to where it began, and nothing makes it longer: while the other side is down "
                "it is asked again as often as at first, by all who lost it at once.",
                related=((made[-1][0], "set back here"),),
                fix="Double the pause after each failure, up to a limit, and set it back when one try succeeds.",
            )


def _kept(given: Expr) -> str:
    """Return the name of the field or the variable that holds the time."""
    given = strip(given)
    if is_this_member(given):
        return given.name
    return given.id if isinstance(given, Name) else ""


def _given(module: Module, name: str) -> Iterator[tuple[Node, Expr | None]]:
    """Yield what the field or variable of a name is given in a file; a step makes for more than one number."""
    for field in module.all(Field):
        if field.name == name and field.value is not None:
            yield field, field.value
    for made in module.all(Assign):
        target = made.target
        named = target.name if isinstance(target, Member) else getattr(target, "id", "")
        if named == name and not (isinstance(made.parent, Class) and made.value is None):
            yield made, made.value if made.op == "=" else None
    for step in module.all(Unary):
        operand = strip(step.operand)
        if step.op in ("++", "--") and getattr(operand, "name", getattr(operand, "id", "")) == name:
            yield step, None


def _all_alike(module: Module, values: list[Expr | None]) -> bool:
    """Tell whether all values are the same number, or the same constant."""
    for value in values:
        made = strip(value) if value is not None else None
        number = isinstance(made, Literal) and isinstance(made.value, int | float) and bool(made.value)
        if made is None or not (number or (isinstance(made, Name) and made.id.isupper())):
            return False
    return len({module.text_of(value) for value in values if value is not None}) == 1
