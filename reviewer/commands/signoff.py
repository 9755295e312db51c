"""The command ``signoff``: answers a question of the checklist, or waives a finding, with name and reason."""

from __future__ import annotations

import getpass
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reviewer.commands.command import Reply
from reviewer.core.errors import UsageError
from reviewer.core.nearest import did_you_mean
from reviewer.engine.signoff.entry import WHOLE, SignedAnswer, Waiver
from reviewer.engine.signoff.evidence import digests
from reviewer.engine.signoff.place import home_of, signoff_file, subject_name
from reviewer.engine.signoff.write import record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from reviewer.commands.command import Invocation
    from reviewer.core.finding import Finding

_EXAMPLE: Final = "LIF001:src/plugin.js:4"
_PREFIX: Final = 8
"""Characters of a fingerprint that are enough to name a finding."""


def run(invocation: Invocation) -> Reply:
    """Record one answer or one waiver; raises `UsageError` where something is missing or unknown."""
    given = invocation.arguments
    path = Path(given["path"] or ".")
    if not path.exists():
        raise UsageError(f"{path}: there is no such file or folder")
    for name, option in (("who", "--who"), ("why", "--why")):
        if not given[name].strip() and not (name == "who" and _user()):
            raise UsageError(f'an answer needs {option}\n  for example: {option} "{_example(name)}"')
    file = Path(given["signoff"]) if given["signoff"] else signoff_file(path)
    item = given["item"].strip()
    of_finding = _is_mark(item) or _place(item) is not None
    entry = _waiver(invocation, path, file) if of_finding else _answer(invocation, path, file)
    record(file, entry)
    said = f"{entry.rule} in {entry.path}" if isinstance(entry, Waiver) else f"{entry.item}: {entry.status}"
    until = f", until {entry.until}" if entry.until else ""
    return Reply(f"{file}: {said}, signed by {entry.who}{until}\n")


def _answer(invocation: Invocation, path: Path, file: Path) -> SignedAnswer:
    """Return the answer to a question that the library knows."""
    from reviewer.commands.rules import library_here

    given = invocation.arguments
    known = library_here(given["configuration"]).questions
    item = given["item"].strip().upper()
    if item not in known:
        raise UsageError(
            f"there is no question {given['item'][:80]!r}{did_you_mean(item, known)}\n"
            f"  reviewer checklist lists them; a finding is named as {_EXAMPLE}, or by its fingerprint"
        )
    if given["status"] == "waived" and not given["until"]:
        raise UsageError("a waiver needs a day that it ends on\n  for example: --until 2027-05-31")
    evidence = digests(path, given["evidence"]) if given["status"] != "open" else ()
    status = given["status"].replace("-", " ")
    return SignedAnswer(item, status, *_signature(given), given["until"], _subject(file, path), evidence)


def _waiver(invocation: Invocation, path: Path, file: Path) -> Waiver:
    """Return the waiver of a finding, which a review of the path has to find."""
    from reviewer.commands.planning import reviewed_path

    given = invocation.arguments
    if not given["until"]:
        raise UsageError("a waiver needs a day that it ends on\n  for example: --until 2027-05-31")
    wanted = given["item"].strip()
    found = [
        (review.subject.path, finding)
        for review in reviewed_path(path, given["configuration"]).run.reviews
        for finding in review.findings
        if _is_meant(finding, wanted)
    ]
    if not found:
        raise UsageError(f"a review of {path} finds no {wanted[:80]!r}\n  name it as {_EXAMPLE}, or by its fingerprint")
    subject, finding = found[0]
    return Waiver(
        finding.rule,
        finding.location.path,
        finding.fingerprint,
        *_signature(given),
        given["until"],
        subject_name(home_of(file).absolute(), subject),
    )


def _subject(file: Path, path: Path) -> str:
    return subject_name(home_of(file).absolute(), str(path)) or WHOLE


def _signature(given: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return who, when and why."""
    return given["who"].strip() or _user(), time.strftime("%Y-%m-%d"), given["why"].strip()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name
        return ""


def _is_meant(finding: Finding, wanted: str) -> bool:
    place = _place(wanted)
    if place is None:
        return finding.fingerprint.startswith(wanted.lower())
    return (finding.rule, finding.location.path, finding.location.line) == place


def _place(item: str) -> tuple[str, str, int] | None:
    """Return rule, path and line of a finding that is named by its place, or None."""
    rule, _, place = item.partition(":")
    path, _, line = place.rpartition(":")
    return (rule.upper(), path, int(line[:9])) if path and line.isdecimal() else None


def _is_mark(item: str) -> bool:
    return len(item) >= _PREFIX and all(one in "0123456789abcdef" for one in item.lower())


def _example(name: str) -> str:
    return "Ada Lovelace" if name == "who" else "read the permission check with its author"
