"""LIF220: a listener of an extension's background that is added too late to hear what wakes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.browser.api import has_api, path_of
from reviewer.experts.browser.background import is_stopped, why_late
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("LIF220", words={"listener"})
def listener_late(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each listener of the API, but those that are taken away again."""
    if not has_api(module) or not is_stopped(inquiry, module.path):
        return
    removed = {
        path_of(module, call.callee).removesuffix(".removeListener") for call in module.calls({"removeListener"})
    }
    added = [
        (path_of(module, call.callee).removesuffix(".addListener"), call) for call in module.calls({"addListener"})
    ]
    reasons = [(event, call, why_late(module, call)) for event, call in added if event]
    early = {event for event, _, why in reasons if not why}
    for event, call, why in reasons:
        if why and event not in removed | early and _wakes(event):
            yield Match(
                call,
                f"The listener of '{event}' is added {why}: the browser stops an idle background, starts it again for "
                "an event, and hands the event to those who listen when the first turn is over. This one is not there.",
            )


def _wakes(event: str) -> bool:
    """Tell whether an event starts a background that was stopped."""
    return event.rsplit(".", 1)[-1].startswith("on") and not event.startswith(("debugger.", "devtools."))
