"""Reads a sign-off file; every mistake in it is told with its place and what would be right."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UsageError
from reviewer.core.nearest import did_you_mean
from reviewer.core.regex import regex
from reviewer.engine.signoff.entry import STATUSES, WHOLE, SignedAnswer, SignOff, Waiver
from reviewer.library.plain_file import open_plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from reviewer.subject.document import Value

_LARGEST: Final = 1_000_000
_LONGEST_LINE: Final = 10_000
_DAY: Final = regex(r"\d{4}-\d{2}-\d{2}")
_TABLES: Final = ("answer", "waiver")
_ANSWER: Final = {
    "item": 'item = "SEC4"',
    "status": 'status = "pass"',
    "who": 'who = "Ada Lovelace"',
    "when": 'when = "2026-11-27"',
    "why": 'why = "read the permission check with its author"',
    "until": 'until = "2027-05-31"',
    "subject": 'subject = "plugins/notes"',
    "evidence": 'evidence = { "src/permissions.ts" = "<digest>" }',
}
_WAIVER: Final = {
    "rule": 'rule = "SEC014"',
    "path": 'path = "src/permissions.ts"',
    "fingerprint": 'fingerprint = "<from the JSON report>"',
    **{key: _ANSWER[key] for key in ("who", "when", "why", "until", "subject")},
}
"""Keys of the two tables, each with the smallest right example."""


def read_signoff(file: Path) -> SignOff:
    """Return what a sign-off file holds; one that does not exist is empty. Raises `UsageError`."""
    try:
        with open_plain(file, follow=True) as stream:
            content = stream.read(_LARGEST + 1)
    except FileNotFoundError:
        return SignOff(file)
    except OSError as error:
        raise UsageError(f"{file}: can't be read: {error.strerror or error}") from error
    return parse_signoff(file, content)


def parse_signoff(file: Path, content: bytes) -> SignOff:
    """Return what the content of a sign-off file holds; raises `UsageError`."""
    from reviewer.subject.document import DocumentError
    from reviewer.subject.documents.toml import parse_toml

    if len(content) > _LARGEST or any(len(line) > _LONGEST_LINE for line in content.split(b"\n")):
        raise UsageError(f"{file}: has more than {_LARGEST:,} bytes, or a line of more than {_LONGEST_LINE:,}")
    try:
        root = parse_toml(str(file), content).root
    except DocumentError as error:
        raise UsageError(f"{file}:{error.location.line}:{error.location.column}: {error.message}") from error
    reader = _Reader(str(file))
    for name, value in root.members():
        if name not in _TABLES:
            known = "[[answer]] and [[waiver]]"
            raise reader.wrong(value, f"unknown key {name[:80]!r}{did_you_mean(name, _TABLES)}; there are {known}")
    answers = [reader.answer(item) for item in reader.entries(root.get("answer"), "answer")]
    waivers = [reader.waiver(item) for item in reader.entries(root.get("waiver"), "waiver")]
    return SignOff(file, tuple(answers), tuple(waivers))


class _Reader:
    """Reads the entries of one file."""

    def __init__(self, file: str) -> None:
        self._file = file

    def wrong(self, value: Value, message: str, example: str = "") -> UsageError:
        place = value.place
        hint = f"\n  for example: {example}" if example else ""
        return UsageError(f"{self._file}:{place.line}:{place.column}: {message}{hint}")

    def entries(self, table: Value | None, name: str) -> Iterable[Value]:
        if table is None:
            return ()
        if not isinstance(table.data, list):
            raise self.wrong(table, f"{name} is written in double brackets, once for each entry", f"[[{name}]]")
        return table.items()

    def answer(self, entry: Value) -> SignedAnswer:
        self._keys(entry, _ANSWER)
        status = self._text(entry, "status", _ANSWER)
        if status not in STATUSES:
            found = entry.get("status") or entry
            expected = f"expected one of {', '.join(STATUSES)}{did_you_mean(status, STATUSES)}"
            raise self.wrong(found, f"status: found {status[:80]!r}, {expected}", _ANSWER["status"])
        until = self._day(entry, "until", _ANSWER, must=status == "waived")
        return SignedAnswer(
            item=self._text(entry, "item", _ANSWER),
            status=status,
            who=self._text(entry, "who", _ANSWER),
            when=self._day(entry, "when", _ANSWER, must=True),
            why=self._text(entry, "why", _ANSWER),
            until=until,
            subject=self._subject(entry),
            evidence=self._evidence(entry),
            line=entry.place.line,
        )

    def waiver(self, entry: Value) -> Waiver:
        self._keys(entry, _WAIVER)
        texts = {key: self._text(entry, key, _WAIVER) for key in ("rule", "path", "fingerprint", "who", "why")}
        return Waiver(
            **texts,
            when=self._day(entry, "when", _WAIVER, must=True),
            until=self._day(entry, "until", _WAIVER, must=True),
            subject=self._subject(entry),
            line=entry.place.line,
        )

    def _keys(self, entry: Value, known: dict[str, str]) -> None:
        if not isinstance(entry.data, dict):
            raise self.wrong(entry, "an entry is a table", "\n  ".join(known.values()))
        for name, value in entry.members():
            if name not in known:
                raise self.wrong(
                    value, f"unknown key {name[:80]!r}{did_you_mean(name, known)} (known: {', '.join(known)})"
                )

    def _text(self, entry: Value, key: str, examples: dict[str, str]) -> str:
        value = entry.get(key)
        if value is None:
            raise self.wrong(entry, f"{key} is missing", examples[key])
        if not value.text.strip():
            raise self.wrong(value, f"{key}: expected a text", examples[key])
        return value.text

    def _day(self, entry: Value, key: str, examples: dict[str, str], *, must: bool) -> str:
        if entry.get(key) is None and not must:
            return ""
        day = self._text(entry, key, examples)
        if not _is_day(day):
            raise self.wrong(entry.get(key) or entry, f"{key}: found {day[:40]!r}, expected a day", examples[key])
        return day

    def _subject(self, entry: Value) -> str:
        return self._text(entry, "subject", _ANSWER) if entry.get("subject") is not None else WHOLE

    def _evidence(self, entry: Value) -> tuple[tuple[str, str], ...]:
        table = entry.get("evidence")
        if table is None:
            return ()
        if not isinstance(table.data, dict) or not all(value.text for _, value in table.members()):
            raise self.wrong(table, "evidence: expected a table from path to digest", _ANSWER["evidence"])
        return tuple((path, value.text) for path, value in table.members())


def _is_day(text: str) -> bool:
    if _DAY.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:  # such as the 30th of February
        return False
    return True
