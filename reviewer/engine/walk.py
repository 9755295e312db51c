"""One subject's way from its files to a review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from reviewer.code.kept_modules import KEPT_FILES
from reviewer.code.standing import ask_all
from reviewer.code.text.words import speaking
from reviewer.core.errors import UsageError
from reviewer.core.experts import RULE_PREFIXES
from reviewer.core.review import Permissions, Problem, Review
from reviewer.core.scale import Confidence
from reviewer.engine.around import Around
from reviewer.engine.designing import design_for
from reviewer.engine.judging.document_marks import document_marks
from reviewer.engine.judging.tempering import tempering_of
from reviewer.engine.looking.looker import Asking, Looker, describe
from reviewer.engine.looking.making import Maker
from reviewer.engine.looking.observing import observe
from reviewer.engine.looking.reading import Reading
from reviewer.engine.remembering.once_more import PICTURE, known_of
from reviewer.engine.results import FileResult, WholeResult
from reviewer.engine.route import route
from reviewer.engine.rules import ActiveRules, active_rules
from reviewer.engine.telling.coverage import coverage
from reviewer.engine.telling.identity import identity
from reviewer.experts import checks_of, load_checks
from reviewer.experts.check import Inquiry
from reviewer.experts.data import data_checks
from reviewer.experts.drawn import draw_all
from reviewer.experts.led_to import led_to
from reviewer.subject.globs import PathGlobs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reviewer.code.module import Module
    from reviewer.core.checklist import Answer
    from reviewer.core.finding import Finding
    from reviewer.core.review import Interface, Maturity
    from reviewer.engine.configuration.effective import Governed
    from reviewer.engine.judging.comments import Mark
    from reviewer.engine.looking.watch import Watch
    from reviewer.experts.check import Registered
    from reviewer.library.library import Library
    from reviewer.subject.model import Subject

_T = TypeVar("_T")

COMPARISON: Final = "against"
"""How problems name the comparison with an earlier version, which several rules share."""
SCALE: Final = "quality scale"
"""How problems name the rows of an ecosystem's own scale, which no rule stands for."""
INTERFACES: Final = "interfaces"
"""How problems name the survey of interfaces, likewise."""


class Walk:
    """The review of one subject, step by step: `look` at each of `paths`, `whole`, `review`."""

    def __init__(self, subject: Subject, library: Library, governed: Governed, watch: Watch, around: Around) -> None:
        """Choose route and rules and load their checks; no source file is read yet."""
        settings = governed.settings
        self.subject = subject
        self.library = library
        self.settings = settings
        self.governed = governed
        self.around = around
        self._watch = watch
        keywords = {expert: agent.keywords for expert, agent in library.agents.items()}
        origin = governed.origins.get("experts", "command line")
        named_on = "the command line" if origin == "command line" else origin
        self.route = route(settings.experts, settings.request, keywords, named_on)
        self.excluded = self._exclude()
        self.rules = self._rules()
        self._unasked: tuple[Problem, ...] = ()
        base = subject.base
        self.reading = Reading(subject, lambda path: watch.at(base + path), around.keeps)
        self.inquiry = Inquiry(subject, self.reading.project, settings, around.earlier, design_for(settings))
        self.reading.project.named = led_to(self.inquiry)
        self.maker = Maker(self.reading, self.rules.severities, tempering_of(self.inquiry))
        self.asking = Asking(self.inquiry, self.rules.speaking, self.maker)
        self.known = known_of(around.before, subject)
        asked = {rule.id: rule for rule in self.rules.speaking.values() if rule.id not in self.known.unchanged}
        data = tuple(data_checks(asked.values()))
        own = (entry for entry in self._own_checks() if entry.rule in asked)
        checks = sorted((*checks_of(asked), *own, *data), key=lambda entry: entry.rule)
        self._subject_checks = [entry for entry in checks if entry.on_subject is not None]
        self.looker = Looker(
            self.reading,
            self.asking,
            tuple(entry for entry in checks if entry.on_module is not None),
            tuple(entry for entry in data if self._is_cheap(entry)),
            drawing=self._is_large(),
            known=self.known,
        )

    def _is_large(self) -> bool:
        """Tell whether the modules of this subject can't all be kept; then what draws facts of each is loaded now."""
        entries, base = self.subject.root.entries, self.subject.base
        large = (
            len(self.paths) > KEPT_FILES and sum(entries[base + path].size for path in self.paths) > self.around.keeps
        )
        if large:
            load_checks(self.rules.speaking)
            self.reading.project.when_made = self._draw
        return large

    def _draw(self, module: Module) -> None:
        """Take all that will be asked of a module while it is at hand: it would be parsed again for each of it."""
        try:
            ask_all(self.reading.project, module)
            draw_all(self.inquiry, module)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - whoever asks the same for a rule fails again, and the rule is named
            return

    def _rules(self) -> ActiveRules:
        """Choose the rules; raises `UsageError` that names where a rule that isn't there was asked for."""
        subject, settings = self.subject, self.settings
        try:
            return active_rules(self.library, settings, self.route, subject.kind, subject.ecosystem)
        except UsageError as error:
            origins = {self.governed.origins.get(key, "") for key in ("select", "ignore", "severities")}
            named = ", ".join(sorted(origins - {"", "default", "command line"}))
            raise UsageError(f"{named}: {error}" if named else str(error)) from None

    def _own_checks(self) -> tuple[Registered, ...]:
        """Return the checks in Python from a person's own folders; rules left without one are problems."""
        bare = [
            rule.id
            for rule in self.rules.speaking.values()
            if rule.match is None and rule.id.rstrip("0123456789") not in RULE_PREFIXES
        ]
        if not bare:
            return ()
        from reviewer.experts.own import own_checks

        found = tuple(own_checks(self.around.own, bare))
        text = "its check is Python inside what is reviewed, and nothing of a subject runs; name its folder by --config"
        missing = sorted(set(bare) - {entry.rule for entry in found})
        self._unasked = tuple(Problem(rule, text) for rule in missing)
        return found

    def _is_cheap(self, entry: Registered) -> bool:
        match = self.rules.speaking[entry.rule].match or {}
        return match.get("kind") in ("call", "import")

    def _exclude(self) -> tuple[str, ...]:
        """Take the files that the configuration excludes out of the subject."""
        globs = PathGlobs(self.settings.exclude)
        if not globs:
            return ()
        base = self.subject.base
        out = tuple(path for path in self.subject.files if globs.match(base + path))
        if out:
            gone = set(out)
            self.subject.files = tuple(path for path in self.subject.files if path not in gone)
        return out

    @property
    def paths(self) -> tuple[str, ...]:
        """The source files to look at, in order."""
        return self.reading.project.sources

    def look(self, path: str) -> FileResult:
        """Return what one source file gives."""
        self._watch.at(self.subject.base + path)  # it may have been read long before, for another
        with speaking(self.subject.dialect):
            return self.looker.look(path)

    def whole(self) -> WholeResult:
        """Return what the checks of the whole subject, and the engine itself, have to say."""
        with speaking(self.subject.dialect):
            return self._whole()

    def _whole(self) -> WholeResult:
        seen = observe(self.subject, self.maker, self.rules.speaking, first=self.around.first)
        findings = list(seen.findings)
        silenced = dict(self.around.silenced)
        if self.inquiry.earlier is not None:
            self._compare(refused=COMPARISON in silenced)
        for entry in self._subject_checks:
            if entry.rule in silenced:
                continue
            self._watch.during(entry.rule)
            findings += self.asking.ask(entry, None)
        self._watch.during("")
        known, failed = self.known.of_whole()
        findings += known
        problems = [*failed, *self.asking.problems, *self._unasked]
        problems += [Problem(rule, reason) for rule, reason in silenced.items()]
        self.asking.problems.clear()
        return WholeResult(tuple(findings), document_marks(self.subject), tuple(problems), seen.skipped)

    def _compare(self, *, refused: bool) -> None:
        """Lay the earlier version beside this one, once for all rules that ask; what fails is not tried again."""
        from reviewer.experts.interface.change import comparison

        if refused:
            self.inquiry.earlier = None
            return
        self._watch.during(COMPARISON)
        try:
            comparison(self.inquiry)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - a comparison that crashes is a result, like a check
            self.asking.problems.append(Problem(COMPARISON, f"the comparison failed: {describe(error)}"))
            self.inquiry.earlier = None

    def permissions(self, problems: list[Problem]) -> Permissions:
        """Return the permission picture; a failure to draw it is a problem of the review."""
        from reviewer.experts.picture import permissions_of

        if self.known.permissions is not None:
            return self.known.permissions
        return self._part(PICTURE, Permissions(), lambda: permissions_of(self.inquiry), problems)

    def scale(self, problems: list[Problem]) -> tuple[Answer, ...]:
        """Return the rows that the ecosystem's own scale adds to the checklist; likewise."""
        if not self.subject.other_documents:
            return ()
        from reviewer.experts.integration.scale_rows import scale_answers

        return self._part(SCALE, (), lambda: scale_answers(self.inquiry), problems)

    def interfaces(self, permissions: Permissions, problems: list[Problem]) -> tuple[Interface, ...]:
        """Return the interfaces of the subject; likewise."""
        from reviewer.engine.telling.survey import survey

        return self._part(INTERFACES, (), lambda: survey(self.subject, self.reading.project, permissions), problems)

    def _part(self, name: str, nothing: _T, work: Callable[[], _T], problems: list[Problem]) -> _T:
        """Return a part that no rule stands for, or ``nothing`` where it fails, or ended a worker before."""
        if any(silent == name for silent, _reason in self.around.silenced):
            return nothing
        self._watch.during(name)
        try:
            return work()
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - a part that crashes is a result, like a check
            problems.append(Problem(name, f"this part of the review failed: {describe(error)}"))
            return nothing
        finally:
            self._watch.during("")

    def review(self, results: Mapping[str, FileResult], whole: WholeResult, *, survey: bool = False) -> Review:
        """Judge what was found and return the review; with ``survey`` the interfaces are found, too."""
        with speaking(self.subject.dialect):
            return self._judged(results, whole, survey=survey)

    def _judged(self, results: Mapping[str, FileResult], whole: WholeResult, *, survey: bool) -> Review:
        from reviewer.engine.judging.checklist import Evidence, answers, with_rows
        from reviewer.engine.judging.judge import judge

        problems = [problem for result in results.values() for problem in result.problems]
        problems += whole.problems
        permissions = self.permissions(problems)
        interfaces = self.interfaces(permissions, problems) if survey else ()
        scale = self.scale(problems)
        covered = coverage(self.subject, results, whole, self.around, self.excluded)
        failed = frozenset(problem.rule for problem in problems)
        found: list[Finding] = [finding for result in results.values() for finding in result.findings]
        marks: list[Mark] = [mark for result in results.values() for mark in result.marks]
        judged = judge(self, [*found, *whole.findings], [*marks, *whole.marks], failed)
        analysed = [result for result in results.values() if result.analysed]
        languages = frozenset(result.language for result in analysed)
        evidence = Evidence(self.subject, judged, covered, languages, failed, len(analysed))
        return Review(
            subject=identity(self.subject),
            route=self.route,
            findings=judged.shown,
            unshown=sum(one.confidence is Confidence.POSSIBLE and one.suppressed is None for one in judged.hidden),
            checklist=with_rows(answers(self.library, self.rules, self.route, evidence), scale),
            permissions=permissions,
            coverage=covered,
            errors=tuple(sorted(problems, key=lambda problem: (problem.rule, problem.path, problem.message))),
            ignored=judged.ignored,
            maturity=self._maturity(judged.shown),
            interfaces=interfaces,
        )

    def _maturity(self, shown: tuple[Finding, ...]) -> Maturity | None:
        """Return how far a host has come; nothing else has a maturity, nor what it takes to tell."""
        if self.subject.kind != "host":
            return None
        from reviewer.engine.judging.maturity import maturity

        return maturity(self.reading.project, shown)
