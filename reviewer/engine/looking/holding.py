"""Lets go of what was parsed of the subjects of a path that nobody looks at now."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewer.code.project import Project


class Holding:
    """The projects of one path: each keeps modules within a bound of its own, and hundreds would keep too much."""

    def __init__(self, keeps: int) -> None:
        """Take how much source text may have its modules kept by all projects but the one that is looked at."""
        self._keeps = keeps
        self._projects: OrderedDict[int, Project] = OrderedDict()

    def keep(self, size: int) -> None:
        """Let modules of so much source text be kept from now on, or more where more are kept already."""
        self._keeps = max(self._keeps, size)

    def turn_to(self, number: int, project: Project) -> None:
        """Look at a project from now on; of the others, those go first that were looked at longest ago."""
        if self._projects and next(reversed(self._projects)) == number:
            return
        self._projects.pop(number, None)
        others = sum(one.kept.size for one in self._projects.values())
        while others > self._keeps:
            _, oldest = self._projects.popitem(last=False)
            others -= oldest.kept.size
            oldest.kept.let_all_go()
        self._projects[number] = project
