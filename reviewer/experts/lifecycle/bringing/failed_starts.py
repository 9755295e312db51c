"""What runs where the start of a plugin fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Try
from reviewer.code.walk import ancestors, inside
from reviewer.experts.lifecycle.bringing.dependencies import callers, outermost

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.syntax import Node
    from reviewer.experts.lifecycle.hooks.hooks import HookUse

_CAUGHT: Final = frozenset({"catch", "finally", "then"})


def caught(use: HookUse) -> Iterator[Sequence[Node]]:
    """Yield what runs where a start fails: clauses around it, and around the calls of the function that makes it."""
    sites: list[Node] = [use.site]
    for _ in range(3):
        further: list[Node] = []
        for site in sites:
            inner = site
            for around in ancestors(site):
                if isinstance(around, Try) and any(inside(inner, one) for one in around.body):
                    yield from (handler.body for handler in around.handlers)
                    yield around.final
                elif isinstance(around, Call) and around.name in _CAUGHT and inside(inner, around.callee):
                    yield around.args
                inner = around
            home = outermost(site)
            further += list(callers(home)) if home is not None else []
        sites = further
