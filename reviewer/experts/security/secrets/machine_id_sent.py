"""SEC205: what tells one machine from all others is sent away, and nobody is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Member
from reviewer.experts.check import Match, module_check
from reviewer.experts.host.promised import promises
from reviewer.experts.host.symbols import symbol_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_IDS: Final = frozenset({"env.machineId", "env.sessionId"})
_ASKS: Final = frozenset(
    {
        "isTelemetryEnabled",
        "onDidChangeTelemetryEnabled",
        "createTelemetryLogger",
        "TelemetryReporter",
        "telemetryLevel",
        "enableTelemetry",
    }
)
_SENDS: Final = frozenset({"fetch", "axios", "got", "request", "requestUrl", "sendBeacon", "post", "track", "capture"})


@module_check("SEC205", words={"machine", "session"})
def machine_id_sent(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for ids of the machine in files that send something."""
    if module.is_test or not _ASKS.isdisjoint(module.identifiers):
        return
    if not any(call.name in _SENDS for call in module.all(Call)):
        return
    for promise in promises(inquiry):
        for member in module.all(Member):
            if member.name not in ("machineId", "sessionId"):
                continue
            symbol = symbol_of(module, promise.table, member)
            if symbol is not None and symbol.name in _IDS and not _asked_elsewhere(inquiry):
                yield Match(
                    member,
                    f"'{symbol.name}' goes along with what this file sends, and nothing asks 'env.isTelemetryEnabled'.",
                )
                return


def _asked_elsewhere(inquiry: Inquiry) -> bool:
    return any(True for _module in inquiry.project.paths(_ASKS, tests=False))
