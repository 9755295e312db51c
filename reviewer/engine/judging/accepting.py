"""Accepts a finding where it stands: a comment above its line that silences the rule, with the reason."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UsageError
from reviewer.engine.fixing import FileFix, file_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.core.finding import Finding

_LEADERS: Final = {
    ".py": "#", ".pyi": "#", ".yaml": "#", ".yml": "#", ".toml": "#",
    ".js": "//", ".jsx": "//", ".mjs": "//", ".cjs": "//", ".ts": "//", ".tsx": "//", ".mts": "//", ".cts": "//",
    ".jsonc": "//",
}  # fmt: skip


def takes_comments(path: str) -> bool:
    """Tell whether a file of this name can hold a comment that silences a rule."""
    return _leader(path) != ""


def comment(subject: str, finding: Finding, seen: Sequence[str] | None, reason: str, until: str = "") -> FileFix:
    """Return what a comment makes of the file of a finding.

    ``seen`` are the lines as they were reviewed, ``until`` an ISO date or empty. Raises `UsageError`
    where the file takes no comment or is no longer as it was. Whether the comment is understood at
    its place the next review tells: inside of a text it would be part of that text.
    """
    place = finding.location
    path = file_of(subject, place.path)
    said = " ".join(reason.split())
    if not said:
        raise UsageError("a suppression needs a reason: say why the finding is right to be there")
    if path is None or not takes_comments(place.path):
        raise UsageError(f"{place.path}: no comment can stand in it; waive the finding instead")
    try:
        before = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{place.path}: can't be read as UTF-8: {error}") from error
    lines = before.split("\n")
    number = place.line - 1
    if seen is None or number >= min(len(lines), len(seen)) or lines[number].rstrip("\r") != seen[number]:
        raise UsageError(f"{place.path} is no longer as it was reviewed; review it again")
    line = lines[number]
    end = "\r" if line.endswith("\r") else ""
    ending = f" (until {until})" if until else ""
    added = comment_above(place.path, line, finding.rule, f"{said}{ending}") + end
    after = "\n".join([*lines[:number], added, *lines[number:]])
    return FileFix(path, os.path.normpath(f"{subject}/{place.path}"), before, after, 1)


def comment_above(path: str, line: str, rule: str, reason: str) -> str:
    """Return the comment that silences a rule in the line below it, indented as that line is."""
    indent = line[: len(line) - len(line.lstrip())]
    return f"{indent}{_leader(path)} reviewer: ignore[{rule}] {reason}"


def _leader(path: str) -> str:
    name = path.rsplit("/", 1)[-1].casefold()
    _, dot, ending = name.rpartition(".")
    return _LEADERS.get(f".{ending}", "") if dot else ""
