"""API450: the end of a plugin is spelt so that no host calls it; API451: one hook waits, and its counterpart can't."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat, is_starter, is_stopper
from reviewer.code.flow import returns_of
from reviewer.code.syntax import Class, ExprStatement
from reviewer.experts.check import Match, module_check
from reviewer.experts.contract import plugin_definitions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_COUNTERPARTS: Final = {
    "activate": ("deactivate",),
    "onactivate": ("ondeactivate",),
    "enable": ("disable",),
    "onenable": ("ondisable",),
    "load": ("unload",),
    "onload": ("onunload",),
    "mount": ("unmount",),
    "onmount": ("onunmount",),
    "register": ("unregister",),
    "setup": ("teardown",),
    "initialize": ("dispose", "destroy", "terminate"),
    "initialise": ("dispose", "destroy", "terminate"),
    "startup": ("shutdown",),
    "attach": ("detach",),
    "onattach": ("ondetach",),
}
"""How a host calls the end of what it began with a hook, lower case without separators."""
_ALIKE: Final = 0.84
"""From which likeness on one name is a slip of the other."""


@module_check("API450", words={word for name in _COUNTERPARTS for word in (name, name.removeprefix("on"))})
def hook_misspelt(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at plugins without an end for a member whose name nearly is that of one, and which nobody calls."""
    if module.is_test or inquiry.subject.kind != "plugin":
        return
    for plugin in plugin_definitions(module):
        wanted = _COUNTERPARTS.get(flat(plugin.start.name), ())
        if plugin.stop is not None or not wanted:
            continue
        for member in plugin.members:
            meant = next((one for one in wanted if _is_slip(member, one)), "")
            if meant and not any(True for _ in module.calls((member.name,))):
                yield Match(
                    member,
                    f"A host that calls '{plugin.start.name}' ends the plugin with '{_as(plugin.start, meant)}'; "
                    f"nobody calls '{member.name}', so nothing of what it releases is released.",
                    fix=f"Call it '{_as(plugin.start, meant)}'.",
                )


def _is_slip(member: Function, wanted: str) -> bool:
    """Tell whether a name is one wrong, missing or surplus sign away from the one that a host calls."""
    name = flat(member.name)
    if name == wanted or name.startswith("_") or member.private or is_starter(member.name) or is_stopper(member.name):
        return False
    if any(param.default is None and not param.optional and not param.rest for param in member.params):
        return False
    return abs(len(name) - len(wanted)) <= 2 and SequenceMatcher(None, name, wanted).ratio() >= _ALIKE


def _as(start: Function, wanted: str) -> str:
    """Return a name of the contract in the spelling of its counterpart."""
    return f"on{wanted[2:].capitalize()}" if start.name.startswith("on") and start.name[2:3].isupper() else wanted


@module_check("API451", words={word for name in _COUNTERPARTS for word in (name, name.removeprefix("on"))})
def hooks_differ_in_waiting(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at plugins of Python for an end that gives nothing to await, where the beginning does."""
    if module.is_test or module.language != "python" or inquiry.subject.kind != "plugin":
        return
    for plugin in plugin_definitions(module):
        stop = plugin.stop
        if stop is None or not isinstance(plugin.at, Class) or plugin.at.bases or stop.owner is not plugin.at:
            continue
        pair = flat(plugin.start.name), flat(stop.name)
        if pair[1] not in _COUNTERPARTS.get(pair[0], ()) or not plugin.start.asynchronous or stop.asynchronous:
            continue
        if any(one.value is not None for one in returns_of(stop)) or _is_told_otherwise(inquiry, stop.name):
            continue
        yield Match(
            stop,
            f"'{plugin.start.name}' is a coroutine function and '{stop.name}' is not: a host that awaits both awaits "
            "None at the end, which raises a TypeError after the plugin was taken apart.",
            fix=f"Write 'async def {stop.name}'.",
        )


def _is_told_otherwise(inquiry: Inquiry, name: str) -> bool:
    """Tell whether the subject itself declares or calls the hook without waiting for it: a protocol, a test."""
    for module in inquiry.project.modules(naming={name}):
        for cls in module.classes:
            if cls.kind == "interface" and any(one.name == name and not one.asynchronous for one in cls.methods):
                return True
        for call in module.calls((name,)):
            if isinstance(call.parent, ExprStatement):
                return True
    return False
