"""REG530: a range names the oldest version that will do, and only its first number is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Binary, Call, Expr, Index, Literal, Member, Name, Return, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MARKS: Final = frozenset({"^", "~", "~=", ">="})
"""What a range begins with that has a lower end."""
_MAJOR: Final = "major"


@module_check("REG530", words={"split", "major", "partition"})
def floor_lost(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each answer that is given for a range with a mark, and compares first numbers alone."""
    if module.is_test:
        return
    for answer in module.all(Return):
        value = strip(answer.value) if answer.value is not None else None
        if not isinstance(value, Binary) or value.op != "==":
            continue
        if not (_is_first_number(module, value.left) and _is_first_number(module, value.right)):
            continue
        mark = next((said for one in conditions(answer) if one.holds and (said := _mark(one.test))), "")
        if mark:
            yield Match(
                value,
                f"For a range with '{mark}' only the first number is compared: '{mark}2.3.0' takes 2.0.0, which is "
                "older than what was asked for.",
            )


def _mark(test: Expr) -> str:
    """Return the mark that a text is asked to begin with: ``range.startsWith("^")``, ``range[0] === "^"``."""
    for node in find(test, Expr):
        said: Expr | None = None
        if isinstance(node, Call) and node.name in ("startsWith", "startswith") and node.args:
            said = strip(node.args[0])
        elif isinstance(node, Binary) and node.op == "==":
            said = strip(node.right)
        if isinstance(said, Literal) and said.value in _MARKS:
            return str(said.value)
    return ""


def _is_first_number(module: Module, side: Expr) -> bool:
    """Tell whether a side of a comparison is the first number of a version: ``version.split(".")[0]``."""
    made: object = strip(side)
    if isinstance(made, Name):
        made = module.scopes.origin(made)
    if isinstance(made, Call) and made.name in ("int", "Number", "parseInt") and made.args:
        made = strip(made.args[0])
    if isinstance(made, Member):
        return made.name == _MAJOR
    if not isinstance(made, Index) or getattr(strip(made.key), "value", None) != 0:
        return False
    parts = strip(made.object)
    origin = module.scopes.origin(parts) if isinstance(parts, Name) else parts
    return isinstance(origin, Expr) and any(one.name in ("split", "partition") for one in find(origin, Call))
