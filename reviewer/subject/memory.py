"""A root whose files are held in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from reviewer.core.errors import UnreadableError
from reviewer.subject.model import ArchiveProblem, Entry

if TYPE_CHECKING:
    from reviewer.core.review import Skipped


class MemoryRoot:
    """Files by path; what a tar archive becomes, and what an example of a rule is."""

    def __init__(self, name: str, files: Mapping[str, bytes], *, archive: bool = False) -> None:
        """Take the files; the mapping is copied, the contents are not."""
        self.name = name
        self.archive = archive
        self._files = dict(files)
        self.entries = {path: Entry(path, len(files[path])) for path in sorted(files)}
        self.skipped: list[Skipped] = []
        self.problems: list[ArchiveProblem] = []

    def read(self, path: str) -> bytes:
        """Return the content of an entry; raises `UnreadableError` where there is none."""
        if path not in self._files:
            raise UnreadableError(f"{self.name}: there is no file {path!r}")
        return self._files[path]
