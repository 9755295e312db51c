"""REG300: two entry points of one name in one group, of which the host keeps one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.experts.check import Match, subject_check
from reviewer.experts.python_package.entry_points import entry_points

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.experts.python_package.entry_points import EntryPoint


@subject_check("REG300")
def entry_point_twice(inquiry: Inquiry) -> Iterator[Match]:
    """Speak at the later of two entries of one file that have one name and lead to different things."""
    seen: dict[tuple[str, str, str], EntryPoint] = {}
    for entry in sorted(entry_points(inquiry), key=lambda one: (one.source, one.place.line, one.place.column)):
        first = seen.setdefault((entry.source, entry.group, entry.name), entry)
        if first is not entry and first.place != entry.place:
            yield Match(
                entry.place,
                f"'{entry.name}' stands twice in '{entry.group}': the host keeps one of '{first.value}' and "
                f"'{entry.value}' under this name, and which one is not said.",
                related=((first.place, "the first of them"),),
            )
