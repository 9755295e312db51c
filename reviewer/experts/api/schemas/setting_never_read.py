"""API375: a setting that the manifest offers to people changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.nearest import nearest
from reviewer.experts.api.settings import offered, reads
from reviewer.experts.check import Match, subject_check
from reviewer.experts.communication.named_commands import spoken_elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry


@subject_check("API375")
def setting_never_read(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the settings that the manifest offers against those that code reads, where all of its reads are known."""
    offer = offered(inquiry)
    if offer is None or inquiry.subject.kind != "plugin":
        return
    found = reads(inquiry)
    if found.whole or not found.named:
        return
    read = {one.key for one in found.named}
    misread = {nearest(key, offer.known) for key in read - offer.known.keys()}
    for name, value in offer.known.items():
        if name in read or name in misread or any(key.startswith(f"{name}.") for key in read):
            continue
        if _is_named(inquiry, name) or spoken_elsewhere(inquiry, name, 0):
            continue
        yield Match(
            value,
            f"The setting '{name}' is offered to people, and no code reads it: whatever they set changes nothing.",
        )


def _is_named(inquiry: Inquiry, name: str) -> bool:
    """Tell whether code has a name like the last part of a setting, by which it may read it in another way."""
    last = name.rpartition(".")[2]
    return any(True for _path in inquiry.project.paths(naming={last}, tests=False))
