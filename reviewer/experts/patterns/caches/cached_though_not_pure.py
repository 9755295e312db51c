"""PAT096: results of a command are kept that the design does not let anybody keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Call, Expr, Function, Literal, Object
from reviewer.code.walk import ancestors
from reviewer.experts.check import Inquiry, Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_FLAGS: Final = frozenset({"cache", "cached", "cacheable", "memoize", "memoized", "pure"})


@module_check("PAT096", words={"cache", "cached", "cacheable", "memoize", "memoized", "pure"})
def cached_though_not_pure(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Hold each flag that lets results be kept against the command of the design that it is set for."""
    if inquiry.design is None or module.is_test:
        return
    commands = {one.name: one for one in inquiry.design.of_pattern("command")}
    nothing_kept = inquiry.design.chosen("cache") == "none"
    for flag, value in _flags(module):
        command = commands.get(_name_near(value, frozenset(commands)))
        if command is None or (command.pure and not (nothing_kept and flag != "pure")):
            continue
        if command.pure:
            choice = inquiry.design.choices["cache"]
            reason = f"the design keeps no results (decision: cache, {choice.rule})"
        else:
            reason = f"the design does not call '{command.name}' pure (decision: interactions)"
        yield Match(value, f"Results of '{command.name}' may be kept here, and {reason}.")


def _flags(module: Module) -> Iterator[tuple[str, Expr]]:
    """Yield flags of this kind that are set, with the place of their value."""
    for node in module.some(Object, Call):
        if isinstance(node, Object):
            pairs = [(str(key.value), value) for key, value in node.entries if isinstance(key, Literal)]
        elif isinstance(node, Call):
            pairs = list(node.keywords.items())
        else:
            continue
        for name, value in pairs:
            if name in _FLAGS and isinstance(value, Literal) and value.value is True:
                yield name, value


def _name_near(value: Expr, names: frozenset[str]) -> str:
    """Return the name of a command that stands in the nearest call, list or entry around a flag."""
    inner: Node = value
    for around in ancestors(value):
        if isinstance(around, Function):
            return ""
        found: list[Expr] = []
        if isinstance(around, Call):
            found = list(around.args)
        elif isinstance(around, Array):
            found = around.items
        elif isinstance(around, Object):
            found = [key for key, entry in around.entries if key is not None and (entry is inner or entry is value)]
        for one in found:
            if isinstance(one, Literal) and isinstance(one.value, str) and one.value in names:
                return one.value
        inner = around
    return ""
