"""What a worker of a cluster does with a task; it needs nothing of what drives the cluster."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from reviewer.engine.workers.conduct import Conductor
from reviewer.market.running.task import perform

if TYPE_CHECKING:
    from reviewer.market.records import Outcome
    from reviewer.market.running.task import Task

_own = threading.local()


def perform_here(task: Task) -> Outcome:
    """Review one entry on the machine of the worker, with a conductor that its thread keeps for the next."""
    kept: Conductor | None = getattr(_own, "conductor", None)
    if kept is None:
        kept = _own.conductor = Conductor(1)
    return perform(task, kept)
