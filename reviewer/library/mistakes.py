"""Mistakes in the files of the library: every one is collected, and they are told together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Mistake(Struct, frozen=True, order=True):
    """One thing that is wrong in one file; ``line`` counts from 1, 0 stands for the file itself."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        """Spell it ``path:line: text``, the form that editors make clickable."""
        return f"{self.path}:{self.line}: {self.text}" if self.line else f"{self.path}: {self.text}"


class LibraryError(UsageError):
    """The library can't be used; the message lists every mistake with its file and line."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        """Take the mistakes in any order; they are listed by file and line."""
        self.mistakes = tuple(sorted(set(mistakes)))
        count = len(self.mistakes)
        head = "one mistake in the rule library:" if count == 1 else f"{count} mistakes in the rule library:"
        super().__init__("\n".join([head, *(f"  {mistake}" for mistake in self.mistakes)]))


class Mistakes:
    """Collects the mistakes of one load."""

    def __init__(self) -> None:
        """Start with none."""
        self._found: list[Mistake] = []

    def add(self, path: str, line: int, text: str) -> None:
        """Note one mistake."""
        self._found.append(Mistake(path, line, text))

    def __len__(self) -> int:
        """How many were noted, so that a reader can tell whether a part was clean."""
        return len(self._found)

    def raise_any(self, shown: Callable[[str], str]) -> None:
        """Raise `LibraryError` if there are any; ``shown`` turns a path into what a person can open."""
        if self._found:
            raise LibraryError(Mistake(shown(found.path), found.line, found.text) for found in self._found)
