"""What a person changes from the review: each change is kept before it is made, so that it can be taken back."""

from __future__ import annotations

import getpass
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UsageError
from reviewer.engine.fixing import FileFix, write
from reviewer.engine.judging.accepting import comment
from reviewer.engine.signoff.entry import SignedAnswer, Waiver
from reviewer.engine.signoff.evidence import digests
from reviewer.engine.signoff.place import home_of, subject_name
from reviewer.engine.signoff.write import record

if TYPE_CHECKING:
    from reviewer.core.review import Review
    from reviewer.session.records import Deed
    from reviewer.session.store import SessionStore
    from reviewer.tui.review.index import Entry
    from reviewer.tui.review.result import Result

_CHANGE: Final = "change"
_UNDONE: Final = "undone"


class Changes:
    """The changes of one session."""

    def __init__(self, store: SessionStore, session: int) -> None:
        """Take where they are kept."""
        self._store = store
        self._session = session

    def fix(self, result: Result, entry: Entry) -> str:
        """Apply the edit of a finding; raises `UsageError`."""
        found = result.fixes(entry)
        if not found:
            raise UsageError(
                f"{entry.finding.rule}: there is no edit that is surely safe; mend it by hand (e opens the editor)"
                if result.trusted
                else "an archive, or what nobody trusts, is only read: nothing in it is changed"
            )
        for one in found:
            self._write(one, f"mended {entry.finding.rule} in {one.shown}")
        return f"mended {entry.finding.rule} in {', '.join(one.shown for one in found)}; u takes it back"

    def suppress(self, result: Result, entry: Entry, reason: str, until: str) -> str:
        """Put a comment above the line of a finding; raises `UsageError`."""
        if not result.trusted:
            raise UsageError("an archive, or what nobody trusts, is only read; waive the finding instead")
        seen = result.outcome.sources(entry.subject, entry.finding.location.path)
        change = comment(entry.subject, entry.finding, seen, reason, until)
        self._write(change, f"suppressed {entry.finding.rule} in {change.shown}")
        return f"suppressed {entry.finding.rule} at {entry.place}; u takes it back"

    def waive(self, result: Result, entry: Entry, who: str, reason: str, until: str) -> str:
        """Waive a finding in the sign-off file; raises `UsageError`."""
        if not until:
            raise UsageError("a waiver ends: name the last day on which it holds, for example 2027-06-30")
        file = self.file(result, entry.number)
        finding = entry.finding
        waiver = Waiver(
            rule=finding.rule,
            path=finding.location.path,
            fingerprint=finding.fingerprint,
            who=who,
            when=today(),
            why=reason,
            until=until,
            subject=subject_name(home_of(file).absolute(), entry.subject),
        )
        self._record(file, waiver, f"waived {finding.rule} in {file}")
        return f"waived {finding.rule} until {until} in {file}; u takes it back"

    def answer(self, result: Result, review: Review, number: int, said: SignedAnswer, looked_at: list[str]) -> str:
        """Sign an answer to a question of the checklist; raises `UsageError`."""
        from msgspec.structs import replace

        file = self.file(result, number)
        subject = review.subject.path
        evidence = digests(Path(subject), looked_at)
        signed = replace(said, when=today(), subject=subject_name(home_of(file).absolute(), subject), evidence=evidence)
        self._record(file, signed, f"answered {said.item} in {file}")
        return f"answered {said.item} in {file}; u takes it back"

    def file(self, result: Result, number: int) -> Path:
        """Return the sign-off file for a review: the one that the gate reads."""
        subject = result.reviews[number].subject.path
        place = Path(subject).absolute()
        holding = [file for top, file in result.signoffs if place.is_relative_to(top)]
        return holding[0] if holding else result.signoffs[0][1]

    def undo(self) -> str:
        """Take the last change back; raises `UsageError` where there is none, or the file has changed since."""
        deed = self._last()
        if deed is None:
            raise UsageError("there is nothing to take back")
        path, before, after = Path(deed.data["path"]), deed.data["before"], deed.data["after"]
        try:
            now = path.read_bytes().decode("utf-8") if path.exists() else None
        except (OSError, UnicodeDecodeError):
            now = None
        if now != after:
            self._store.record(self._session, _UNDONE, {"deed": deed.id})
            raise UsageError(f"{path} has changed since, so it is left as it is: {deed.data['label']}")
        try:
            if before is None:
                path.unlink()
            else:
                write(FileFix(path, str(path), after, before, 1))
        except OSError as error:
            raise UsageError(f"{path} can't be written: {error.strerror}") from error
        self._store.record(self._session, _UNDONE, {"deed": deed.id})
        return f"taken back: {deed.data['label']}"

    def _last(self) -> Deed | None:
        undone = {deed.data.get("deed") for deed in self._store.deeds(self._session, _UNDONE)}
        changes = self._store.deeds(self._session, _CHANGE)
        return next((deed for deed in reversed(changes) if deed.id not in undone), None)

    def _write(self, change: FileFix, label: str) -> None:
        self.note(change.path, change.before, change.after, label)
        try:
            write(change)
        except OSError as error:
            raise UsageError(f"{change.shown} can't be written: {error.strerror}") from error

    def _record(self, file: Path, entry: SignedAnswer | Waiver, label: str) -> None:
        before = file.read_text("utf-8") if file.exists() else None
        record(file, entry)
        self.note(file, before, file.read_text("utf-8"), label)

    def note(self, path: Path, before: str | None, after: str, label: str) -> None:
        """Keep what a file was before a change and is after it."""
        data = {"path": str(path.absolute()), "before": before, "after": after, "label": label}
        self._store.record(self._session, _CHANGE, data)


def today() -> str:
    """Return the day as ISO date."""
    return time.strftime("%Y-%m-%d")


def user() -> str:
    """Return who is at the keyboard, as far as the system knows."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
