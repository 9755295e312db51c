"""Every diagram of a design, by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.design.diagrams.moving import call, lifecycle, loading
from reviewer.design.diagrams.standing import context, parts, permissions

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Decided
    from reviewer.design.diagrams.model import Flow, Sequence


def diagrams(decided: Decided) -> dict[str, Flow | Sequence]:
    """Return the diagrams of a design, in the order of the document."""
    drawn = (
        context(decided), parts(decided), permissions(decided), lifecycle(decided), loading(decided), call(decided),
    )  # fmt: skip
    return {one.id: one for one in drawn}
