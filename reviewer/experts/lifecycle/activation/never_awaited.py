"""LIF473: a plugin waits to be activated by a command that it does not have, or by an event that it does not hear."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from reviewer.core.nearest import nearest
from reviewer.experts.check import Match, subject_check
from reviewer.experts.communication.named_commands import named_commands, spoken_elsewhere
from reviewer.experts.communication.named_events import named_events
from reviewer.experts.data.messages import short
from reviewer.experts.editor.contributions import prefix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_AS_GOOD_AS_SAID: Final = 0.85
"""How alike two names are of which one is the other, misspelt."""


@subject_check("LIF473")
def never_awaited(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the activation events of a manifest against what the plugin registers and listens to."""
    listed = inquiry.manifest.get("activationEvents") if inquiry.manifest is not None else None
    if inquiry.subject.kind != "plugin" or listed is None:
        return
    for event in listed.items():
        kind, _colon, name = event.text.partition(":")
        if kind == "onCommand" and name:
            yield from _of_command(inquiry, event, name)
        elif kind == "onEvent" and name:
            yield from _of_event(inquiry, event, name)


def _of_command(inquiry: Inquiry, event: Value, name: str) -> Iterator[Match]:
    commands = named_commands(inquiry)
    own = set(commands.declared) | set(commands.registered)
    if name in own or commands.open or not own or any(mark in name for mark in "*{"):
        return
    meant = nearest(name, own)
    ours = prefix(name) in {prefix(one) for one in own} - {""}
    if (not meant and not ours) or spoken_elsewhere(inquiry, name, 0):
        return
    hint = f"; did you mean '{short(meant)}'?" if meant else "."
    yield Match(
        event,
        f"The plugin waits for the command '{short(name)}', which it neither declares nor registers{hint} Nothing "
        "activates it by that.",
    )


def _of_event(inquiry: Inquiry, event: Value, name: str) -> Iterator[Match]:
    heard = named_events(inquiry).heard
    if name in heard or not heard or spoken_elsewhere(inquiry, name, 0):
        return
    meant = max(heard, key=lambda one: _alike(one, name))
    if _alike(meant, name) >= _AS_GOOD_AS_SAID and not _opposite(meant, name):
        yield Match(
            event,
            f"The plugin waits for the event '{short(name)}' and listens to '{short(meant)}': one of the two is never "
            "sent.",
            related=((heard[meant][0].at, "listened to here"),),
        )


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold()[:200], other.casefold()[:200]).ratio()


def _opposite(one: str, other: str) -> bool:
    """Tell whether two names differ in a whole word, as ``door.opened`` and ``door.closed`` do."""
    parts, others = (set(name.replace(":", ".").replace("-", ".").split(".")) for name in (one, other))
    left, right = parts - others, others - parts
    return len(left) == len(right) == 1 and _alike(*left, *right) < _AS_GOOD_AS_SAID - 0.15
