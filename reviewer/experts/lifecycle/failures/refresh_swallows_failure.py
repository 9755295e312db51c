"""LIF332: the first refresh of a coordinator in a setup does not stop the setup when it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.integration.facts import is_integration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("LIF332", words={"refresh"})
def refresh_swallows_failure(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for ``async_refresh`` in ``async_setup_entry`` whose outcome nobody asks for."""
    if module.is_test or module.path != "__init__.py" or not is_integration(inquiry):
        return
    for call in module.calls({"async_refresh"}):
        function = function_of(call)
        if function is None or function.name != "async_setup_entry":
            continue
        text = module.text_of(function)
        if "last_update_success" in text or "first_refresh" in text or "ConfigEntryNotReady" in text:
            continue
        yield Match(
            call,
            "async_refresh() keeps a failure to itself: the entry counts as set up, with entities that have no data, "
            "and is not tried again. Await async_config_entry_first_refresh() here.",
        )
