"""What only the engine sees: broken manifests, repeated keys, archives made to harm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from reviewer.core.finding import Finding
from reviewer.core.location import Location, Related
from reviewer.core.review import Skipped
from reviewer.engine.looking.data_files import documents_of

if TYPE_CHECKING:
    from reviewer.core.rule import Rule
    from reviewer.engine.looking.making import Maker
    from reviewer.subject.model import ArchiveProblem, Subject

_CLIMBING: Final = frozenset({"climbs-out", "absolute", "link", "bad-name"})
"""Problems of entries that could be written outside; any other kind is a bomb or a disguise."""
_MOST: Final = 200
"""Problems of each kind that are told."""


class Seen(Struct):
    """Findings, and the files that could not be read because of what was found."""

    findings: list[Finding] = field(default_factory=list)
    missed: list[Skipped] = field(default_factory=list)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """The files that could not be read."""
        return tuple(self.missed)


def observe(subject: Subject, maker: Maker, rules: dict[str, Rule], *, first: bool) -> Seen:
    """Return what the engine itself has to say; ``first`` marks the subject that answers for its archive."""
    seen = Seen()
    _manifest(subject, maker, rules, seen)
    _repeated_keys(subject, maker, rules, seen)
    if first:
        _archive(subject, maker, rules, seen)
    return seen


def _manifest(subject: Subject, maker: Maker, rules: dict[str, Rule], seen: Seen) -> None:
    error = subject.manifest_error
    if error is None:
        return
    seen.missed.append(Skipped(subject.manifest_path, f"the manifest can't be read: {error.message}", matters=True))
    if "FUN080" in rules:
        message = f"the manifest can't be read: {error.message}"
        seen.findings.append(maker.at_place(rules["FUN080"], error.location, message))


def _repeated_keys(subject: Subject, maker: Maker, rules: dict[str, Rule], seen: Seen) -> None:
    if "FUN081" not in rules:
        return
    for document in documents_of(subject):
        for key in document.repeated[:_MOST]:
            message = f"the key {key.pointer} stands twice; which of them counts depends on who reads the file"
            found = maker.at_place(rules["FUN081"], key.again, message)
            seen.findings.append(_with_related(found, key.first, "here for the first time"))


def _with_related(finding: Finding, place: Location, message: str) -> Finding:
    return replace(finding, related=(Related(place, message),))


def _archive(subject: Subject, maker: Maker, rules: dict[str, Rule], seen: Seen) -> None:
    told = {"SEC080": 0, "SEC082": 0}
    for problem in subject.root.problems:
        rule = "SEC080" if problem.rule_hint in _CLIMBING else "SEC082"
        told[rule] += 1
        if rule in rules and told[rule] <= _MOST:
            place = _place(subject, problem)
            seen.findings.append(maker.at_place(rules[rule], place, problem.message))


def _place(subject: Subject, problem: ArchiveProblem) -> Location:
    """Return a place that stays inside the subject even where the entry's name does not."""
    path = problem.path
    if not path or path.startswith("/") or "\\" in path or ":" in path or ".." in path.split("/"):
        path = subject.root.name.rstrip("/").rsplit("/", 1)[-1]
    return Location(path, 1, 1, 1, 1)
