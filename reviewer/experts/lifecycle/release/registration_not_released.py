"""LIF002: a plugin registers something with the host and never takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.leaks import leaks_of, sibling_taken_off, siblings_kept
from reviewer.experts.lifecycle.holding.report import left_how

if TYPE_CHECKING:
    from reviewer.code.module import Module


@module_check(
    "LIF002",
    words={
        "commands",
        "command",
        "middleware",
        "providers",
        "provider",
        "hooks",
        "menus",
        "routes",
        "filters",
        "tools",
        "scheduler",
        "jobs",
    },
)
def registration_not_released(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a registration's disposer is dropped.

    Hosts often take registrations back by themselves, so this is sure only where the plugin
    keeps the disposers of other registrations, or takes others back by their names.
    """
    for leak in leaks_of(inquiry, module, "registration"):
        told = leak.fate.how == "kept" or siblings_kept(module, leak) or sibling_taken_off(module, leak)
        yield Match(
            leak.call,
            f"The registration of {leak.what} {left_how(leak)}: it outlives the plugin and still leads into it.",
            confidence=None if leak.sure and told else Confidence.POSSIBLE,
        )
