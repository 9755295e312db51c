"""COM036: requests go to a process or a worker whose end nobody hears of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_stopper
from reviewer.code.reach.links import declared_type
from reviewer.code.syntax import Call, strip
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.communication.pending import Pending, pending_requests
from reviewer.experts.communication.requests.peer_ended import ENDS, LISTENS, same_place, told, touches
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_MAKES: Final = frozenset({"child_process.fork", "child_process.spawn", "worker_threads.Worker"})
_TYPES: Final = frozenset({"ChildProcess", "Worker"})
_REPLIES: Final = frozenset({"message"})


@module_check("COM036", words={"fork", "spawn", "worker", "childprocess"})
def end_unheard(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the process or worker that replies come from for whether somebody hears of its end."""
    if module.is_test or module.language == "python":
        return
    for found in pending_requests(inquiry, module):
        listening = _replies(module, found)
        peer = listening.receiver if listening is not None else None
        if listening is None or peer is None or not _is_peer(module, peer) or _end_heard(module, peer):
            continue
        yield Match(
            listening,
            f"The requests that wait in '{found.table.name}' are answered from here, and nobody hears of the end of "
            f"'{last_name(peer)}': when it crashes, whoever asked waits for a reply that can't come.",
            related=((found.entry.node, "requests wait since here"),),
        )


def _replies(module: Module, found: Pending) -> Call | None:
    """Return where replies are heard that come to the table."""
    for call in module.calls(LISTENS):
        if len(call.args) < 2 or fixed_text(module, call.args[0]) not in _REPLIES:
            continue
        heard = (one for _place, one in told(module, call, call.args[1]))
        if any(same_place(found, one) and touches(module, found, one) for one in heard):
            return call
    return None


def _is_peer(module: Module, peer: Expr) -> bool:
    """Tell whether messages come from a process or a worker that this side has made."""
    made = module.scopes.origin(peer)
    if isinstance(made, Call):
        return module.resolve(made.callee) in _MAKES
    declared = declared_type(module, peer).rsplit(".", 1)[-1].strip()
    return declared in _TYPES and any(module.resolve(call.callee) in _MAKES for call in module.all(Call))


def _end_heard(module: Module, peer: Expr) -> bool:
    """Tell whether somebody listens for the end of a peer, not only for as long as it is being ended."""
    name = last_name(peer)
    for call in module.calls(LISTENS):
        event = next((text for arg in call.args[:2] if (text := fixed_text(module, arg)) in ENDS), "")
        holder = call.receiver if call.receiver is not None else (strip(call.args[0]) if call.args else None)
        around = function_of(call)
        ending = around is not None and is_stopper(around.name)
        if event and holder is not None and not ending and last_name(holder) == name:
            return True
    return False
