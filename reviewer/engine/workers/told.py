"""What a worker says of paths instead of reviewing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.engine.job import Job


def told(jobs: Sequence[Job], purpose: str) -> list[dict[str, Any]]:
    """Return what ``settings`` or ``files`` says of every path, instead of reviewing it."""
    from reviewer.engine.workers.conduct import Conductor

    answers: list[dict[str, Any]] = []
    with Conductor(1) as conductor:
        for job in jobs:
            answers += conductor.run(replace(job, purpose=purpose)).data
    return answers
