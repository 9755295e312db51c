"""What a check is given, what it returns, and how it is registered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from msgspec import Struct, field

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Decided
    from reviewer.code.module import Module
    from reviewer.code.project import Project
    from reviewer.code.syntax import Node
    from reviewer.core.location import Edit, Location
    from reviewer.core.scale import Confidence, Severity
    from reviewer.core.settings import Settings
    from reviewer.experts.earlier import Earlier
    from reviewer.subject.document import Document, Value
    from reviewer.subject.model import Subject

Place: TypeAlias = "Node | Value | Location"
"""What a match may point at: code, a manifest value, or a bare place."""


class Match(Struct, frozen=True):
    """One thing that a check found; the engine makes a finding of it with the rule's metadata."""

    at: Place
    message: str
    related: tuple[tuple[Place, str], ...] = ()
    edits: tuple[Edit, ...] = ()
    fix: str = ""
    """Overrides the rule's fix text where the place allows a more exact one."""
    confidence: Confidence | None = None
    severity: Severity | None = None


class Inquiry(Struct):
    """What every check may look at: the subject, its manifest, its modules, the settings."""

    subject: Subject
    project: Project
    settings: Settings
    earlier: Earlier | None = None
    """The version to compare with, where somebody asked for that and there is one."""
    design: Decided | None = None
    """The decisions that the code is held against, where somebody asked for that."""
    memory: dict[str, object] = field(default_factory=dict)
    """Facts that several checks share, worked out once per review; keyed by the room that makes them."""

    @property
    def manifest(self) -> Document | None:
        """The parsed manifest, or None where there is none or it can't be parsed."""
        return self.subject.manifest


ModuleCheck: TypeAlias = "Callable[[Inquiry, Module], Iterable[Match]]"
SubjectCheck: TypeAlias = "Callable[[Inquiry], Iterable[Match]]"
_M = TypeVar("_M", bound=ModuleCheck)
_S = TypeVar("_S", bound=SubjectCheck)


class Registered(Struct, frozen=True):
    """A check with the rule that it speaks for."""

    rule: str
    words: frozenset[str]
    on_module: ModuleCheck | None
    on_subject: SubjectCheck | None


_REGISTRY: dict[str, list[Registered]] = {}


def module_check(rule: str, *, words: Iterable[str] = ()) -> Callable[[_M], _M]:
    """Register a check that looks at one module at a time.

    ``words`` are lower-case parts of identifiers; the check runs only on modules that
    contain one of them, which keeps the price of a rule near nothing where it can't speak.
    """

    def register(function: _M) -> _M:
        entry = Registered(rule, frozenset(words), function, None)
        _REGISTRY.setdefault(rule, []).append(entry)
        return function

    return register


def subject_check(rule: str) -> Callable[[_S], _S]:
    """Register a check that looks at the subject as a whole."""

    def register(function: _S) -> _S:
        _REGISTRY.setdefault(rule, []).append(Registered(rule, frozenset(), None, function))
        return function

    return register


def registered() -> Iterator[Registered]:
    """Yield every registered check, ordered by rule id."""
    for rule in sorted(_REGISTRY):
        yield from _REGISTRY[rule]


def registered_by(rule: str, module: str) -> list[Registered]:
    """Return the checks that one module registered for a rule, in the order of the file."""
    return [
        entry
        for entry in _REGISTRY.get(rule, ())
        if getattr(entry.on_module or entry.on_subject, "__module__", "") == module
    ]
