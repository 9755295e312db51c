"""Opens the version that a review is compared with, and finds in it what was there of each subject."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.core.errors import NothingToReviewError, UsageError
from reviewer.engine.looking.reading import Reading
from reviewer.engine.telling.identity import identity
from reviewer.experts.earlier import Earlier

if TYPE_CHECKING:
    from reviewer.core.settings import Settings
    from reviewer.engine.job import Job
    from reviewer.subject.model import Root, Subject


class EarlierRoot:
    """The subjects of the earlier version; without one that somebody asked for, none."""

    def __init__(self, job: Job, settings: Settings) -> None:
        """Open it; raises `UsageError` for a path or revision that is not there or holds nothing."""
        self._name = settings.against
        self._subjects: list[Subject] = []
        if not settings.against:
            return
        from reviewer.subject.discover import discover

        root = _opened(job, settings)
        try:
            self._subjects = discover(root, settings)
        except NothingToReviewError:
            if settings.against_path:
                raise UsageError(f"--against: there is nothing to compare with in {settings.against}") from None

    def of(self, subject: Subject, *, alone: bool) -> Earlier | None:
        """Return what a subject was, or None where it is new.

        It is the one in the same folder, or of the same id, or where each version holds one
        subject alone, that one.
        """
        own = identity(subject).id
        known = [one for one in self._subjects if one.base == subject.base]
        known += [one for one in self._subjects if own and identity(one).id == own]
        if alone and len(self._subjects) == 1:
            known += self._subjects
        if not known:
            return None
        known[0].kind = subject.kind  # what is compared is read the same way
        return Earlier(self._name, known[0], Reading(known[0], lambda _path: None).project)


def _opened(job: Job, settings: Settings) -> Root:
    path = Path(job.path)
    if settings.against_path:
        from reviewer.subject.open import open_root

        return open_root(Path(settings.against_path), settings)
    if path.is_file() and not _is_source(path):
        raise UsageError(f"--against: {job.name} is an archive and has no history; name an earlier archive or a folder")
    from reviewer.subject.history import History

    folder = path if path.is_dir() else path.parent
    snapshot = History(folder).at(settings.against, folder)
    if path.is_file():
        snapshot.entries = {name: entry for name, entry in snapshot.entries.items() if name == path.name}
    return snapshot


def _is_source(path: Path) -> bool:
    from reviewer.code.text.languages import analysable

    return analysable(path.name)
