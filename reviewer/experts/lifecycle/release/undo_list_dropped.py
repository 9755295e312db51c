"""LIF029: a start notes how to undo what its plugin hangs up, goes through that where it fails, and else drops it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import in_handler
from reviewer.code.syntax import Array, Assign, Call, For, Function, Member, Name, strip
from reviewer.code.walk import ancestors, class_of, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.unloading import unloads
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, uses_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_KEEPS: Final = frozenset({"push", "append", "add", "unshift", "callback", "defer", "push_async_callback"})
_MAKERS: Final = frozenset({"Set", "list", "set", "deque", "ExitStack", "AsyncExitStack", "DisposableStack"})


@module_check("LIF029", words=HOOK_WORDS)
def undo_list_dropped(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each list that lives in a function which wakes a plugin, and is read where that fails alone."""
    if module.is_test:
        return
    for use in uses_in(inquiry, module, "start"):
        frame = use.frame
        for made in find(frame.body, Assign, into_functions=False) if frame is not None else ():
            name = made.target.id if isinstance(made.target, Name) and _is_empty(made) else ""
            if frame is None or not name or made.start > use.site.start:
                continue
            noted = _noted(frame, name)
            if noted is not None and _only_on_failure(frame, name):
                end = next((one for one in unloads(inquiry, module) if class_of(one.function) is class_of(frame)), None)
                yield Match(
                    end.place if end is not None else noted,
                    f"What takes back all that a plugin hangs up is noted in '{name}', which '{frame.name}' "
                    "goes through where the start fails and else forgets: when the plugin ends, it stays.",
                    related=((noted, "noted here"), (made, "lives only here")),
                )


def _is_empty(made: Assign) -> bool:
    value = strip(made.value) if made.value is not None else None
    if isinstance(value, Array):
        return not value.items
    return isinstance(value, Call) and value.name in _MAKERS and not value.args


def _noted(frame: Function, name: str) -> Call | None:
    """Return where a function inside, which the guest gets, notes how to undo what it does."""
    for call in find(frame.body, Call):
        holder = strip(call.receiver) if call.receiver is not None else None
        own = isinstance(holder, Name) and holder.id == name and call.name in _KEEPS
        if (
            own
            and function_of(call) is not frame
            and call.args
            and isinstance(strip(call.args[0]), Function | Name | Call)
        ):
            return call
    return None


def _only_on_failure(frame: Function, name: str) -> bool:
    """Tell whether a list is gone through in a handler, and used by nothing else but what notes in it."""
    undone = False
    for use in find(frame.body, Name):
        if use.id != name or _notes(use) or (isinstance(use.parent, Assign) and use.parent.target is use):
            continue
        if in_handler(use) is None:
            return False
        undone = undone or any(isinstance(one, For | Call) for one in ancestors(use))
    return undone


def _notes(use: Name) -> bool:
    member = use.parent
    return isinstance(member, Member) and isinstance(member.parent, Call) and member.name in _KEEPS
