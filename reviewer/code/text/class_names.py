"""Which files of a subject declare which classes and interfaces: told from their text, so that no file is parsed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_CLASS: Final = regex(
    rb"\b(?:class|interface)\s{1,9}([A-Za-z_$][\w$]{0,99})"
    rb"|\b(?:const|let|var)\s{1,9}([A-Za-z_$][\w$]{0,99})\s{0,9}=\s{0,9}class\b"
)
_NEXT: Final = regex(rb"\n(?:class|def|async def|function|export|const|let|interface|type|@)[\s(\w]")
"""The beginning of what stands behind a class at the top of a file."""
_BEGINNING: Final = 600
"""Bytes that are given of a class."""
_UNNAMED: Final = frozenset({"default", "*"})
"""What is imported without the name that it has where it is declared."""


class ClassNames:
    """The names of the classes and interfaces of a subject, each with the files that seem to declare it."""

    def __init__(self, paths: Sequence[str], read: Callable[[str], bytes]) -> None:
        """Read every file once; ``read`` raises `LookupError` for one that can't be used."""
        self._read = read
        self._files: dict[str, list[str]] = {}
        for path in paths:
            try:
                text = read(path)
            except LookupError:
                continue
            for name in {named or kept for named, kept in _CLASS.findall(text)}:
                self._files.setdefault(name.decode("utf-8", "replace"), []).append(path)

    def files(self, name: str) -> Sequence[str]:
        """Return the files that seem to declare a class of a name."""
        return self._files.get(name, ())

    def may_be(self, name: str) -> bool:
        """Tell whether what is imported under a name of its own file can be a class or an interface of the subject."""
        return name in self._files or name in _UNNAMED

    def beginnings(self, name: str) -> Iterator[str]:
        """Yield how each class of a name begins: its head and what fits behind it."""
        for path in self.files(name):
            try:
                text = self._read(path)
            except LookupError:
                continue
            yield beginning(text, name)


def beginning(text: bytes, name: str) -> str:
    """Return how the class of a name begins in a text, or nothing."""
    for found in _CLASS.finditer(text):
        if name.encode() in found.groups():
            piece = text[found.start() : found.start() + _BEGINNING]
            end = _NEXT.search(piece, found.end() - found.start())
            return piece[: end.start() if end else None].decode("utf-8", "replace")
    return ""
