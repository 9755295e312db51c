"""LIF004: a watcher, server, worker, process or connection is opened and never closed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.text.words import words
from reviewer.core.scale import Confidence
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.holding.acquired import RESOURCES
from reviewer.experts.lifecycle.holding.leaks import leaks_of
from reviewer.experts.lifecycle.holding.report import left_how

if TYPE_CHECKING:
    from reviewer.code.module import Module


_WORDS: Final = frozenset(word for name in RESOURCES for word in words(name.rsplit(".", 1)[-1])) | {
    "thread",
    "ws",
    "io",
}
"""What a file speaks of that opens one of them."""


@module_check("LIF004", words=_WORDS)
def resource_not_closed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where nothing at the end of an owner can reach what it opened."""
    for leak in leaks_of(inquiry, module, "resource"):
        yield Match(
            leak.call,
            f"{leak.what[0].upper()}{leak.what[1:]} {left_how(leak)}: it stays open after "
            f"{leak.owner.name or 'the plugin'} has ended.",
            confidence=None if leak.sure else Confidence.POSSIBLE,
        )
