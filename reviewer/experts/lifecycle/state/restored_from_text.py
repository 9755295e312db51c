"""LIF008: a host gives a plugin back what it parses, with no look at the version by which it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before, conditions
from reviewer.code.syntax import Await, Call, Expr, Index, Literal, Member, Name, strip
from reviewer.code.walk import find, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.hooks.hooks import uses_in
from reviewer.experts.lifecycle.state.restoring import looks_at_shape, speaks_of_format
from reviewer.experts.lifecycle.values import last_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_READS: Final = frozenset({"parse", "loads", "load", "safe_load", "parseJson"})
_WRITES: Final = frozenset({"stringify", "dumps", "dump", "safe_dump"})
_ASKS: Final = frozenset("get has pop includes index indexOf find count startswith startsWith".split())
"""Members by which tables and texts are asked for one thing, and nothing is put in."""
_MOST: Final = 4


@module_check("LIF008", words={"parse", "loads", "load"})
def restored_from_text(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a member of something gets what was parsed, and another member of it gave what was written."""
    if module.is_test or module.identifiers.isdisjoint(_WRITES):
        return
    gives = dict(_givers(module))
    known = {id(use.call) for use in uses_in(inquiry, module, "restore")}
    for call in module.all(Call) if gives else ():
        callee = strip(call.callee)
        if not isinstance(callee, Member) or len(call.args) != 1 or id(call) in known:
            continue
        giver = gives.get(last_word(callee.object))
        if giver is None or giver.name == callee.name or callee.name in _ASKS or not _parsed(module, call.args[0]):
            continue
        ran = [*before(call), *(node for one in conditions(call) for node in walk(one.test)), *walk(call.args[0])]
        if speaks_of_format(ran) or looks_at_shape(ran, names_in(call.args[0])):
            continue
        yield Match(
            call,
            f"'{module.text_of(callee)}' gets what '{module.text_of(giver)}' gave some time ago, and nobody compares "
            "the version or format with which it was written: that of another version breaks it, or is read wrongly.",
            related=((giver, "given here, to be written"),),
        )


def _givers(module: Module) -> Iterator[tuple[str, Member]]:
    """Yield the members without arguments whose answer is written as a text, by the last name of their object."""
    for call in module.calls(_WRITES):
        first = call.arg(0)
        for inner in _values(module, first) if first is not None else ():
            callee = strip(inner.callee)
            if isinstance(callee, Member) and not inner.args and not inner.keywords:
                holder = strip(callee.object)
                if isinstance(holder, Name | Member) and last_word(holder) not in ("this", "self", "Date", "process"):
                    yield last_word(holder), callee


def _values(module: Module, written: Expr) -> Iterator[Call]:
    yield from find(written, Call)
    for name in find(written, Name):
        made = module.scopes.origin(name)
        if isinstance(made, Call):
            yield made


def _parsed(module: Module, given: Expr) -> bool:
    """Tell whether a value is what a text said, or a part of it."""
    for _ in range(_MOST):
        given = strip(given)
        if isinstance(given, Await):
            given = given.value
        elif isinstance(given, Index) or (isinstance(given, Member) and not isinstance(given.object, Literal)):
            given = given.object
        elif isinstance(given, Name):
            made = module.scopes.origin(given)
            if not isinstance(made, Expr) or made is given:
                return False
            given = made
        else:
            break
    return isinstance(given, Call) and given.name in _READS and given.receiver is not None
