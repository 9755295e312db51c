"""The one step that a market is made of: from an entry and what was asked to what became of it.

It is a pure function of its task, whoever calls it: a thread of this process, or a worker of a cluster.
"""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from msgspec.structs import replace

from reviewer.core.errors import NothingToReviewError, UnreadableError, UsageError
from reviewer.core.wire import from_wire
from reviewer.engine.job import Job
from reviewer.engine.results import RootResult
from reviewer.engine.workers.conduct import AbandonedError, InternalError, StoppedError
from reviewer.market.records import DONE, EMPTY, FAILED, REFUSED, Outcome
from reviewer.market.running.content import Content, content_of
from reviewer.market.running.observing import Earlier, packed, unpacked
from reviewer.market.running.rows import NAME, Texts, rows_of
from reviewer.market.running.rules import rules_digest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.engine.configuration.files import ConfigurationFile
    from reviewer.engine.request import Request
    from reviewer.engine.workers.conduct import Conductor
    from reviewer.market.records import SubjectRow


_TRUST: Final = 5.0
"""Seconds between two looks at the rules on disk."""
_OTHER_RULES: Final = (
    "the rules are others than when the run began: they have changed meanwhile, or a worker of the cluster has another "
    "version\n  install the same everywhere, restart the workers, and run it again"
)


class Wishes(Struct, frozen=True):
    """What was asked of a whole run."""

    request: Request
    configurations: tuple[ConfigurationFile, ...]
    """The file that a person named, or none."""
    skills: tuple[str, ...]
    """Folders of the user's own rules."""
    rules: str
    """Digest of the rules by which everybody has to go, as they are on disk."""
    library: str
    """The digest by which a worker names the rules that it has loaded."""

    def key(self, content: Content, rules: str = "") -> str:
        """Return what the result of a content depends on, as one key; empty where that can't be told.

        ``rules`` stands for the rules where a part of them is meant.
        """
        if not content.digest:
            return ""
        asked = replace(self.request, fail_on="")  # what the gate makes of it changes no finding
        texts = [file.text for file in self.configurations]
        parts = (rules or self.rules, repr(asked), *texts, content.form, content.digest)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


class Task(Struct, frozen=True):
    """One entry to review; ``shipped`` is the file itself where the path can't be reached."""

    number: int
    path: str
    content: Content
    wishes: Wishes
    shipped: bytes | None = None
    earlier: Earlier | None = None
    """What an earlier run observed of the same content."""

    @property
    def key(self) -> str:
        """What its result is kept under."""
        return self.wishes.key(self.content)


class OtherRulesError(UsageError):
    """Whoever reviews would go by other rules than the ones that were asked for."""


def perform(task: Task, conductor: Conductor) -> Outcome:
    """Review one entry in its own bounds; raises `UsageError` for a wish that can't be met by any.

    That is `OtherRulesError` where the rules have changed, on disk or against what the worker has
    loaded: what it finds would be kept under the wrong ones.
    """
    begun = monotonic()
    with _at_hand(task) as path:
        outcome = _reviewed(task, path, conductor)
        if outcome.state == DONE and task.content.digest and _digest(path) != task.content.digest:
            outcome = Outcome(FAILED, "it was changed while it was reviewed", lasting=False)
    if rules_digest(task.wishes.skills, trust=_TRUST) != task.wishes.rules:
        raise OtherRulesError(_OTHER_RULES)
    return replace(outcome, digest=task.content.digest, seconds=round(monotonic() - begun, 3))


def _reviewed(task: Task, path: Path, conductor: Conductor) -> Outcome:
    text = Texts(str(path))
    wishes = task.wishes
    try:
        before = unpacked(task.earlier)
        job = Job(str(path), NAME, wishes.request, wishes.configurations, inventory=True, observe=True, before=before)
        answer = conductor.run(job)
        kept = b"" if answer.stopped else packed(answer.data["observed"])
        return Outcome(DONE, "", subjects=_rows(answer.data, path, wishes), observed=kept, lasting=not answer.stopped)
    except NothingToReviewError as error:
        return Outcome(EMPTY, text.said(str(error)))
    except StoppedError as error:
        return Outcome(FAILED, text.said(str(error)), lasting=False)
    except UnreadableError as error:
        return Outcome(REFUSED, text.said(str(error)))
    except UsageError:
        if path.exists():
            raise
        return Outcome(FAILED, "it was removed while it was reviewed", lasting=False)
    except AbandonedError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever one entry brings about, the others are reviewed
        said = str(error) if isinstance(error, InternalError) else type(error).__name__
        return Outcome(FAILED, text.said(f"internal error: {said}"), lasting=False)


def _rows(data: Any, path: Path, wishes: Wishes) -> tuple[SubjectRow, ...]:
    """Return the rows of an answer of a worker; raises `OtherRulesError` where it has loaded others."""
    result = from_wire(RootResult, data)
    if result.rules_digest != wishes.library:
        raise OtherRulesError(_OTHER_RULES)
    return rows_of(result, str(path))


@contextmanager
def _at_hand(task: Task) -> Iterator[Path]:
    """Give the path to review; what was shipped is put into a folder of its own for so long."""
    path = Path(task.path)
    if task.shipped is None:
        yield path.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="reviewer-") as folder:
        here = Path(folder).resolve() / path.name
        here.write_bytes(task.shipped)
        yield here


def _digest(path: Path) -> str:
    try:
        return content_of(path).digest
    except UnreadableError:
        return ""
