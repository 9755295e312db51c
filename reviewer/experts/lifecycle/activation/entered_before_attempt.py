"""LIF368: something is entered as done, and the attempt that follows may fail without taking it out again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, siblings
from reviewer.code.syntax import Await, Call, ExprStatement, For, Handler, Member, Name, Throw, Try, strip
from reviewer.code.walk import ancestors, find, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_ENTERS: Final = frozenset({"set", "add", "push", "append"})
_PASSING: Final = word_set(
    "pending seen visited tried attempts attempted attempt starting loading inflight active running busy queue started "
    "log events trail history result results failed errors problems cleanups undo disposers order total all"
)
"""Words of tables that say that something was begun, or what became of it."""


@module_check("LIF368", words=_ENTERS)
def entered_before_attempt(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each attempt in a loop for an entry that was made in the line before."""
    if module.is_test:
        return
    for attempt in module.all(Try):
        if not any(isinstance(around, For) for around in ancestors(attempt)) or not attempt.handlers:
            continue
        if any(_minds(handler) for handler in attempt.handlers) or not any(True for _ in find(attempt.body, Await)):
            continue
        beside = siblings(attempt, module)
        place = next((at for at, one in enumerate(beside) if one is attempt), 0)
        call = _entry(beside[place - 1]) if place else None
        if call is None or call.receiver is None or set(last_words(call.receiver)) & _PASSING:
            continue
        table = module.text_of(strip(call.receiver))
        things = names_in(call.args) & names_in(attempt.body)
        if not things or _mentions(module, attempt, table) or not _used_later(module, attempt, table):
            continue
        yield Match(
            call,
            f"'{short(module.text_of(call.args[0]))}' is entered in '{table}' before the attempt: when that fails it "
            "stays there, and counts as done from then on.",
            related=((attempt, "the attempt"),),
        )


def _entry(statement: Node) -> Call | None:
    """Return the call of a statement that enters something."""
    value = strip(statement.value) if isinstance(statement, ExprStatement) else None
    entering = isinstance(value, Call) and value.name in _ENTERS and bool(value.args)
    return value if entering and isinstance(value, Call) else None


def _minds(handler: Handler) -> bool:
    return any(True for _ in find(handler.body, Throw, into_functions=False))


def _mentions(module: Module, attempt: Try, table: str) -> bool:
    """Tell whether the attempt or what catches its error has to do with the table."""
    return any(
        module.text_of(one) == table
        for one in walk([*attempt.body, *attempt.handlers, *attempt.final])
        if isinstance(one, Name | Member)
    )


def _used_later(module: Module, attempt: Try, table: str) -> bool:
    """Tell whether what was entered is read or written down behind the loop."""
    loop = next((around for around in ancestors(attempt) if isinstance(around, For)), None)
    return loop is not None and any(
        isinstance(one, Name | Member) and module.text_of(one) == table for one in after(loop)
    )
