"""Reviews everything that one path holds: opens it, finds the subjects, walks through each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from reviewer.core.errors import NothingToReviewError
from reviewer.engine.around import Around
from reviewer.engine.configuration.effective import Governed, govern
from reviewer.engine.configuration.files import FILE, NAMES, ConfigurationFile
from reviewer.engine.knowledge import library_of
from reviewer.engine.looking.holding import Holding
from reviewer.engine.looking.reading import kept_of
from reviewer.engine.looking.unit import Unit
from reviewer.engine.looking.watched_root import WatchedRoot
from reviewer.engine.remembering.earlier import EarlierRoot
from reviewer.engine.remembering.once_more import before_of, observed
from reviewer.engine.results import Demands, FileResult, KnownFile, Reviewed, RootResult
from reviewer.engine.telling.inventory import inventory_of, lean
from reviewer.engine.telling.lines import lines_of
from reviewer.engine.walk import Walk
from reviewer.subject.model import Subject

if TYPE_CHECKING:
    from reviewer.core.review import Skipped
    from reviewer.engine.job import Job
    from reviewer.engine.looking.watch import Watch

_LARGEST_CONFIGURATION: Final = 1_000_000
_STOPPED_TOO_OFTEN: Final = "not looked at: the analysis of this path had to be stopped too often"

Results = Mapping[tuple[int, str], FileResult]
"""Number of the subject and path in it, to what the file gave."""


class RootReview:
    """The review of one path; `units` may be looked at in any order and in several processes."""

    def __init__(self, job: Job, watch: Watch, loaded: Callable[[], None] = lambda: None) -> None:
        """Open the path and find its subjects; ``loaded`` is called once the rules are there.

        Raises `UsageError`, `NothingToReviewError` or `UnreadableError`.
        """
        from reviewer.subject.discover import discover
        from reviewer.subject.open import open_root

        self.job = job
        self._watch = watch
        self._request = job.request
        self._refused = dict(job.refused)
        governed = govern(job.configurations, self._request)
        library_of(governed.settings.skills)
        loaded()
        root = open_root(Path(job.path), governed.settings)
        if root.archive and not self._request.untrusted:
            self._request = replace(self._request, untrusted=True)
            governed = govern(job.configurations, self._request)
        self.root = WatchedRoot(root, job.name, watch, self._refused, job.unsaved)
        subjects = discover(self.root, governed.settings)
        if not subjects:
            subjects = [self._bare()]
        self._earlier = EarlierRoot(job, governed.settings)
        self._holding = Holding(kept_of(self.root))
        self.walks = self._walks(subjects, governed)

    def keep(self, size: int) -> None:
        """Let modules of so much source text be kept from now on, or more where more are kept already.

        Of several subjects the one that is looked at has a half of it, and all the others the other.
        """
        most = size if len(self.walks) == 1 else size // 2
        self._holding.keep(most)
        for walk in self.walks:
            walk.reading.project.kept.keep(most)

    def _bare(self) -> Subject:
        """Return a subject for a path that holds nothing but trouble; raises `NothingToReviewError` without any."""
        missed = any(skipped.matters for skipped in self.root.skipped)
        if not self.root.problems and not missed:
            raise NothingToReviewError(f"{self.job.name}: there is neither a manifest nor source code in it")
        kind = self._request.kind or "plugin"
        ecosystem = self._request.ecosystem or "generic"
        files = tuple(self.root.entries)
        return Subject(self.root, "", kind, ecosystem, files=files, assumed=True)

    def _walks(self, subjects: list[Subject], governed: Governed) -> list[Walk]:
        all_governed = [self._governing(subject, governed) for subject in subjects]
        last = {one.file: number for number, one in enumerate(all_governed)}
        used: dict[str, set[tuple[str, int, str]]] = {}
        beside = self._beside(subjects)
        silenced = tuple(sorted(self.job.silenced.items()))
        before, keeps = before_of(self.job.before), kept_of(self.root)
        walks = []
        for number, (subject, own) in enumerate(zip(subjects, all_governed, strict=True)):
            if own.settings.kind and own is not governed:
                subject.kind = own.settings.kind
            around = Around(
                skipped=tuple(beside[number]),
                first=number == 0,
                silenced=silenced,
                closing=last[own.file] == number,
                used=used.setdefault(own.file, set()),
                earlier=self._earlier.of(subject, alone=len(subjects) == 1),
                keeps=keeps,
                before=before,
                own=self._outside(own.settings.skills),
            )
            library = library_of(own.settings.skills)
            walks.append(Walk(subject, library, own, self._watch, around))
        return walks

    def _governing(self, subject: Subject, governed: Governed) -> Governed:
        """Return the settings for a subject: a configuration in its folder, or in one above it, is nearer."""
        explicit = any(file.explicit for file in self.job.configurations)
        if not subject.base or explicit:
            return governed
        nearer: list[ConfigurationFile] = []
        folder = subject.base.rstrip("/")
        while folder:
            for name in NAMES:
                entry = self.root.entries.get(f"{folder}/{name}")
                if entry is not None and (name == FILE or entry.size <= _LARGEST_CONFIGURATION):
                    nearer.append(self._configuration(folder, name))
            folder = folder.rpartition("/")[0]
        if not nearer:
            return governed
        return govern((*nearer, *self.job.configurations), self._request)

    def _configuration(self, folder: str, name: str) -> ConfigurationFile:
        path = f"{folder}/{name}"
        text = self.root.read(path).decode("utf-8", "surrogateescape")
        shown = f"{self.job.name.rstrip('/')}/{path}"
        return ConfigurationFile(shown, path, str(Path(self.job.path, folder)), text, inside=True, above=folder)

    def _outside(self, skills: tuple[str, ...]) -> tuple[str, ...]:
        """Return the folders of skills whose Python may run: outside what is reviewed, or named by a person's hand."""
        if any(file.explicit for file in self.job.configurations):
            return skills
        top = Path(self.job.path).resolve()
        return tuple(folder for folder in skills if not Path(folder).resolve().is_relative_to(top))

    def _beside(self, subjects: list[Subject]) -> list[list[Skipped]]:
        """Give each unreadable file of the root to the subject whose folder it is in, else to the first."""
        beside: list[list[Skipped]] = [[] for _ in subjects]
        order = sorted(range(len(subjects)), key=lambda number: -len(subjects[number].base))
        for skipped in self.root.skipped:
            holder = next((n for n in order if skipped.path.startswith(subjects[n].base)), 0)
            base = subjects[holder].base
            path = skipped.path.removeprefix(base) if skipped.path.startswith(base) else skipped.path
            beside[holder].append(replace(skipped, path=path))
        return beside

    @property
    def units(self) -> list[Unit]:
        """Every source file, in order."""
        entries = self.root.entries
        return [
            Unit(number, path, entries[walk.subject.base + path].size)
            for number, walk in enumerate(self.walks)
            for path in walk.paths
        ]

    def refuse(self, path: str, reason: str) -> None:
        """Read a file of the root no more."""
        self._refused[path] = reason

    def look(self, subject: int, path: str) -> FileResult:
        """Return what one source file gives."""
        return self._turn_to(subject).look(path)

    def _turn_to(self, number: int) -> Walk:
        """Return the walk of a subject, which is looked at from now on."""
        walk = self.walks[number]
        self._holding.turn_to(number, walk.reading.project)
        return walk

    def recall(self, known: KnownFile) -> FileResult:
        """Take over what another process found out about one source file, and return what it gave."""
        return self.walks[known.subject].looker.recall(known.result)

    def leave_out(self, known: Iterable[tuple[int, str]]) -> None:
        """Refuse every source file that is not known yet: for a path that had to be stopped too often."""
        looked_at = set(known)
        for unit in self.units:
            if (unit.subject, unit.path) not in looked_at:
                self.refuse(self.walks[unit.subject].subject.base + unit.path, _STOPPED_TOO_OFTEN)

    def finish(self, results: Results) -> RootResult:
        """Ask the checks of whole subjects, judge, and return what the path gave."""
        reviewed = []
        seen = []
        for number, walk in enumerate(self.walks):
            own = {path: results[number, path] for path in walk.paths}
            self._turn_to(number)
            whole = walk.whole()
            review = walk.review(own, whole, survey=self.job.survey)
            if self.job.observe:
                seen.append(observed(walk.subject, own.values(), whole, review))
            inventory = inventory_of(walk.subject, walk.paths, walk.settings.skills) if self.job.inventory else None
            if inventory is not None:
                review = lean(review)
            threshold = walk.settings.fail_on
            lines = lines_of(review, walk.reading, self.job.context)
            demands = Demands(walk.settings.baseline, walk.settings.require_signoff, walk.settings.require_maturity)
            failed = {problem.rule for problem in review.errors}
            asked = tuple(sorted(walk.rules.speaking.keys() - failed))
            level = threshold.value if threshold else "none"
            reviewed.append(Reviewed(review, level, lines, demands, asked, inventory))
        skills = sorted({folder for walk in self.walks for folder in walk.settings.skills})
        digests = sorted({walk.library.digest for walk in self.walks})
        return RootResult(tuple(reviewed), "+".join(digests), tuple(skills), observed=tuple(seen))


def review_root(job: Job, watch: Watch) -> RootResult:
    """Review a path inside this process: for tests, and for subjects that are trusted not to break it."""
    review = RootReview(job, watch)
    results = {(unit.subject, unit.path): review.look(unit.subject, unit.path) for unit in review.units}
    return review.finish(results)
