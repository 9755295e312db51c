"""LIF578: the end of a plugin raises the signal to stop, and its next start finds it raised."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Field, Function, Member, strip
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.owners import owners
from reviewer.subject.ecosystem import GENERIC

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_SIGNALS: Final = {
    "threading.Event": "set",
    "asyncio.Event": "set",
    "anyio.Event": "set",
    "trio.Event": "set",
    "AbortController": "abort",
}
"""What tells others to stop, with the method that does so."""
_BIRTHS: Final = frozenset({"__init__", "__post_init__", "constructor"})


@module_check("LIF578", words={"event", "controller"})
def signal_stays_raised(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each signal that a plugin makes once and its end raises, for who makes or lowers it at the next start."""
    if module.is_test or inquiry.subject.ecosystem != GENERIC or inquiry.subject.kind != "plugin":
        return
    for owner in owners(inquiry, module):
        if not owner.plugin or not isinstance(owner.at, Class) or owner.start is None:
            continue
        for name, at, raises in _made_once(module, owner.at):
            uses = [use for use in find(owner.at, Member) if use.name == name and is_this_member(use)]
            raised = next((call for call in _calls(owner.ends, uses) if call.name == raises), None)
            lowered = any(isinstance(one.parent, Member) and one.parent.name == "clear" for one in uses)
            if raised is None or lowered or not _asked(uses, owner.ends):
                continue
            yield Match(
                raised,
                f"'{name}' is made once, in line {at.line}, and raised here for good: when the plugin is started "
                "again, everything that asks for it ends at once.",
                related=((at, "made once"),),
                fix=(
                    "Clear it where the plugin starts."
                    if raises == "set"
                    else "Make a new controller where the plugin starts."
                ),
            )


def _made_once(module: Module, cls: Class) -> Iterator[tuple[str, Node, str]]:
    """Yield the signals that a class makes for each of its objects and never again."""
    for name, given in module.scopes.fields(cls).items():
        only = given[0] if len(given) == 1 else None
        declared = next((one for one in cls.fields if one.name == name and one.value is not None), None)
        if only is None or declared is not None or getattr(function_of(only), "name", "") not in _BIRTHS:
            continue
        yield from _signal(module, name, only)
    for field in cls.fields:
        if field.value is not None and field.name not in module.scopes.fields(cls):
            yield from _signal(module, field.name, field)


def _signal(module: Module, name: str, at: Assign | Field) -> Iterator[tuple[str, Node, str]]:
    made = strip(at.value) if at.value is not None else None
    raises = _SIGNALS.get(module.resolve(made.callee), "") if isinstance(made, Call) else ""
    if raises:
        yield name, at, raises


def _calls(ends: list[Function], uses: list[Member]) -> Iterator[Call]:
    """Yield the calls that an end makes on what some uses name."""
    held = {id(use) for use in uses}
    for end in ends:
        for call in calls_in(end.body):
            if call.receiver is not None and id(strip(call.receiver)) in held:
                yield call


def _asked(uses: list[Member], ends: list[Function]) -> bool:
    """Tell whether anything but the end looks at a signal."""
    return any(function_of(use) not in ends and not isinstance(use.parent, Assign) for use in uses)
