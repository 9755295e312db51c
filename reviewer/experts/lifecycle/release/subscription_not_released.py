"""LIF001: a plugin listens to something of the host and never stops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.leaks import leaks_of
from reviewer.experts.lifecycle.holding.report import left_how

if TYPE_CHECKING:
    from reviewer.code.module import Module


@module_check(
    "LIF001",
    words={"activate", "start", "enable", "load", "onload", "setup", "init", "mount", "wake", "boot", "context", "ctx"},
)
def subscription_not_released(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where the subscription's disposer is dropped and no end of the plugin takes it off."""
    for leak in leaks_of(inquiry, module, "subscription"):
        yield Match(
            leak.call,
            f"The subscription to {leak.what} {left_how(leak)}: its handler goes on firing after the plugin has ended.",
            confidence=None if leak.sure else Confidence.POSSIBLE,
        )
