"""Whether a function ends by branches for each of the kinds that a parameter may be: nothing comes past them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Call, Expr, If, Member, Name, strip
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.syntax import Function, Statement

_ARGUMENTS: Final = regex(r"\[[^\[\]]*\]")


def asks_for_all_kinds(function: Function) -> bool:
    """Tell whether the last branches ask ``isinstance`` for each member of the union that a parameter is typed as."""
    asked: dict[str, set[str]] = {}
    for branch in _last_branches(function):
        test = strip(branch.test)
        value = strip(test.args[0]) if isinstance(test, Call) and len(test.args) == 2 else None
        if not isinstance(test, Call) or test.name != "isinstance" or not isinstance(value, Name):
            break
        asked.setdefault(value.id, set()).update(_kinds(test.args[1]))
    return any(
        param.name in asked and (union := _union(param.type)) and union <= asked[param.name]
        for param in function.params
    )


def _last_branches(function: Function) -> Iterator[If]:
    """Yield the branches with which a function ends, one behind the other or one in the other."""
    for statement in reversed(function.body):
        branch: Statement | None = statement
        if not isinstance(branch, If):
            return
        while isinstance(branch, If):
            yield branch
            branch = branch.orelse[0] if len(branch.orelse) == 1 else None


def _kinds(given: Expr) -> set[str]:
    parts = given.items if isinstance(given := strip(given), Array) else [given]
    named = [strip(one) for one in parts]
    return {
        one.id.lower() if isinstance(one, Name) else one.name.lower() for one in named if isinstance(one, Name | Member)
    }


def _union(annotation: str) -> set[str]:
    """Return the members of a union, without what they hold: ``Union[str, Dict[str, Any]]``; none of another type."""
    said = annotation.strip().removeprefix("typing.")
    inner = said.removeprefix("Union[").removesuffix("]") if said.startswith("Union[") else said
    while _ARGUMENTS.search(inner):
        inner = _ARGUMENTS.sub("", inner)
    parts = re.split(r"[,|]", inner)
    return {one.strip().rpartition(".")[2].lower() for one in parts} if len(parts) > 1 else set()
