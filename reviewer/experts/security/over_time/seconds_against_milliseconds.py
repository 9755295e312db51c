"""SEC360: seconds are held against milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.syntax import Binary, Call, Member, Name, Node
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.security.over_time.time_units import Time, time_of, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_COMPARED: Final = frozenset({"<", "<=", ">", ">="})
_WAITS: Final = {
    "setTimeout": (1, "milliseconds"),
    "setInterval": (1, "milliseconds"),
    "timers.promises.setTimeout": (0, "milliseconds"),
    "timers.promises.setInterval": (0, "milliseconds"),
    "time.sleep": (0, "seconds"),
    "asyncio.sleep": (0, "seconds"),
    "AbortSignal.timeout": (0, "milliseconds"),
    "asyncio.wait_for": (1, "seconds"),
    "asyncio.timeout": (0, "seconds"),
    "threading.Timer": (0, "seconds"),
    "socket.setdefaulttimeout": (0, "seconds"),
}
"""Calls that wait, with the place of the length among their arguments and its unit."""
_TIMEOUT_SECONDS: Final = frozenset(
    {
        "result",
        "wait",
        "join",
        "acquire",
        "wait_for",
        "urlopen",
        "communicate",
        "check_output",
        "create_connection",
        "run",
    }
)
"""Calls of Python that take ``timeout=`` in seconds."""
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
    for call in module.all(Call):
        for given, length, unit, name in _handed(module, call):
            if length.unit != unit:
                yield Match(
                    given,
                    f"'{short(module.text_of(given))}' is in {length.unit}, '{name}' of '{call.name}' takes {unit}: "
                    f"what should end is a thousand times too {'early' if unit == 'milliseconds' else 'late'}.",
                )


def _handed(module: Module, call: Call) -> Iterator[tuple[Expr, Time, str, str]]:
    """Yield (value, its time, the unit that is taken, the name) for what a call hands over under a name with a unit."""
    for name, value in call.keywords.items():
        unit = unit_of(name)
        if name == "timeout" and module.language == "python" and call.name in _TIMEOUT_SECONDS:
            unit = "seconds"
        length = time_of(module, value) if unit else None
        if length is not None and not length.moment:
            yield value, length, unit, name
    lengths = [time_of(module, value) if isinstance(value, Name | Member | Binary) else None for value in call.args]
    if not any(length is not None and not length.moment for length in lengths):
        return
    target = callee(module, call)
    params = target.params if target is not None else []
    if params and params[0].name in ("self", "cls") and call.receiver is not None:
        params = params[1:]
    for value, length, param in zip(call.args, lengths, params, strict=False):
        unit = unit_of(param.name)
        if unit and length is not None and not length.moment and not param.rest:
            yield value, length, unit, param.name


def _match(module: Module, node: Binary, left: Time, right: Time) -> Match:
    sides: tuple[Node, Node] = (node.left, node.right)
    texts = [short(module.text_of(side)) for side in sides]
    return Match(
        node,
        f"'{texts[0]}' is in {left.unit} and '{texts[1]}' in {right.unit}: what should end never does, or is over at "
        "once.",
    )
