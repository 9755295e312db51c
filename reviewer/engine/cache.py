"""Keeps results by what they depend on: bytes of the subject, settings, rules, and this program."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reviewer import __version__, resources
from reviewer.core.errors import Unreadable
from reviewer.core.wire import WireError, from_wire, to_wire
from reviewer.engine.results import RootResult
from reviewer.library.cache import cache_folder, read_cached, write_cached
from reviewer.library.listing import Root, TooManyFilesError, list_files, listing_key

if TYPE_CHECKING:
    from reviewer.engine.job import Job

_HEAD: Final = "reviewer result 1 "
_LARGEST_ENTRY: Final = 64_000_000
_LARGEST_SUBJECT: Final = 256_000_000
"""Bytes of a path beyond which nothing is kept: finding out whether it is the same costs too much."""
_MOST_ENTRIES: Final = 200
_LIBRARIES: Final = (
    "tree_sitter",
    "tree_sitter_javascript",
    "tree_sitter_typescript",
    "tree_sitter_python",
    "yaml",
    "jsonschema",
)
"""What else a result depends on: parsers and validators may change under the same version of ours."""


class ResultCache:
    """Results of whole paths; what is damaged, or of another version, counts as absent."""

    def __init__(self) -> None:
        """Find the folder; it may be that there is none."""
        folder = cache_folder()
        self._folder = folder / "results" if folder is not None else None

    def key(self, job: Job) -> str:
        """Return what the result of a job depends on, as a digest; empty where it can't be kept."""
        if self._folder is None:
            return ""
        try:
            digest = hashlib.sha256()
            for part in (
                __version__,
                sys.version,
                _program(),
                _rules(()),
                json.dumps(to_wire(job), sort_keys=True),
            ):
                digest.update(hashlib.sha256(part.encode("utf-8", "surrogatepass")).digest())
            return digest.hexdigest() if _add_content(digest, Path(job.path)) else ""
        except (OSError, Unreadable, TooManyFilesError):
            return ""

    def get(self, key: str) -> RootResult | None:
        """Return the result that was kept under a key, or None."""
        if not key or self._folder is None:
            return None
        content = read_cached(self._folder / f"{key}.json", _LARGEST_ENTRY)
        if content is None:
            return None
        head, _, body = content.partition(b"\n")
        if head != _head(key, body):
            return None
        try:
            entry = json.loads(body)
            result = from_wire(RootResult, entry["result"])
            if entry["rules"] != _rules(result.skills):
                return None
        except (ValueError, KeyError, TypeError, RecursionError, WireError, OSError, TooManyFilesError):
            return None
        return result

    def put(self, key: str, data: Any, skills: tuple[str, ...]) -> None:
        """Keep a result, given as it came through the pipe; a folder that can't be written is no error."""
        if not key or self._folder is None:
            return
        try:
            entry = {"rules": _rules(skills), "result": data}
        except (OSError, TooManyFilesError):
            return
        body = json.dumps(entry, ensure_ascii=True, separators=(",", ":")).encode("ascii")
        if len(body) <= _LARGEST_ENTRY:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _prune(self._folder)
            write_cached(self._folder / f"{key}.json", _head(key, body) + b"\n" + body)


def _prune(folder: Path) -> None:
    """Make room for one more entry: the oldest go."""
    with os.scandir(folder) as entries:
        found = [
            (entry.stat(follow_symlinks=False).st_mtime_ns, entry.path)
            for entry in entries
            if entry.is_file(follow_symlinks=False)
        ]
    for _, path in sorted(found)[: max(0, len(found) - _MOST_ENTRIES + 1)]:
        Path(path).unlink(missing_ok=True)


def _head(key: str, body: bytes) -> bytes:
    """Return the first line of an entry: what it is, and a checksum over key and content."""
    return (_HEAD + hashlib.sha256(key.encode() + b"\n" + body).hexdigest()).encode()


def _program() -> str:
    """Return a digest of this program and its parsers as they are on disk, without reading them."""
    here = Path(__file__).resolve().parents[1]
    lines = sorted(_states(here, ".py"))
    for name in _LIBRARIES:
        spec = find_spec(name)
        if spec is not None and spec.origin:
            state = Path(spec.origin).stat()
            lines.append(f"{name} {spec.origin} {state.st_size} {state.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def _states(folder: Path, suffix: str) -> list[str]:
    found: list[str] = []
    pending = [str(folder)]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(suffix):
                    state = entry.stat()
                    found.append(f"{entry.path} {state.st_size} {state.st_mtime_ns}")
                elif not entry.name.startswith((".", "_")) and entry.is_dir():
                    pending.append(entry.path)
    return found


def _rules(skills: tuple[str, ...]) -> str:
    """Return a digest of the rules as they are on disk, those in the user's folders too."""
    roots = [Root(str(resources.skills()), "skills", own=False), Root(str(resources.agents()), "agents", own=False)]
    roots += [Root(folder, f"own{number}", own=True) for number, folder in enumerate(skills)]
    return listing_key(roots, list_files(roots), __version__)


def _add_content(digest: Any, path: Path) -> bool:
    """Add every byte that the review could read; tell whether there were few enough."""
    from reviewer.subject.folder import FolderRoot

    if not path.is_dir():
        if not path.is_file() or path.stat().st_size > _LARGEST_SUBJECT:
            return False
        with path.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
        return True
    root = FolderRoot(path)
    if sum(entry.size for entry in root.entries.values()) > _LARGEST_SUBJECT:
        return False
    for skipped in root.skipped:
        digest.update(f"{skipped.path}\0{skipped.reason}\0".encode("utf-8", "surrogatepass"))
    for name in root.entries:
        try:
            content = root.read(name)
        except Unreadable as error:
            content = f"unreadable: {error}".encode("utf-8", "surrogatepass")
        digest.update(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest())
        digest.update(hashlib.sha256(content).digest())
    return True
