"""Errors that a person is told about, each with the exit code that it means."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process says to whoever started it; the same for every format."""

    PASSED = 0
    """The gate passed."""
    FINDINGS = 1
    """There are findings at or above the threshold."""
    USAGE = 2
    """The command line or the configuration is wrong, or a path does not exist."""
    NOTHING = 3
    """Nothing to review was found."""
    INCOMPLETE = 4
    """The review could not look at everything that matters."""
    INTERRUPTED = 130
    """A person pressed Ctrl-C."""


class ReviewerError(Exception):
    """An error with a message for a person: what, where, and what to do."""

    code = ExitCode.USAGE


class UsageError(ReviewerError):
    """The command line, the configuration or a rule file is wrong."""


class NothingToReviewError(ReviewerError):
    """The path exists, and holds neither a manifest nor code."""

    code = ExitCode.NOTHING


class UnreadableError(ReviewerError):
    """The subject exists and can't be opened safely: damaged, hostile or over a limit."""

    code = ExitCode.INCOMPLETE
