"""The version of a subject that was there before, for checks that compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from reviewer.code.project import Project
    from reviewer.subject.model import Subject


class Earlier(NamedTuple):
    """An earlier version, read like the present one."""

    name: str
    """How a person named it: a path or a revision."""
    subject: Subject
    project: Project
