"""What a chain of promises runs after one of its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Call, Function, Member, strip
from reviewer.code.walk import function_of, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.syntax import Node


def later_steps(node: Node) -> Iterator[Node]:
    """Yield what the later ``then`` of a chain run when the step that a node stands in went well."""
    step = function_of(node)
    link = step.parent if step is not None else None
    while isinstance(link, Call) and link.name in ("then", "finally"):
        around = link.parent
        following = around.parent if isinstance(around, Member) else None
        if not isinstance(following, Call) or following.callee is not around or following.name != "then":
            return
        given = strip(following.args[0]) if following.args else None
        if isinstance(given, Function):
            yield from walk(given.body, into_functions=False)
        link = following
