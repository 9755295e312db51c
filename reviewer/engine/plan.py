"""What to review, as a face asks for it, and one job for each path."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reviewer.core.errors import UsageError
from reviewer.engine.adoption.wishes import Adoption
from reviewer.engine.configuration.files import ConfigurationFile, configuration_files, named_configuration
from reviewer.engine.job import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.engine.request import Request


def _quiet(_path: str) -> None:
    """Tell nobody."""


class Plan(NamedTuple):
    """What to review, and how; of what follows `configuration` nothing changes a finding."""

    paths: tuple[str, ...]
    request: Request
    configuration: str = ""
    """A configuration file that a person named; empty to look for the nearest."""
    jobs: int = 0
    """The most workers at once; 0 for as many as there are cores."""
    use_cache: bool = True
    progress: Callable[[str], None] = _quiet
    """Is told the path of each file before it is looked at."""
    asking: Callable[[str], None] = _quiet
    """Is told the id of each rule that is about to ask about a subject as a whole."""
    adoption: Adoption = Adoption()
    """What is known, accepted and demanded besides; nothing of it changes a finding."""
    context: int = 0
    """Lines above and below each place that the outcome holds."""
    survey: bool = False
    """Whether the interfaces of each subject are to be found, too."""


def jobs_of(plan: Plan) -> tuple[Job, ...]:
    """Return a job for each path, each once; raises `UsageError` for one that does not exist."""
    names = tuple(dict.fromkeys(plan.paths))
    for name in names:
        if not os.path.lexists(name):
            raise UsageError(f"{name}: there is no such file or folder")
    jobs = []
    for name in names:
        path = Path(name)
        if plan.configuration:
            files: tuple[ConfigurationFile, ...] = (named_configuration(plan.configuration, path),)
        else:
            files = configuration_files(path)
        jobs.append(Job(str(path.absolute()), name, plan.request, files, context=plan.context, survey=plan.survey))
    return tuple(jobs)
