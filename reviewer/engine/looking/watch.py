"""Where a review is: told before each step that may not come back."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """Is told what comes next, so that whoever has to stop it knows what it was."""

    def at(self, path: str) -> None:
        """A file, by its path in the root, is about to be read and parsed."""
        ...

    def during(self, rule: str) -> None:
        """A check of the whole subject is about to run; an empty rule says that it is over."""
        ...


class Unwatched:
    """Tells nobody: for reviews inside the process of the caller."""

    def at(self, path: str) -> None:
        """Ignore the path."""

    def during(self, rule: str) -> None:
        """Ignore the rule."""
