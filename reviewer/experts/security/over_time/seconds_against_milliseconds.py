"""SEC360: seconds are held against milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Node
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.over_time.time_units import Time, time_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_COMPARED: Final = frozenset({"<", "<=", ">", ">="})
_WAITS: Final = {
    "setTimeout": (1, "milliseconds"),
    "setInterval": (1, "milliseconds"),
    "time.sleep": (0, "seconds"),
    "asyncio.sleep": (0, "seconds"),
    "AbortSignal.timeout": (0, "milliseconds"),
}
"""Calls that wait, with the place of the length among their arguments and its unit."""
_WORDS: Final = frozenset(
    {"now", "time", "date", "timeout", "interval", "sleep", "exp", "seconds", "ms", "expires", "secs", "sec"}
)


@module_check("SEC360", words=_WORDS)
def seconds_against_milliseconds(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the units of what is compared, added and waited for."""
    if module.is_test:
        return
    for node in module.all(Binary):
        if node.op not in _COMPARED and node.op not in ("+", "-"):
            continue
        left, right = time_of(module, node.left), time_of(module, node.right)
        if left is None or right is None or left.unit == right.unit:
            continue
        if left.moment == right.moment or (node.op in ("+", "-") and left.moment):
            yield _match(module, node, left, right)
    for call in module.calls({name.rsplit(".", 1)[-1] for name in _WAITS}):
        at, unit = _WAITS.get(module.resolve(call.callee), (0, ""))
        given = call.arg(at) if unit else None
        length = time_of(module, given) if given is not None else None
        if given is not None and length is not None and not length.moment and length.unit != unit:
            yield Match(
                given,
                f"'{short(module.text_of(given))}' is in {length.unit}, and '{call.name}' takes {unit}: the wait is a "
                f"thousand times too {'short' if unit == 'milliseconds' else 'long'}.",
            )


def _match(module: Module, node: Binary, left: Time, right: Time) -> Match:
    sides: tuple[Node, Node] = (node.left, node.right)
    texts = [short(module.text_of(side)) for side in sides]
    return Match(
        node,
        f"'{texts[0]}' is in {left.unit} and '{texts[1]}' in {right.unit}: what should end never does, or is over at "
        "once.",
    )
