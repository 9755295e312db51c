"""LIF046: of what a guest may hang into the host's tables, one kind is noted nowhere to be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.guests.faces import faces, gives_back, is_called, taken_out_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry


@module_check("LIF046", words={"push", "append", "add", "callback", "unshift", "defer"})
def face_untracked(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the functions that a guest is handed: those that note what to undo, and one that only fills a table."""
    if module.is_test:
        return
    for face in faces(module):
        noting = [member for member in face.members for call in face.undone if call.start in _span(member)]
        for filled in face.filled if noting else ():
            if filled.member in noting or taken_out_at(inquiry, module, face, filled.table) is not None:
                continue
            name = filled.table.name.removeprefix("#")
            yield Match(
                filled.at,
                f"'{filled.member.name}' puts what a plugin hands in into '{name}', and notes nothing to undo it, as "
                f"'{noting[0].name}' does: {_who(filled.member)} takes it out, so it outlives the plugin.",
                related=((face.undone[0], "noted here"),),
                confidence=None if is_called(module, filled) else Confidence.POSSIBLE,
            )


def _who(member: Function) -> str:
    return "nobody but the plugin itself" if gives_back(member) else "nobody ever"


def _span(member: object) -> range:
    return range(getattr(member, "start", 0), getattr(member, "stop", 0))
