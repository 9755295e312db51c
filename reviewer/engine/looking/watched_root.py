"""A root that tells what is read, and refuses what is not to be read any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.core.errors import UnreadableError
from reviewer.subject.model import Entry

if TYPE_CHECKING:
    from reviewer.core.review import Skipped
    from reviewer.engine.looking.watch import Watch
    from reviewer.subject.model import ArchiveProblem, Root


class WatchedRoot:
    """Stands in for a root, under the name that a person gave."""

    def __init__(
        self, root: Root, name: str, watch: Watch, refused: dict[str, str], unsaved: dict[str, str] | None = None
    ) -> None:
        """Take the root; ``refused`` maps paths to reasons and may grow, ``unsaved`` is text in place of files."""
        self._root = root
        self._watch = watch
        self.name = name
        self.archive = root.archive
        self.entries: dict[str, Entry] = root.entries
        self.skipped: list[Skipped] = root.skipped
        self.problems: list[ArchiveProblem] = root.problems
        self.refused = refused
        self._unsaved = {path: text.encode("utf-8", "replace") for path, text in (unsaved or {}).items()}
        if self._unsaved:
            sizes = {path: Entry(path, len(text)) for path, text in self._unsaved.items()}
            self.entries = dict(sorted({**root.entries, **sizes}.items()))

    def read(self, path: str) -> bytes:
        """Return the content of an entry; raises `UnreadableError` for one that is refused, too."""
        if path in self.refused:
            raise UnreadableError(self.refused[path])
        self._watch.at(path)
        return self._unsaved[path] if path in self._unsaved else self._root.read(path)
