"""Writes to a sign-off file: entries are added at its end, so that what stood there stays as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.whole_file import alone
from reviewer.engine.keeping import keep
from reviewer.engine.signoff.entry import WHOLE, SignedAnswer, SignOff, Waiver
from reviewer.engine.signoff.read import parse_signoff, read_signoff

if TYPE_CHECKING:
    from pathlib import Path

_HEAD: Final = """\
# Who answered which question of the checklist, and who accepted which finding, until when and why.
# Of several answers to one question the last counts; an answer with status = "open" takes the one before back.
"""


def record(file: Path, *entries: SignedAnswer | Waiver) -> SignOff:
    """Add entries to a sign-off file and return what it holds then.

    The file is read under a lock and written whole, so that two people at once lose nothing.
    Raises `UsageError` where the file is damaged, an entry lacks what it must have, or nothing
    can be written; then the file is as it was.
    """
    with alone(file):
        read_signoff(file)
        before = file.read_text("utf-8") if file.exists() else _HEAD
        gap = "" if before.endswith("\n") or not before else "\n"
        text = before + gap + "".join(f"\n{_spelled(entry)}" for entry in entries)
        after = parse_signoff(file, text.encode("utf-8"))  # what can't be read again is never written
        keep(file, text)
    return after


def _spelled(entry: SignedAnswer | Waiver) -> str:
    """Return an entry as TOML."""
    if isinstance(entry, SignedAnswer):
        lines = ["[[answer]]", *_pairs(entry, ("item", "status", "who", "when", "why", "until", "subject"))]
        if entry.evidence:
            lines.append("[answer.evidence]")
            lines += [f"{quoted(path)} = {quoted(digest)}" for path, digest in entry.evidence]
    else:
        keys = ("rule", "path", "fingerprint", "who", "when", "why", "until", "subject")
        lines = ["[[waiver]]", *_pairs(entry, keys)]
    return "\n".join(lines) + "\n"


def _pairs(entry: SignedAnswer | Waiver, keys: tuple[str, ...]) -> list[str]:
    values = [(key, str(getattr(entry, key))) for key in keys]
    return [f"{key} = {quoted(value)}" for key, value in values if value and (key, value) != ("subject", WHOLE)]


def quoted(text: str) -> str:
    """Return a text as a basic string of TOML."""
    marks = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(marks.get(one) or _plain(one) for one in text) + '"'


def _plain(character: str) -> str:
    """Return one character, escaped where it could not be seen, or can't be written at all."""
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        return "\\uFFFD"
    return character if character.isprintable() else f"\\U{code:08X}"
