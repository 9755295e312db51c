"""Goes on from what an earlier review of the same bytes observed: only rules that changed are asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from reviewer.core.wire import WireError, from_wire
from reviewer.engine.results import Before, FileResult, Observed, WholeResult
from reviewer.engine.rules import ENGINE_RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.core.finding import Finding
    from reviewer.core.review import Permissions, Problem, Review
    from reviewer.subject.model import Subject

PICTURE: Final = "permissions"
"""How problems name the permission picture, which no rule stands for."""


class Known(Struct, frozen=True):
    """What is known of one subject already; nothing, where it is reviewed for the first time."""

    unchanged: frozenset[str] = frozenset()
    """Rules that are not asked again."""
    files: dict[str, FileResult] = field(default_factory=dict)
    """What they, and the engine, said of each source file."""
    whole: WholeResult = WholeResult()
    """What they said of the subject as a whole."""
    permissions: Permissions | None = None

    def add_to(self, result: FileResult) -> FileResult:
        """Return what was found in a file now, with what was known of it."""
        known = self.files.get(result.path)
        if known is None:
            return result
        findings = (*self._said(known.findings), *result.findings)
        return replace(result, findings=findings, problems=(*self._problems(known.problems), *result.problems))

    def of_whole(self) -> tuple[tuple[Finding, ...], tuple[Problem, ...]]:
        """Return findings and problems of the subject as a whole."""
        return self._said(self.whole.findings), self._problems(self.whole.problems)

    def alone(self, path: str) -> FileResult | None:
        """Return what is known of a file in which no rule that changed has anything to look at."""
        known = self.files.get(path)
        if known is None:
            return None
        spoken = self.unchanged | ENGINE_RULES
        findings = tuple(one for one in known.findings if one.rule in spoken)
        return replace(known, findings=findings, problems=self._problems(known.problems))

    def _said(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Return the findings of checks that are not asked again; the engine's own are raised anew."""
        return tuple(one for one in findings if one.rule in self.unchanged and one.rule not in ENGINE_RULES)

    def _problems(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        return tuple(one for one in problems if one.rule in self.unchanged)


def before_of(data: dict[str, Any] | None) -> Before | None:
    """Read what an earlier review observed; None where there is nothing, or what nobody can go on from."""
    try:
        return from_wire(Before, data) if data is not None else None
    except WireError:
        return None


def known_of(before: Before | None, subject: Subject) -> Known:
    """Return what an earlier review observed of a subject; nothing where it was another one then."""
    if before is None:
        return Known()
    for seen in before.subjects:
        if (seen.base, seen.kind, seen.ecosystem) == (subject.base, subject.kind, subject.ecosystem):
            files = {one.path: one for one in seen.files}
            return Known(frozenset(before.unchanged), files, seen.whole, seen.permissions)
    return Known()


def observed(subject: Subject, files: Iterable[FileResult], whole: WholeResult, review: Review) -> Observed:
    """Return what a review observed of a subject, for `known_of` of a later one."""
    plain = tuple(replace(one, drawn=None) for one in files)
    drawn = all(problem.rule != PICTURE for problem in review.errors)
    permissions = review.permissions if drawn else None
    return Observed(subject.base, subject.kind, subject.ecosystem, plain, whole, permissions)
