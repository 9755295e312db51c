"""LIF054: the host hangs up what a plugin brings, then wakes it, and takes down at its end only what a start left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, strip
from reviewer.code.text.words import words
from reviewer.code.walk import behind, calls_in, find, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.bringing.failed_starts import caught
from reviewer.experts.lifecycle.bringing.unloading import unloads
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, uses_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function, Node
    from reviewer.experts.check import Inquiry
    from reviewer.experts.lifecycle.hooks.hooks import HookUse

_OPPOSITES: Final = {
    "add": ("remove", "delete", "drop", "discard"),
    "insert": ("remove", "delete"),
    "append": ("remove",),
    "put": ("remove", "delete", "drop"),
    "register": ("unregister", "deregister", "remove", "forget"),
    "mount": ("unmount", "umount", "remove"),
    "attach": ("detach", "remove"),
    "bind": ("unbind",),
    "subscribe": ("unsubscribe",),
    "on": ("off",),
    "hook": ("unhook",),
    "expose": ("hide", "withdraw", "unexpose"),
    "publish": ("unpublish", "withdraw"),
    "contribute": ("withdraw", "remove"),
    "declare": ("withdraw", "undeclare", "forget"),
    "connect": ("disconnect",),
    "enrol": ("withdraw",),
    "open": ("close",),
    "reserve": ("release", "free"),
    "allocate": ("release", "free"),
    "link": ("unlink",),
}
"""First words of what a host does for a plugin, and of what turns it round."""


@module_check("LIF054", words=HOOK_WORDS)
def failed_start_keeps_hung(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each start for calls before it that the end of the plugin turns round, and a failed start does not."""
    if module.is_test:
        return
    starts = {id(use.frame): use for use in uses_in(inquiry, module, "start")}  # the last of a function wakes it
    ends = [end.function for end in unloads(inquiry, module)] if starts else []
    for use in starts.values() if ends else ():
        for hung, end, undone in _hung(use, ends):
            if not any(_takes_down(body, end, hung, undone) for body in caught(use)):
                yield Match(
                    use.site,
                    f"When this fails, what '{module.text_of(hung.callee)}' has hung up for the plugin stays: "
                    f"'{end.name}' takes it down with '{undone.name}', and the failed start does not.",
                    related=((hung, "hung up here"), (undone, "taken down only here")),
                )
                break


def _hung(use: HookUse, ends: list[Function]) -> Iterator[tuple[Call, Function, Call]]:
    """Yield what a host does for a plugin before it wakes it, with the end and the call there that undoes it."""
    frame = use.frame
    if frame is None:
        return
    about = {param.name for param in frame.params} | names_in(use.receiver)
    for hung in find(frame.body, Call, into_functions=False):
        holder = hung.receiver
        if holder is None or not is_this_member(strip(holder)) or not behind(use.site, hung) or inside(use.site, hung):
            continue
        if not any(names_in(arg) & about for arg in hung.args):
            continue
        for end in ends:
            undone = next((one for one in calls_in(end.body) if _undoes(one, hung)), None)
            if undone is not None and end is not frame:
                yield hung, end, undone


def _undoes(call: Call, hung: Call) -> bool:
    """Tell whether a call turns round what another does to the same service of the host."""
    begun, ended = words(hung.name), words(call.name)
    if call.receiver is None or hung.receiver is None or not begun or not ended:
        return False
    if ended[0] not in _OPPOSITES.get(begun[0], ()) or (begun[1:] and ended[1:] and begun[1:] != ended[1:]):
        return False
    held, other = strip(call.receiver), strip(hung.receiver)
    return is_this_member(held) and is_this_member(other) and held.name == other.name


def _takes_down(body: Sequence[Node], end: Function, hung: Call, undone: Call) -> bool:
    """Tell whether what runs where a start fails undoes it, there or through a function of the host."""
    for call in calls_in(body):
        if call.name == undone.name or _undoes(call, hung):
            return True
        target = definition(end.module, call.callee)
        if target is end or (target is not None and any(_undoes(one, hung) for one in find(target, Call))):
            return True
    return False
