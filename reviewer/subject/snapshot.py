"""The files of a folder as they were in a revision, read from git's own store."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any

from reviewer.core.errors import UnreadableError
from reviewer.core.review import Skipped
from reviewer.subject.limits import MAX_DEPTH, MAX_FILE_BYTES, MAX_FILES, amount
from reviewer.subject.model import ArchiveProblem, Entry
from reviewer.subject.not_entered import not_entered

if TYPE_CHECKING:
    from collections.abc import Iterator


class Snapshot:
    """The files of one folder in one commit, as a root that subjects are found in."""

    def __init__(self, name: str, objects: Any, tree: Any) -> None:
        """Take the name for messages, the store of objects and the id of a tree, None for an empty one."""
        self.name = name
        self.archive = False
        self.skipped: list[Skipped] = []
        self.problems: list[ArchiveProblem] = []
        self._objects = objects
        self.ids: dict[str, bytes] = {}
        """The id of each file's content, by path."""
        for path, sha in self._walk(tree):
            if len(self.ids) == MAX_FILES:
                self.skipped.append(Skipped(path, f"more than {MAX_FILES:,} files", matters=True))
                break
            self.ids[path] = sha
        self.entries = {path: Entry(path, 0) for path in sorted(self.ids)}

    def _walk(self, tree: Any) -> Iterator[tuple[str, bytes]]:
        """Yield (path, id) of regular files, without what lies in folders that hold nothing of one's own."""
        stack = [("", tree, 0)] if tree is not None else []
        while stack:
            prefix, sha, depth = stack.pop()
            for name, mode, inner in entries_of(self._objects, sha):
                path = prefix + name
                if stat.S_ISDIR(mode):
                    if depth < MAX_DEPTH and not not_entered(name):
                        stack.append((f"{path}/", inner, depth + 1))
                elif stat.S_ISREG(mode):
                    yield path, inner

    def read(self, path: str) -> bytes:
        """Return the content of a file; raises `UnreadableError` for one that is damaged or too large."""
        try:
            content = bytes(self._objects[self.ids[path]].data)
        except Exception as error:  # the library raises what it likes about a damaged repository
            raise UnreadableError(f"{path}: can't be read from the history: {said(error)}") from error
        if len(content) > MAX_FILE_BYTES:
            raise UnreadableError(f"{path}: larger than {amount(MAX_FILE_BYTES)}")
        return content


def entries_of(objects: Any, tree: Any) -> Iterator[tuple[str, int, bytes]]:
    """Yield (name, mode, id) of what a tree holds; names that would lead elsewhere are left out."""
    for name, mode, sha in objects[tree].iteritems():
        text = name.decode("utf-8", "replace")
        if text not in ("", ".", "..") and "/" not in text and "\\" not in text:
            yield text, mode, sha


def said(error: Exception) -> str:
    """Return what a library raised, short enough for a message."""
    return f"{type(error).__name__}: {error}"[:200]
