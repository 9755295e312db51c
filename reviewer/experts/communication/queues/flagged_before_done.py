"""COM182: an entry is flagged as done before it is, and a failure leaves the flag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Await, Call, Expr, Index, Literal, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.queues.marked_before_done import ACTS
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_GONE: Final = word_set(
    "sent synced synchronised synchronized uploaded delivered posted submitted notified transferred mailed dispatched "
    "reminded informed announced emailed alerted warned told"
)
"""Last words of a member that says that an entry has gone out."""
_GOES: Final = word_set("send deliver mail post upload notify submit dispatch transfer push")
"""Verbs by which it goes."""
_DONE: Final = _GONE | word_set(
    "published migrated applied imported paid charged refunded ordered booked printed shipped"
)
"""Those of any other work, which is called by the same verb."""
_STEM: Final = 3
_PAID: Final = (("paid",), ("pay",))


@module_check("COM182", words=_DONE)
def flagged_before_done(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each flag that keeps an entry from being taken again for whether the work on it stands in front of it."""
    if module.is_test:
        return
    for assign in module.all(Assign):
        function, entry, flag = function_of(assign), _entry(assign.target), _flag(assign.target)
        if function is None or entry is None or not set(words(flag)[-1:]) & _DONE or not _is(assign.value, value=True):
            continue
        act = next(
            (one for one in calls_in(function.body, into_functions=False) if _works_on(module, assign, one, entry)),
            None,
        )
        if act is None or not _is_asked(module, flag) or _is_taken_back(module, function, assign):
            continue
        yield Match(
            assign,
            f"'{module.text_of(assign.target)}' says that it is done before '{act.name}' has done it: when that fails "
            "the flag stays, and the entry is never taken again.",
            related=((act, "the work itself"),),
        )


def _entry(target: Expr) -> str | None:
    """Return the variable whose member is set, or None."""
    holder = strip(target.object) if isinstance(target, Member | Index) else None
    return holder.id if isinstance(holder, Name) and holder.id not in ("this", "self", "cls") else None


def _flag(target: Expr) -> str:
    """Return the name of a member, or the text of a key."""
    if isinstance(target, Member):
        return target.name
    key = strip(target.key) if isinstance(target, Index) else None
    return str(key.value) if isinstance(key, Literal) and isinstance(key.value, str) else ""


def _is(expr: Expr | None, *, value: bool) -> bool:
    return isinstance(expr, Literal) and expr.value is value


def _is_meant(flag: str, act: str) -> bool:
    """Tell whether a flag says that just this was done: ``paid`` of ``pay``, ``synced`` of ``upload``."""
    said, does = words(flag)[-1:], words(act)[:1]
    if not set(does) & ACTS:
        return False
    return bool(set(said) & _GONE and set(does) & _GOES) or said[0][:_STEM] == does[0][:_STEM] or (said, does) == _PAID


def _works_on(module: Module, flagged: Assign, call: Call, entry: str) -> bool:
    """Tell whether a call does the work on the entry that was flagged, behind the flag."""
    if call.raw.start_byte < flagged.raw.end_byte or not _is_meant(_flag(flagged.target), call.name):
        return False
    if module.language != "python" and not isinstance(call.parent, Await):
        return False
    given = (*call.args, *call.keywords.values())
    return any(isinstance(one, Name) and one.id == entry for argument in given for one in walk(argument))


def _is_asked(module: Module, flag: str) -> bool:
    """Tell whether something is decided by the flag: it is read anywhere."""
    return any(
        _flag(one) == flag and not (isinstance(one.parent, Assign) and one.parent.target is one)
        for one in (*module.all(Member), *module.all(Index))
    )


def _is_taken_back(module: Module, function: Function, flagged: Assign) -> bool:
    """Tell whether the function takes the flag back."""
    text = module.text_of(flagged.target)
    return any(
        module.text_of(one.target) == text and one is not flagged
        for one in module.all(Assign)
        if function_of(one) is function
        or (one.raw.start_byte > function.raw.start_byte and _is(one.value, value=False))
    )
