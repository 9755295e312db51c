"""LIF040, of requests: the timer is kept with the request to be cleared, and the reply settles it and lets it run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Call, Function, Object
from reviewer.code.walk import calls_in, find, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.pending import Pending, pending_requests
from reviewer.experts.lifecycle.bringing.dependencies import with_helpers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry


@module_check("LIF040", words={"promise"})
def reply_leaves_timer(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what settles a request that was kept with its timer, for whether it clears that."""
    if module.is_test or module.language == "python":
        return
    for found in pending_requests(inquiry, module):
        timer = _kept_timer(module, found)
        settled = _settled_alone(found) if timer is not None else None
        if timer is not None and settled is not None:
            yield Match(
                settled,
                "The reply settles the request and leaves its timer armed, which is kept with it to be cleared: it "
                "holds what it closes over, and keeps the process from ending.",
                related=((timer, "the timer"),),
            )


def _kept_timer(module: Module, found: Pending) -> Call | None:
    """Return the timer that is kept in the record of a request, where no function of the record may clear it."""
    record = module.scopes.origin(found.entry.value) if found.entry.value is not None else None
    if not isinstance(record, Object) or next(find(record, Function), None) is not None:
        return None
    for _key, value in record.entries:
        made = module.scopes.origin(value)
        if isinstance(made, Call) and made.name == "setTimeout":
            return made
    return None


def _settled_alone(found: Pending) -> Node | None:
    """Return where a reply fulfils a request in a function that clears no timer, itself or by another."""
    for access in found.table.of("read", "delete"):
        function = access.function
        if function is None or access.key is None or inside(access.node, found.function):
            continue
        called = [call for one in with_helpers(function) for call in calls_in(one.body)]
        settles = [call for call in called if call.name in found.ends.fulfil]
        if settles and not any("clear" in call.name.lower() for call in called):
            return settles[0]
    return None
