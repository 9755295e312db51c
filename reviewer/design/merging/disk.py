"""Reads and writes files of the output folder: inside it alone, as a whole or not at all."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from reviewer.core.errors import UsageError
from reviewer.core.whole_file import replace_file


class Folder:
    """The output folder."""

    def __init__(self, root: Path) -> None:
        """Take the folder, which need not exist yet."""
        self._root = root

    def read(self, path: str) -> str | None:
        """Return the text of a file, bytes that are no text kept as they are; None where there is none."""
        place = self._place(path)
        try:
            return place.read_bytes().decode("utf-8", "surrogateescape")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UsageError(f"{place}: can't be read: {error.strerror}") from error

    def write(self, path: str, text: str, *, lasting: bool = False) -> None:
        """Put a text in the place of a file; ``lasting`` waits until the disk has it."""
        place = self._place(path)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            replace_file(place, text.encode("utf-8", "surrogateescape"), lasting=lasting)
        except OSError as error:
            raise UsageError(f"{place}: can't be written: {error.strerror}") from error

    def remove(self, path: str) -> None:
        """Take a file away, and the folders that are empty then."""
        place = self._place(path)
        try:
            place.unlink(missing_ok=True)
            for folder in place.parents:
                if folder == self._root or not folder.is_relative_to(self._root):
                    return
                folder.rmdir()
        except OSError:
            return  # a folder that is not empty stays

    def _place(self, path: str) -> Path:
        """Return the place of a path; raises `UsageError` where a link would lead somewhere else."""
        place = self._root
        for part in PurePosixPath(path).parts:
            place /= part
            if place.is_symlink():
                raise UsageError(f"{place}: it is a link, and nothing is generated through links; take it away")
        return place
