"""LIF039: a plugin starts with the host, though nothing of it has to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call
from reviewer.experts.check import Match, subject_check
from reviewer.experts.drawn import Drawn
from reviewer.experts.lifecycle.holding.acquired import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ALWAYS: Final = "*"
_WITH_HOST: Final = frozenset({_ALWAYS, "onStartup", "startup", "onStart", "onHostStart", "onStartupFinished"})
_WORKS: Final = frozenset(
    {"the server", "the worker", "the file watcher", "the web socket", "the event source", "the thread"}
    | {"the scheduler"}
)
"""What a plugin has to begin by itself, because nobody asks for it."""


@subject_check("LIF039")
def eager_activation(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the activation events of the manifest; one that only waits for the start is fair where work begins."""
    events = inquiry.manifest.get("activationEvents") if inquiry.manifest is not None else None
    for event in events.items() if events is not None else ():
        if event.text not in _WITH_HOST or (event.text != _ALWAYS and any(_BEGINS.of(inquiry))):
            continue
        yield Match(
            event,
            f"The plugin asks to be activated with the host: '{event.text}' must not stand here. Name what it is "
            "needed for instead.",
        )


def _begins_work(_inquiry: Inquiry, module: Module) -> bool:
    """Tell whether a module begins what goes on by itself: a timer, a task, a server, a connection."""
    for call in module.all(Call):
        found = describe(module, call)
        if found is not None and (found[0] in ("timer", "task") or found[1] in _WORKS):
            return True
    return False


_BEGINS: Final = Drawn("lifecycle.begins-work", _begins_work, bool, tests=False)
