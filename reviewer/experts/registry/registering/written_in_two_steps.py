"""REG393: two statements that belong together are run one after the other, with no transaction around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, enclosing_loop
from reviewer.code.syntax import Call, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import said_in, word_set
from reviewer.experts.registry.sql_statements import Run, runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_TOGETHER: Final = word_set(
    "transaction transactions begin commit rollback savepoint atomic batch trx tx txn immediate deferred serialize acid"
)
"""Words of code that runs several statements as one."""
_UNIT: Final = frozenset({"unit", "work"})
_EACH: Final = frozenset({"forEach", "map"})
_BESIDE: Final = regex(r"(?:log|audit|event|history|metric|stat|trace|visit|cache|session)s?$")
"""Tables that tell of changes, and are no part of them."""
_WITHOUT: Final = frozenset({"asyncpg", "autocommit", "isolation_level"})
"""Python drivers and settings with which every statement is committed by itself."""


@module_check("REG393", words={"prepare", "query", "execute", "run", "exec"})
def written_in_two_steps(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function for a second change of the database that follows a first one."""
    if module.is_test:
        return
    changes = [one for one in runs(module) if one.verb != "select" and not any(map(_BESIDE.search, one.tables))]
    yield from _parted(changes)
    if module.language == "python" and module.identifiers.isdisjoint(_WITHOUT):
        return
    spoken: set[int] = set()
    for first in changes:
        function = function_of(first.call)
        if function is None or id(function) in spoken or _called_once(function):
            continue
        second = _next(first, changes)
        if second is None or _together(inquiry, module, function):
            continue
        spoken.add(id(function))
        yield Match(
            first.call,
            f"What is changed in '{min(first.tables)}' here and in '{min(second.tables)}' on line {second.call.line} "
            "belongs together, and no transaction joins them: after a failure in between only one of them is true.",
            related=((second.call, "the second change"),),
        )


def _parted(changes: list[Run]) -> Iterator[Match]:
    """Speak where a function commits between two changes, so that the first is kept when the second fails."""
    spoken: set[int] = set()
    for first in changes:
        function = function_of(first.call)
        if function is None or id(function) in spoken or _called_once(function) or enclosing_loop(first.call):
            continue
        later = [node for node in after(first.call) if isinstance(node, Call) and node.start > first.call.start]
        ends = next((node for node in later if node.name == "commit" and function_of(node) is function), None)
        second = _next(first, [one for one in changes if one.tables != first.tables])
        if ends is None or second is None or second.call.start < ends.start:
            continue
        spoken.add(id(function))
        yield Match(
            first.call,
            f"What is changed in '{min(first.tables)}' here is committed before '{min(second.tables)}' is changed on "
            f"line {second.call.line}: after a failure in between only one of them is true.",
            related=((ends, "committed here"), (second.call, "the second change")),
        )


def _next(first: Run, changes: list[Run]) -> Run | None:
    """Return the change that follows a first one in the same function."""
    calls = {id(_site(one.call)): one for one in changes if one.call.raw.start_byte > first.call.raw.end_byte}
    return next((calls[id(node)] for node in after(first.call) if id(node) in calls), None) if calls else None


def _site(call: Call) -> Call:
    """Return where a change happens in its function: of one that is made for each item, the call that goes through."""
    inner = function_of(call)
    around = inner.parent if inner is not None else None
    each = isinstance(around, Call) and around.name in _EACH and any(strip(arg) is inner for arg in around.args)
    return around if each and isinstance(around, Call) else call


def _called_once(function: Function) -> bool:
    """Tell whether a function makes the tables, at a time when nobody else is there."""
    return function.kind == "constructor" or bool(set(words(function.name)) & {"migrate", "migration", "seed", "setup"})


def _together(inquiry: Inquiry, module: Module, function: Function) -> bool:
    """Tell whether a function, one around it, or what calls it runs its statements as one."""
    around: Function | None = function
    while around is not None:
        given = {word for param in around.params for word in words(param.name)}
        said = said_in(around.body) | set(words(around.name)) | given
        if said & _TOGETHER or said >= _UNIT:
            return True
        around = around.outer
    if not function.name:
        return False
    for other in (module, *inquiry.project.modules(naming={function.name}, tests=False)):
        for call in other.calls((function.name,)):
            caller = function_of(call)
            said = said_in(caller.body) if caller is not None and caller is not function else set()
            if said & _TOGETHER or said >= _UNIT:
                return True
    return False
