"""LIF374, of a process or a connection: a timer that nobody keeps begins it again, also after its owner has ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, use_of
from reviewer.code.syntax import Assign, Call, Function, Member, is_nothing
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.fate import spoken
from reviewer.experts.lifecycle.holding.owners import Owner, owners
from reviewer.experts.lifecycle.targets import target_function

if TYPE_CHECKING:
    from reviewer.code.module import Module

_LATER: Final = {"setTimeout": 0, "setImmediate": 0, "call_later": 1}
_BEGINS: Final = frozenset(
    "spawn fork Worker WebSocket Popen connect createConnection EventSource create_subprocess_exec open_connection "
    "create_connection listen subscribe".split()
)
"""Calls that begin what goes on until somebody ends it."""


@module_check("LIF374", words={"timeout", "later", "immediate"})
def begun_again_after_end(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each timer whose handle is thrown away and which begins what the end of its owner has just ended."""
    if module.is_test:
        return
    seen: set[int] = set()
    for owner in owners(inquiry, module):
        if not owner.ends or not owner.closed or not owner.sure:
            continue
        asked = owner.released - _emptied(owner)
        for call in [one for top in owner.nodes for one in calls_in(top)]:
            if call.name not in _LATER or id(call) in seen or not _is_dropped(call):
                continue
            seen.add(id(call))
            begun = _begun(module, call, asked)
            if begun is not None:
                yield Match(
                    call,
                    f"Nothing keeps this timer, and when it fires '{begun.name}' begins anew without a look at whether "
                    f"'{owner.ends[0].name or 'the end'}' was called meanwhile: what was ended comes back.",
                    related=((owner.ends[0], "the end"),),
                )


def _is_dropped(call: Call) -> bool:
    """Tell whether nobody keeps the handle of a timer: ``setTimeout(…)``, ``setTimeout(…).unref()``."""
    use = use_of(call)
    if use.how == "receiver" and isinstance(call.parent, Member) and call.parent.name == "unref":
        around = call.parent.parent
        return isinstance(around, Call) and use_of(around).how == "dropped"
    return use.how == "dropped"


def _emptied(owner: Owner) -> set[str]:
    """Return the fields that an end sets to nothing: that they are empty says only that one may begin."""
    found: set[str] = set()
    for function in owner.reached:
        for assign in find(function.body, Assign):
            if is_nothing(assign.value):
                found |= spoken(assign.target)
    return found


def _begun(module: Module, call: Call, asked: set[str]) -> Function | None:
    """Return the function of the owner that a timer calls and that begins something, whatever the end has noted."""
    work = target_function(module, call.arg(_LATER[call.name], "callback"))
    if work is None:
        return None
    made = [] if work.name else list(calls_in(work.body))
    steps = [(one, target) for one in made if (target := target_function(module, one.callee)) is not None]
    for step, target in steps if made else [(None, work)]:
        if step is not None and _asks(step, asked):
            continue
        for begin in calls_in(target.body, into_functions=False):
            if begin.name in _BEGINS and target_function(module, begin.callee) is None and target.owner is not None:
                return None if _asks(begin, asked) else target
    return None


def _asks(call: Call, asked: set[str]) -> bool:
    """Tell whether a call is made only where something holds that the end speaks of."""
    return any(spoken(condition.test) & asked for condition in conditions(call))
