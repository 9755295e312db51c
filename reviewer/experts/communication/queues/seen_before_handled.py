"""COM182: a delivery is noted as seen before it is handled, and where that fails the next attempt is turned away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, returns_of
from reviewer.code.reach.links import callee
from reviewer.code.syntax import Await, Call, Expr, Function, If, Literal, Name, Unary, strip
from reviewer.code.tables import tables
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.communication.queues.marked_before_done import ACTS
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_DELIVERIES: Final = word_set("delivery event message idempotency nonce letter webhook envelope packet job")
"""Words of what is sent again by somebody when it was not taken."""
_WORKS: Final = ACTS | {"handle", "process", "dispatch", "run", "execute"}
_TAKES_BACK: Final = frozenset({"delete", "forget", "remove", "discard", "release", "unmark", "clear", "pop"})


@module_check("COM182", words=_DELIVERIES)
def seen_before_handled(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each delivery that is turned away where it was seen for what becomes of one whose handling fails."""
    if module.is_test:
        return
    for test in module.all(If):
        function = function_of(test)
        asked = strip(test.test)
        mark = strip(asked.operand) if isinstance(asked, Unary) and asked.op == "not" else None
        if function is None or not isinstance(mark, Call) or not mark.args or not exits(test.body):
            continue
        if not _marks_and_asks(module, mark) or not _of_delivery(module, mark.args[0]):
            continue
        act = next((one for one in calls_in(function.body, into_functions=False) if _is_work(test, one)), None)
        if act is not None and not _taken_back(function, mark):
            yield Match(
                mark,
                f"'{short(module.text_of(mark))}' notes it as seen before '{act.name}' has handled it: when that fails "
                "the note stays, and whoever sends it again is turned away.",
                related=((act, "the work itself"),),
            )


def _marks_and_asks(module: Module, call: Call) -> bool:
    """Tell whether a function says no to what it has, and enters what it lacks: ``seen.first(id)``."""
    target = callee(module, call)
    if target is None or not target.params:
        return False
    first = target.params[0].name
    answers = {one.value.value for one in returns_of(target) if isinstance(one.value, Literal)}
    if answers != {True, False}:
        return False
    for table in tables(target.module):
        own = [one for one in table.accesses if one.function is target and _named(one.key, first)]
        if {"has", "write"} <= {one.how for one in own}:
            return True
    return False


def _named(key: Expr | None, name: str) -> bool:
    return key is not None and name in names_in(key)


def _of_delivery(module: Module, key: Expr) -> bool:
    made = module.scopes.origin(key)
    said = set(path_words(key))
    if isinstance(made, Expr):
        said |= {word for name in find(made, Name) for word in path_words(name)}
        said |= {word for name in find(made, Expr) for word in path_words(name)}
    return bool(said & _DELIVERIES)


def _is_work(test: Node, call: Call) -> bool:
    return call.start >= test.stop and isinstance(call.parent, Await) and bool(set(path_words(call.callee)) & _WORKS)


def _taken_back(function: Function, mark: Call) -> bool:
    """Tell whether something takes the note away again, by the same key."""
    names = names_in(mark.args[0])
    return any(call.name in _TAKES_BACK and names & names_in(call.args) for call in calls_in(function.body))
