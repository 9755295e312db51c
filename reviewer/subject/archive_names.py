"""What an entry of an archive may be called, and what its name gives away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reviewer.core.regex import regex
from reviewer.core.review import Skipped
from reviewer.subject.limits import MAX_DEPTH, MAX_NAME_BYTES
from reviewer.subject.model import ArchiveProblem
from reviewer.subject.sources import is_source

_BAD_CHARACTER: Final = regex("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_DRIVE: Final = regex(r"[A-Za-z]:")

_CONTENT: Final = frozenset(
    {"src/", "lib/", "dist/", "source/", "server/", "client/", "app/", "packages/", "plugins/", "extension/"}
)
"""Top folders that mean something in themselves."""

_SAYS: Final = {
    "climbs-out": "its name climbs out of the folder that the archive is unpacked into",
    "absolute": "its name is an absolute path, which can overwrite any file of whoever unpacks it",
}


def shown(name: str) -> str:
    """Return a name fit for messages: one line, no control characters, bounded."""
    text = _BAD_CHARACTER.sub(lambda found: f"<U+{ord(found.group()):04X}>", name[:MAX_NAME_BYTES])
    return text + ("…" if len(name) > MAX_NAME_BYTES else "")


def path_of(name: str) -> str:
    r"""Return the path that a name stands for: ``\`` is ``/``, and ``.`` and empty parts are nothing."""
    return "/".join(part for part in name.replace("\\", "/").split("/") if part not in ("", "."))


def name_problem(name: str, *, folder: bool) -> ArchiveProblem | None:
    """Say what is wrong with the name of an entry, or None where nothing is.

    A ``folder`` may be the top of the archive itself, ``./``.
    """
    here = name.replace("\\", "/")
    parts = here.split("/")
    found = _BAD_CHARACTER.search(name)
    if found:
        return _problem("bad-name", name, f"its name holds the character U+{ord(found.group()):04X}")
    if here.startswith("/") or _DRIVE.match(here):
        return _problem("absolute", name, _SAYS["absolute"])
    if ".." in parts:
        return _problem("climbs-out", name, _SAYS["climbs-out"])
    if not path_of(name) and not folder:
        return _problem("bad-name", name, "its name is empty")
    if len(name.encode()) > MAX_NAME_BYTES:
        return _problem("bad-name", name, f"its name is longer than {MAX_NAME_BYTES} bytes")
    if len(parts) > MAX_DEPTH + 1:
        return _problem("bad-name", name, f"its name is deeper than {MAX_DEPTH} folders")
    return None


def link_problem(name: str, target: str) -> ArchiveProblem:
    """Describe a link that leads out of the archive."""
    return _problem("link", name, f"it is a link out of the archive, to {shown(target)}")


def _problem(hint: str, name: str, message: str) -> ArchiveProblem:
    return ArchiveProblem(hint, shown(name), message)


def colliding(paths: Iterable[str]) -> dict[str, str]:
    """Return the paths that can't all exist side by side, each with the reason.

    A path that stands twice collides, and so does a file that is also a folder of another.
    """
    seen: set[str] = set()
    bad: dict[str, str] = {}
    for path in paths:
        if path in seen:
            bad[path] = "its name stands more than once, and which one counts depends on who unpacks it"
        seen.add(path)
    folders = {path[:at] for path in seen for at in range(len(path)) if path[at] == "/"}
    for path in seen & folders:
        bad.setdefault(path, "its name is that of a folder, too")
    return bad


def wrapping(paths: Iterable[str]) -> str:
    """Return the one top folder, with ``/``, that holds every path, or an empty string.

    ``package/`` of an npm tarball is such a wrapping; ``src/`` is content and is kept.
    """
    top = ""
    for path in paths:
        first, slash, _ = path.partition("/")
        if not slash or top not in ("", f"{first}/"):
            return ""
        top = f"{first}/"
    return "" if top.lower() in _CONTENT else top


def missed(problem: ArchiveProblem) -> Skipped:
    """Name a hostile entry in the coverage; what it holds was not looked at."""
    matters = problem.rule_hint != "link" or is_source(problem.path)
    return Skipped(problem.path, problem.message, matters)
