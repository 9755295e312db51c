"""What a worker of a cluster does with a task; it needs nothing of what drives the cluster."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from reviewer.core.errors import UsageError
from reviewer.engine.workers.conduct import Conductor
from reviewer.market.running.rules import rules_digest
from reviewer.market.running.task import perform

if TYPE_CHECKING:
    from reviewer.market.records import Outcome
    from reviewer.market.running.task import Task

_own = threading.local()


class OtherRulesError(UsageError):
    """The worker would review by other rules than the ones that were asked for."""


def perform_here(task: Task) -> Outcome:
    """Review one entry on the machine of the worker; raises `OtherRulesError` before it would differ."""
    mine = rules_digest(task.wishes.skills)
    if mine != task.wishes.rules:
        raise OtherRulesError(
            f"a worker of the cluster reviews by rules {mine[:12]}, this run by {task.wishes.rules[:12]}; "
            "install the same version, and the same folders of rules, everywhere"
        )
    return perform(task, _conductor())


def _conductor() -> Conductor:
    """Return the conductor of this thread, which keeps its worker process for the next task."""
    kept: Conductor | None = getattr(_own, "conductor", None)
    if kept is None:
        kept = _own.conductor = Conductor(1)
    return kept
