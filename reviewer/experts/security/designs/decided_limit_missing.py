"""SEC098: the design limits what a plugin uses up, and the host does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.check import Inquiry, Match, subject_check
from reviewer.experts.drawn import Drawn
from reviewer.experts.security.handing.isolation import isolation_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_WORDS: Final = {
    "cpu": frozenset("cpu fuel interrupt terminate kill sigkill cgroup".split()),
    "memory": frozenset("memory ram rlimit setrlimit cgroup mem".split()),
    "wall": frozenset("timeout timeouts deadline deadlines within abort timer expire".split()),
    "output": frozenset("bytes truncate truncated large oversize maxlength quota size".split()),
    "concurrency": frozenset("concurrency concurrent semaphore pending parallel inflight busy bounded pool".split()),
}
"""Words that code which holds a limit has; where there is none of them, nothing holds it."""
_SPELLED: Final = {"memory": (b"resourceLimits", b"max-old-space-size", b"--memory", b"RLIMIT_")}


@subject_check("SEC098")
def decided_limit_missing(inquiry: Inquiry) -> Iterator[Match]:
    """Speak once, at the first place where plugins are started, of all limits that nothing holds."""
    if inquiry.design is None:
        return
    isolation = isolation_of(inquiry)
    places = isolation.starts or isolation.loads
    if not places:
        return
    held = {limit for part in _HELD.of(inquiry) for limit in part}
    choice = inquiry.design.choices["limits"]
    missing = [limit for limit in choice.texts if limit not in held]
    if missing:
        origin = "overruled by the design" if choice.overridden else choice.rule
        words = ", ".join(choice.dimension.options[limit] for limit in missing)
        yield Match(
            places[0],
            f"Plugins start here, and nothing in the host limits {words}; the design decided that it does "
            f"(decision: limits, {origin}).",
        )


def _draw(_inquiry: Inquiry, module: Module) -> frozenset[str] | None:
    held = {limit for limit, words in _WORDS.items() if not words.isdisjoint(module.words)}
    held |= {limit for limit, texts in _SPELLED.items() if any(text in module.source for text in texts)}
    return frozenset(held) or None


_HELD: Final = Drawn("security.decided_limits", _draw, frozenset[str], tests=False)
