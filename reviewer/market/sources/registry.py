"""Registry documents whose entries name files beside them."""

from __future__ import annotations

import os
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from reviewer.core.errors import UsageError
from reviewer.engine.job import Job
from reviewer.engine.request import Request
from reviewer.engine.workers.conduct import Conductor
from reviewer.market.records import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def entries_named_in(source: str, path: Path) -> Iterator[Entry]:
    """Yield the entries of a registry document; raises `UsageError` where it holds none.

    It may be a stranger's, so a worker reads it, and what it names must lie in its own folder.
    """
    with Conductor(1) as conductor:
        told: list[dict[str, Any]] = conductor.run(
            Job(str(path.absolute()), source, Request(untrusted=True), purpose="entries")
        ).data
    if not told:
        raise UsageError(
            f"{source}: lists no plugin that names a file\n"
            '  for example: {"plugins": [{"id": "gauge", "version": "1.0.0", "path": "gauge-1.0.0.tgz"}]}'
        )
    for one in told:
        yield _entry(source, path, one)


def _entry(source: str, path: Path, told: dict[str, Any]) -> Entry:
    spelled = str(told["path"])
    why = _not_beside(path, spelled)
    where = spelled if why else str(path.parent / spelled)
    return Entry(source, str(told["name"]), where, str(told["version"]), str(told["digest"]), refused=why)


def _not_beside(path: Path, spelled: str) -> str:
    """Return why a name in a registry document is not followed, or an empty text."""
    if "://" in spelled or spelled.startswith(("git@", "data:")):
        return "is somewhere on a network, and nothing is fetched; name a file beside the document"
    if not spelled or "\0" in spelled:
        return "no file is named"
    steps = PurePosixPath(spelled.replace("\\", "/"))
    if steps.is_absolute() or ".." in steps.parts or ":" in steps.parts[0]:
        return "lies outside the folder of the document, which is not left"
    home = os.path.realpath(path.parent)
    if not os.path.realpath(path.parent / spelled).startswith(home.rstrip("/") + "/"):
        return "leads out of the folder of the document, which is not left"
    return ""
