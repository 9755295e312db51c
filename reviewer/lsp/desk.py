"""Reviews the folder that a document belongs to, with the text that the editor has, by a worker that stays."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from reviewer.core.wire import from_wire
from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.results import RootResult
from reviewer.engine.session import outcome_of
from reviewer.engine.workers.conduct import Conductor
from reviewer.subject.not_entered import not_entered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reviewer.core.finding import Finding
    from reviewer.engine.session import Outcome

MARKS: Final = (
    "plugin.json", "manifest.json", "package.json", "pyproject.toml", "setup.py", "reviewer.toml", ".git"
)  # fmt: skip
"""What lies in the folder of a subject; the nearest such folder is reviewed."""


class Seen(Struct, frozen=True):
    """What a review of a folder found, by file."""

    root: Path
    outcome: Outcome
    findings: dict[Path, list[Finding]]
    """The open findings of each file that has some."""
    subjects: dict[Path, str]
    """The subject of each of those files, as the outcome names it."""
    texts: Mapping[Path, str]
    """The text that the editor had when the review began."""

    def lines(self, file: Path) -> list[str] | None:
        """Return the lines of a file that its findings need."""
        subject = self.subjects.get(file)
        if subject is None:
            return None
        return self.outcome.sources(subject, file.relative_to(_folder(subject)).as_posix())


class Desk:
    """Keeps a worker warm, so that a review of a small folder takes a moment."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self.strictness = ""
        self._conductor = Conductor(1)

    def close(self) -> None:
        """End the worker."""
        self._conductor.__exit__()

    def review(self, root: Path, unsaved: Mapping[Path, str]) -> Seen:
        """Review a folder; raises the `ReviewerError` of a configuration that is wrong or a path that can't be read."""
        request = Request(strictness=self.strictness, today=time.strftime("%Y-%m-%d"))
        plan = Plan((str(root),), request, use_cache=False)
        (job,) = jobs_of(plan)
        texts = {file.relative_to(root).as_posix(): text for file, text in unsaved.items() if _belongs(file, root)}
        job = replace(job, unsaved=texts)
        answer = self._conductor.run(job)
        outcome = outcome_of(plan, [(job, from_wire(RootResult, answer.data))])
        findings: dict[Path, list[Finding]] = {}
        subjects: dict[Path, str] = {}
        for review in outcome.run.reviews:
            for finding in review.findings:
                if finding.suppressed is None:
                    file = _folder(review.subject.path) / finding.location.path
                    findings.setdefault(file, []).append(finding)
                    subjects[file] = review.subject.path
        return Seen(root, outcome, findings, subjects, dict(unsaved))


def root_of(file: Path, folders: Iterable[Path]) -> Path:
    """Return the folder to review for a file: the nearest that looks like a subject, inside the editor's own."""
    around = [folder for folder in folders if file.is_relative_to(folder)]
    bound = max(around, key=lambda folder: len(folder.parts)) if around else file.parent
    for folder in file.parents:
        if any((folder / mark).exists() for mark in MARKS):
            return folder
        if folder == bound:
            break
    return bound


def _folder(subject: str) -> Path:
    return Path(subject).absolute()


def _belongs(file: Path, root: Path) -> bool:
    return file.is_relative_to(root) and not any(not_entered(part) for part in file.relative_to(root).parts)
