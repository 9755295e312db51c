"""REG331: a config flow that adds the same device twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.check import Match, subject_check
from reviewer.experts.integration.facts import flow_modules, is_integration
from reviewer.experts.integration.quality import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class
    from reviewer.experts.check import Inquiry


@subject_check("REG331")
def entry_not_unique(inquiry: Inquiry) -> Iterator[Match]:
    """Speak where a flow makes entries and nothing in it asks for those that are there."""
    told = shown(inquiry, "unique-config-entry") if is_integration(inquiry) else None
    if told is None or told[0]:
        return
    for module in flow_modules(inquiry):
        for call in module.calls({"async_create_entry"}):
            cls = next((one for one in module.classes if _holds(one, call.line) and _is_flow(module, one)), None)
            if cls is not None:
                yield Match(
                    call,
                    f"'{cls.name}' makes an entry without a look at those that are there: one device or account can be "
                    "added twice. Set a unique id and abort if it is configured, or match the data of the entries.",
                )
                return


def _holds(cls: Class, line: int) -> bool:
    return cls.line <= line <= cls.end_line


def _is_flow(module: Module, cls: Class) -> bool:
    return any(module.resolve(base).endswith("config_entries.ConfigFlow") for base in cls.bases)
