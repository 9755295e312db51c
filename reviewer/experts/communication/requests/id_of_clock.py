"""COM026: requests are told apart by the time at which they were made, which two of them may share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Expr, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.pending import pending_requests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CLOCKS: Final = frozenset(
    {
        "Date.now",
        "performance.now",
        "time.time",
        "time.monotonic",
        "time.time_ns",
        "time.perf_counter",
        "process.uptime",
    }
)
_UNIQUE: Final = frozenset(
    {"next", "randomUUID", "uuid4", "uuid1", "uuid", "nanoid", "random", "randomBytes", "token_hex"}
)


@module_check("COM026", words={"now", "time", "date", "monotonic", "performance"})
def id_of_clock(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the keys under which requests wait for one that the clock gave."""
    if module.is_test:
        return
    for found in pending_requests(inquiry, module):
        key = strip(found.entry.key) if found.entry.key is not None else None
        made = module.scopes.origin(key) if key is not None else None
        if not isinstance(made, Expr):
            continue
        clock = next((call for call in find(made, Call) if module.resolve(call.callee) in _CLOCKS), None)
        if clock is None or any(call.name in _UNIQUE for call in find(made, Call)) or _counted(made):
            continue
        yield Match(
            clock,
            f"The id of a request is the time: two requests of one moment share it, and the second takes the place of "
            f"the first in '{found.table.name}', so that one is never answered and the other may get the wrong reply.",
            related=((found.entry.node, "waits under it"),),
        )


def _counted(made: Expr) -> bool:
    """Tell whether something that counts up is a part of the id."""
    return any(getattr(node, "op", "") in ("++", "+=") for node in find(made, Expr)) or any(
        isinstance(node, Binary) and node.op == "%" for node in find(made, Binary)
    )
