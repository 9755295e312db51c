"""SEC097: a host runs plugins behind less of a boundary than the design decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.check import Inquiry, Match, subject_check
from reviewer.experts.security.handing.isolation import BOUNDARIES, isolation_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHOWN: Final = {
    "B0": "nothing that keeps it apart",
    "B1": "nothing that keeps it apart",
    "B2": "a process of the same user",
    "B3": "an engine of its own",
    "B4": "a sandbox of the operating system",
    "B5": "a connection",
}


@subject_check("SEC097")
def boundary_weaker_than_decided(inquiry: Inquiry) -> Iterator[Match]:
    """Speak where code is loaded while the host runs, and the host shows less than the decided boundary."""
    if inquiry.design is None:
        return
    choice = inquiry.design.choices["boundary"]
    decided = str(choice.value)
    if BOUNDARIES.index(decided) < BOUNDARIES.index("B2"):
        return
    found = isolation_of(inquiry)
    if not found.loads or BOUNDARIES.index(found.strongest) >= BOUNDARIES.index(decided):
        return
    origin = "overruled by the design" if choice.overridden else choice.rule
    yield Match(
        found.loads[0],
        f"Code is loaded here, and the host shows {_SHOWN[found.strongest]}; the design decided {decided}, "
        f"{choice.dimension.options[decided].split(':')[0]} (decision: boundary, {origin}).",
        related=tuple((place, "likewise") for place in found.loads[1:4]),
    )
