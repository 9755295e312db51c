"""The verdict over a whole run, by the same order as for one review: findings, then what was not looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from reviewer.core.errors import ExitCode
from reviewer.core.scale import Severity
from reviewer.market.facets import SEVERITY
from reviewer.market.records import EMPTY, FAILED, REFUSED, WAITING
from reviewer.report.verdict import counted

if TYPE_CHECKING:
    from reviewer.market.facets import Overview
    from reviewer.market.records import Run

_WITHOUT: Final = {
    FAILED: "not reviewed to the end",
    REFUSED: "refused",
    EMPTY: "with nothing to review",
    WAITING: "not reached yet",
}
"""States in which an entry has no result, gravest first, in words."""


class Verdict(NamedTuple):
    """How a run ends, and why."""

    result: str
    """``pass``, ``fail`` or ``incomplete``."""
    threshold: Severity | None
    reasons: tuple[str, ...]

    @property
    def code(self) -> ExitCode:
        """What the process says to whoever started it."""
        return {"pass": ExitCode.PASSED, "fail": ExitCode.FINDINGS}.get(self.result, ExitCode.INCOMPLETE)


def verdict(run: Run, numbers: Overview) -> Verdict:
    """Return the verdict on a run."""
    wanted = str(run.settings.get("fail_on", "high"))
    threshold = None if wanted == "none" else Severity(wanted)
    grave = sum(
        one.findings
        for one in numbers.facets[SEVERITY]
        if threshold is not None and Severity(one.key).at_least(threshold)
    )
    if grave:
        return Verdict("fail", threshold, (f"{counted(grave, 'finding')} at or above {threshold}",))
    missing = [
        f"{counted(count, 'entry', 'entries')} {why}"
        for state, why in _WITHOUT.items()
        if (count := numbers.states.get(state, 0))
    ]
    if numbers.incomplete:
        missing.append(f"of {counted(numbers.incomplete, 'subject')} something that matters was not looked at")
    if missing:
        return Verdict("incomplete", threshold, tuple(missing))
    clean = f"no finding at or above {threshold}" if threshold else "no severity is set to fail the gate"
    return Verdict("pass", threshold, (clean,))
