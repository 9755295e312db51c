"""The settings of a review, after configuration and command line were put together."""

from __future__ import annotations

from msgspec import Struct

from reviewer.core.scale import Severity, Strictness


class PathIgnore(Struct, frozen=True):
    """Rules that are silenced for some files, with the reason."""

    glob: str
    rules: tuple[str, ...]
    reason: str
    pointer: str = ""
    """JSON Pointer into a data file; empty for the whole file."""
    until: str = ""
    """ISO date after which the entry has expired; empty for never."""
    path: str = ""
    line: int = 0


class Settings(Struct, frozen=True):
    """Everything that a review depends on besides the subject and the rule set."""

    kind: str = ""
    """Overrules the recognised kind; empty to recognise."""
    ecosystem: str = ""
    trust: int = 0
    """1 untrusted, 2 semi-trusted, 3 trusted; 0 where nobody said."""
    experts: tuple[str, ...] = ()
    request: str = ""
    """Free words that choose the experts."""
    select: tuple[str, ...] = ()
    """Rule ids, prefixes (``SEC``) or names; empty for all."""
    ignore: tuple[str, ...] = ()
    path_ignores: tuple[PathIgnore, ...] = ()
    severities: tuple[tuple[str, Severity], ...] = ()
    fail_on: Severity | None = Severity.HIGH
    strictness: Strictness = Strictness.REGULAR
    skills: tuple[str, ...] = ()
    """Further skill folders, absolute paths."""
    exclude: tuple[str, ...] = ()
    """Globs of files that are not read."""
    against: str = ""
    """The earlier version to compare with, as a person named it: a path or a revision; empty for none."""
    against_path: str = ""
    """The absolute path of the earlier version, where it is one."""
    design: str = ""
    """Absolute path of the design that the code is held against; empty for none."""
    baseline: str = ""
    """Absolute path of the file with the findings that are known already; empty for none."""
    require_signoff: bool = False
    require_maturity: int = 0
    """The level that a host must have reached, 1 to 3; 0 for any."""
    untrusted: bool = False
    today: str = ""
    """ISO date for expiry; taken once at the start so that a run is a pure function."""
