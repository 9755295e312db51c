"""Digests of what a person looked at, so that an answer reopens when it has changed."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UsageError
from reviewer.engine.remembering.content import content_digest
from reviewer.engine.signoff.entry import WHOLE
from reviewer.engine.signoff.place import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable

_LARGEST: Final = 64_000_000
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def digests(subject: Path, paths: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return (path, digest) of each path of a subject, in order; no path means the whole subject.

    Raises `UsageError` for one that is not there, or is too large for a digest.
    """
    wanted = sorted(set(paths)) or [WHOLE]
    found = []
    for path in wanted:
        digest = digest_of(subject, path)
        if not digest:
            what = "the whole subject has" if path == WHOLE else f"{path} has"
            raise UsageError(f"{what} no digest: it is not there, is no plain file inside the subject, or is too large")
        found.append((path, digest))
    return tuple(found)


def digest_of(subject: Path, path: str) -> str:
    """Return the digest of a file of a subject, or of all of it; empty where there is none.

    Links are not followed. An archive is known as a whole: it is evidence by `WHOLE` alone.
    """
    if path == WHOLE:
        return content_digest(subject, without=frozenset({FOLDER}))
    steps = path.split("/")
    if not subject.is_dir() or any(step in ("", ".", "..") or "\\" in step or "\0" in step for step in steps):
        return ""
    place = subject
    try:
        for step in steps[:-1]:
            place /= step
            if not stat.S_ISDIR(place.lstat().st_mode):
                return ""
        return _of_file(place / steps[-1])
    except OSError:
        return ""


def _of_file(place: Path) -> str:
    handle = os.open(place, _FLAGS)
    with os.fdopen(handle, "rb") as stream:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode) or state.st_size > _LARGEST:
            return ""
        return hashlib.file_digest(stream, "sha256").hexdigest()


def changed(subject: Path, evidence: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the paths of evidence that are not as they were."""
    return tuple(path for path, digest in evidence if digest_of(subject, path) != digest)
