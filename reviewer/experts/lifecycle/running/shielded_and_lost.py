"""LIF361: a deadline over a ``shield`` ends the waiting, and nobody holds the work behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, With, strip
from reviewer.code.walk import ancestors
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SHIELDS: Final = frozenset({"asyncio.shield"})
_KEEPS: Final = frozenset({"create_task", "ensure_future", "gather"})
_LIMITS: Final = frozenset({"timeout", "timeout_at", "fail_after", "move_on_after"})


@module_check("LIF361", words={"shield"})
def shielded_and_lost(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each shield around a call for a deadline around it: a task that is kept can be ended, a call can't."""
    if module.is_test or module.language != "python":
        return
    for shield in module.calls(("shield",)):
        inner = strip(shield.args[0]) if len(shield.args) == 1 else None
        if module.resolve(shield.callee) not in _SHIELDS or not isinstance(inner, Call) or inner.name in _KEEPS:
            continue
        if _limited(shield):
            yield Match(
                shield,
                f"When the time is up the waiting ends, and the shield keeps '{short(module.text_of(inner))}' going: "
                "nobody holds its task, so nothing can cancel it or see how it ends.",
            )


def _limited(shield: Call) -> bool:
    """Tell whether a deadline stands around a shield."""
    for around in ancestors(shield):
        if isinstance(around, Call) and around.name == "wait_for":
            return True
        if isinstance(around, With):
            for value, _target in around.items:
                made = strip(value)
                if isinstance(made, Call) and made.name in _LIMITS:
                    return True
    return False
