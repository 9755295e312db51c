"""Finds revisions in what git keeps of a folder, by a library; no configuration of the repository is even read."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any, Final

from reviewer.core.errors import UnreadableError, UsageError
from reviewer.core.nearest import did_you_mean
from reviewer.subject.folder import read_regular
from reviewer.subject.snapshot import Snapshot, entries_of, said

_MOST_FOLDERS: Final = 64
_LARGEST_POINTER: Final = 4096
"""Bytes of a file that says where a repository lies."""
_MOST_STEPS: Final = 1000
"""Commits that ``~`` and ``^`` may go back."""
_MOST_NAMES: Final = 5000


class History:
    """The commits of the repository that a folder is in."""

    def __init__(self, folder: Path) -> None:
        """Find the repository; raises `UsageError` where there is none, `UnreadableError` for a damaged one."""
        self.top = _top(folder)
        control = _control(self.top)
        common = _pointed(control, control / "commondir") if (control / "commondir").is_file() else control
        if not (common / "objects").is_dir():
            raise UnreadableError(f"{self.top}: its .git is no repository that can be read")
        from dulwich.object_store import DiskObjectStore
        from dulwich.refs import DiskRefsContainer

        self._objects = DiskObjectStore(str(common / "objects"))
        self._refs = DiskRefsContainer(str(common), str(control))

    def close(self) -> None:
        """Let the open files of the repository go."""
        self._objects.close()

    def at(self, revision: str, folder: Path) -> Snapshot:
        """Return the files of a folder as they were in a revision.

        Raises `UsageError` for a revision that there is none of, and `UnreadableError` where the
        repository lacks or has damaged what belongs to it.
        """
        commit = self._commit(revision)
        prefix = folder.resolve().relative_to(self.top.resolve()).as_posix()
        try:
            tree = self._below(commit.tree, "" if prefix == "." else prefix)
            return Snapshot(revision, self._objects, tree)
        except UsageError:
            raise
        except Exception as error:  # the library raises what it likes about a damaged repository
            raise UnreadableError(f"{revision}: the history can't be read: {said(error)}") from error

    def _commit(self, revision: str) -> Any:
        """Return the commit that a revision means: a branch, a tag, an id, with ``~2`` or ``^`` behind it."""
        from dulwich.objects import Commit, Tag
        from dulwich.objectspec import scan_for_short_id

        name, steps = _steps(revision)
        try:
            found = self._named(name)
            if found is None and _id(name):
                found = scan_for_short_id(self._objects, name.encode(), Commit)
            while isinstance(found, Tag):
                found = self._objects[found.object[1]]
            for _ in range(steps):
                found = self._objects[found.parents[0]] if isinstance(found, Commit) and found.parents else None
        except Exception as error:  # likewise
            if not isinstance(error, KeyError):
                raise UnreadableError(f"{revision}: the history can't be read: {said(error)}") from error
            found = None
        if not isinstance(found, Commit):
            hint = did_you_mean(name, self._names())
            raise UsageError(
                f"{revision[:80]!r} is neither a path nor a revision of {self.top}{hint}\n"
                "  a shallow clone holds few commits: git fetch --unshallow brings the others"
            )
        return found

    def _named(self, name: str) -> Any:
        """Return the object of a branch, a tag or a whole id, or None."""
        from dulwich.objectspec import parse_ref

        raw = name.encode("utf-8", "surrogateescape")
        if len(raw) == 40 and _id(name):
            return self._objects[raw]  # type: ignore[index]  # the stubs know only their own kind of id
        try:
            return self._objects[self._refs[parse_ref(self._refs, raw)]]
        except (KeyError, ValueError):
            return None

    def _names(self) -> list[str]:
        """Return short names of branches and tags, for the nearest one."""
        found = ["HEAD"]
        for number, ref in enumerate(sorted(self._refs.allkeys())):
            if number == _MOST_NAMES:
                break
            text = ref.decode("utf-8", "replace")
            found += [text.removeprefix(prefix) for prefix in ("refs/heads/", "refs/tags/", "refs/remotes/")]
        return [name for name in found if not name.startswith("refs/")]

    def _below(self, tree: Any, prefix: str) -> Any:
        """Return the id of the tree of a folder; of one that was not there yet, None."""
        for step in prefix.split("/") if prefix else ():
            inner = [sha for name, mode, sha in entries_of(self._objects, tree) if name == step and stat.S_ISDIR(mode)]
            if not inner:
                return None
            tree = inner[0]
        return tree


def _top(folder: Path) -> Path:
    """Return the folder with the repository that a folder is in."""
    start = folder.absolute()
    for depth, place in enumerate((start, *start.parents)):
        if depth == _MOST_FOLDERS:
            break
        if (place / ".git").exists():
            return place
    raise UsageError(f"{folder}: is in no git repository, so it has no history; name a path instead")


def _control(top: Path) -> Path:
    """Return the folder that git keeps its own files in; a worktree says in a file where that is."""
    place = top / ".git"
    return place if place.is_dir() else _pointed(top, place)


def _pointed(base: Path, file: Path) -> Path:
    text = read_regular(file, _LARGEST_POINTER, str(file)).decode("utf-8", "surrogateescape")
    return base / text.removeprefix("gitdir:").strip()


def _steps(revision: str) -> tuple[str, int]:
    """Separate ``main~2`` or ``main^`` into a name and how many commits to go back."""
    name, steps = revision, 0
    while name.endswith("^"):
        name, steps = name[:-1], steps + 1
    head, wave, count = name.rpartition("~")
    if wave and (count == "" or count.isdecimal()):
        name, steps = head, steps + (int(count[:6]) if count else 1)
    return name, min(steps, _MOST_STEPS)


def _id(name: str) -> bool:
    return 4 <= len(name) <= 40 and all(one in "0123456789abcdef" for one in name)
