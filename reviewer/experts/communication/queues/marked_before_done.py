"""COM182: something is written down as done before it is, and a failure leaves it so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Await, Binary, Call, Expr, Function, If, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module

_ASKS: Final = frozenset({"get", "has", "exists", "load", "read", "contains", "getItem", "find"})
_MARKS: Final = frozenset({"set", "put", "add", "save", "write", "insert", "setItem", "mark", "store", "record"})
_TAKES_BACK: Final = frozenset({"delete", "remove", "unset", "del", "discard", "removeItem", "clear"})
ACTS: Final = word_set(
    "send deliver mail post publish pay charge upload notify submit dispatch transfer book order ship print sms push "
    "refund import migrate apply"
)
"""First words of a call whose effect somebody elsewhere sees."""


@module_check("COM182", words=ACTS)
def marked_before_done(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each stored mark that turns a second attempt away for whether the work stands in front of it."""
    if module.is_test:
        return
    for call in module.calls(_MARKS):
        function = function_of(call)
        if function is None or not isinstance(call.parent, Await) or not call.args or call.receiver is None:
            continue
        if not _turns_away(module, function, call):
            continue
        act = next((one for one in calls_in(function.body, into_functions=False) if _is_act(call, one)), None)
        if act is not None and not _taken_back(module, function, call) and not _before(function, call):
            yield Match(
                call,
                f"'{short(module.text_of(call.args[0]))}' is marked as done before '{act.name}' has done it: when that "
                "fails the mark stays, and every later attempt is turned away.",
                related=((act, "the work itself"),),
            )


def _turns_away(module: Module, function: Function, mark: Call) -> bool:
    """Tell whether the function leaves at once where the mark is there already."""
    key = module.text_of(mark.args[0])
    for test in find(function.body, If, into_functions=False):
        if test.raw.start_byte > mark.raw.start_byte or not exits(test.body):
            continue
        if _is_listed(module, test.test, key, _holder(module, mark)):
            return True
        named = [module.scopes.origin(name) for name in find(test.test, Name)]
        for asked in calls_in([test.test, *(made for made in named if isinstance(made, Call))]):
            same = asked.name in _ASKS and asked.args and module.text_of(asked.args[0]) == key
            if same and isinstance(asked.parent, Await) and _holder(module, asked) == _holder(module, mark):
                return True
    return False


def _is_listed(module: Module, test: Expr, key: str, holder: str) -> bool:
    """Tell whether a test asks a list that was read from where the mark goes: ``if (seen.includes(id)) return``."""
    for node in walk(test):
        listed: Expr | None = None
        if isinstance(node, Binary) and node.op == "in":
            listed = node.right
        elif isinstance(node, Call) and node.name in ("includes", "has"):
            listed = node.receiver
        made = module.scopes.origin(listed) if listed is not None else None
        for asked in find(made, Call) if isinstance(made, Expr) else ():
            if asked.name in _ASKS and asked.args and _holder(module, asked) == holder:
                return module.text_of(asked.args[0]) == key
    return False


def _holder(module: Module, call: Call) -> str:
    return module.text_of(strip(call.receiver)) if call.receiver is not None else ""


def _is_act(mark: Call, call: Call) -> bool:
    return (
        call.raw.start_byte > mark.raw.start_byte
        and bool(set(words(call.name)[:1]) & ACTS)
        and isinstance(call.parent, Await)
    )


def _before(function: Function, mark: Call) -> bool:
    """Tell whether work was done in front of the mark already, so that what follows is only told of it."""
    return any(
        set(words(one.name)[:1]) & ACTS and one.raw.start_byte < mark.raw.start_byte and isinstance(one.parent, Await)
        for one in calls_in(function.body, into_functions=False)
    )


def _taken_back(module: Module, function: Function, mark: Call) -> bool:
    """Tell whether a failure takes the mark away, or the mark itself only says that the work has begun."""
    key = module.text_of(mark.args[0])
    for call in calls_in(function.body):
        if call.name in _TAKES_BACK and call.args and module.text_of(call.args[0]) == key:
            return True
        if call.name in _MARKS and call is not mark and call.args and module.text_of(call.args[0]) == key:
            return True
    return False
