"""LIF222: a timer of an extension's background that the browser does not keep it alive for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Confidence
from reviewer.experts.browser.background import in_page, is_stopped, number
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_IDLE: Final = 30_000
"""Milliseconds without an event after which the browser stops a background, by Chrome's documentation (2026-11-27)."""


@module_check("LIF222", words={"timeout", "interval"})
def timer_outlives_worker(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at how long each timer of the background waits."""
    if not is_stopped(inquiry, module.path):
        return
    for call in module.calls({"setTimeout", "setInterval"}):
        if call.receiver is not None and module.resolve(call.callee) not in ("setTimeout", "setInterval"):
            continue
        wait = number(module, call.arg(1))
        if wait is None or in_page(module, call):
            continue
        repeats = call.name == "setInterval"
        if wait >= _IDLE or (repeats and wait > 0):
            yield Match(
                call,
                f"'{call.name}' waits {_shown(wait)}, and the browser stops an idle background after 30 seconds: the "
                f"{'interval ends' if repeats else 'call never comes'} with it.",
                confidence=None if wait >= _IDLE else Confidence.POSSIBLE,
            )


def _shown(milliseconds: float) -> str:
    seconds = milliseconds / 1000
    return f"{seconds:g} seconds" if seconds < 120 else f"{seconds / 60:g} minutes"
