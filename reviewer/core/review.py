"""The result of a review: everything that a face or a format may show."""

from __future__ import annotations

from msgspec import Struct, field

from reviewer.core.checklist import Answer
from reviewer.core.finding import Finding
from reviewer.core.location import Location
from reviewer.core.scale import Severity


class SubjectIdentity(Struct, frozen=True):
    """What was reviewed, as its own files name it; ``id`` and ``version`` may be empty."""

    path: str
    kind: str
    ecosystem: str
    id: str
    version: str
    manifest: str


class RouteStep(Struct, frozen=True):
    """One expert on the route, and why it was taken."""

    expert: str
    why: str


class Skipped(Struct, frozen=True):
    """A file that was not analysed.

    ``matters`` tells whether the review is incomplete without it: a source file that
    can't be parsed matters, a picture does not.
    """

    path: str
    reason: str
    matters: bool = False


class Coverage(Struct, frozen=True):
    """Which files there are, how many were analysed, and which were not and why."""

    files: int = 0
    analysed: int = 0
    skipped: tuple[Skipped, ...] = ()


class PermissionPlace(Struct, frozen=True):
    """One place where a permission is asked for, or used."""

    permission: str
    location: Location
    spelled: str
    """As the manifest or the call spells it."""
    declared: bool
    """True for a place in the manifest, False for one in code."""
    risk: int
    """Base risk from 0 to 10."""
    scoped: bool = False
    """Of a declared one: whether it says how far it reaches."""
    covered_by: tuple[str, ...] = ()
    """Of a used one: the declared permissions that are enough for it."""
    sure: bool = True
    """False for a use that may as well be the subject's own business."""


class Permissions(Struct, frozen=True):
    """Permissions as ``resource.action``, declared in the manifest against used in code."""

    declared: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    undeclared: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    score: int = 0
    """Risk from 0 to 100."""
    places: tuple[PermissionPlace, ...] = ()
    """Where they are asked for and used, in the order of the files; of many the first."""


class Sign(Struct, frozen=True):
    """A place that shows an interface, and what stands there in a few words."""

    text: str
    location: Location


class Interface(Struct, frozen=True):
    """A border of the subject over which something can be done to it; without a sign it was not seen."""

    id: str
    title: str
    signs: tuple[Sign, ...]
    """The first of each sort."""
    places: int
    """How many places show it."""
    paths: tuple[str, ...] = ()
    """The files that they are in, of many the first."""


class Feature(Struct, frozen=True):
    """Something that a host of some maturity has; ``missing`` says why this one has not, or is empty."""

    id: str
    level: int
    title: str
    missing: str
    seen: str = ""
    """The identifier that names it in the code; empty where nothing does."""


class Maturity(Struct, frozen=True):
    """How mature a host is: 1 basic, 2 production, 3 enterprise; 0 where not even plugins are loaded."""

    level: int
    title: str
    features: tuple[Feature, ...]

    @property
    def next(self) -> tuple[Feature, ...]:
        """What is missing for the next level."""
        return tuple(one for one in self.features if one.level == self.level + 1 and one.missing)


class Problem(Struct, frozen=True):
    """Something that went wrong inside the review: a check that crashed, a limit that was hit."""

    rule: str
    message: str
    path: str = ""


class Review(Struct, frozen=True):
    """The result for one subject."""

    subject: SubjectIdentity
    route: tuple[RouteStep, ...] = ()
    findings: tuple[Finding, ...] = ()
    unshown: int = 0
    """Findings that are only possible, and that the strictness left out."""
    checklist: tuple[Answer, ...] = ()
    permissions: Permissions = field(default_factory=Permissions)
    coverage: Coverage = field(default_factory=Coverage)
    errors: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()
    """Configuration, suppressions and baselines inside the subject, and a kind, that were not honoured."""

    maturity: Maturity | None = None
    """Of a host; None for every other kind."""
    interfaces: tuple[Interface, ...] = ()
    """Those that a subject of its kind can have; empty where nobody asked for a survey."""

    @property
    def complete(self) -> bool:
        """Tell whether everything that matters was looked at."""
        return not self.errors and not any(file.matters for file in self.coverage.skipped)


class Gate(Struct, frozen=True):
    """The verdict: ``pass``, ``fail`` or ``incomplete``, and why."""

    result: str
    threshold: Severity | None
    reasons: tuple[str, ...] = ()


class ReviewRun(Struct, frozen=True):
    """All reviews of one run, with the gate over them and the digest of the rule set."""

    reviews: tuple[Review, ...]
    gate: Gate
    rules_digest: str
