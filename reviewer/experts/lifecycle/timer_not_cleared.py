"""LIF003: a timer that repeats or sets itself again is never cleared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.leaks import leaks_of
from reviewer.experts.lifecycle.report import left_how

if TYPE_CHECKING:
    from reviewer.code.module import Module


@module_check("LIF003", words={"interval", "timeout", "timer", "later", "frame", "cron", "schedule", "immediate"})
def timer_not_cleared(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where nothing at the end of an owner can reach the timer that it started."""
    for leak in leaks_of(inquiry, module, "timer"):
        yield Match(
            leak.call,
            f"{leak.what.replace('the ', 'The ', 1)} repeats for ever and {left_how(leak)}: "
            f"it goes on running after {leak.owner.name or 'the plugin'} has ended.",
            confidence=None if leak.sure else Confidence.POSSIBLE,
        )
