"""What a run is asked to do, and what that means for every entry."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from reviewer import resources
from reviewer.core.errors import UsageError
from reviewer.engine.configuration.effective import govern
from reviewer.engine.configuration.files import LARGEST, ConfigurationFile
from reviewer.engine.rules import active_rules
from reviewer.library.library import load_library
from reviewer.market.running.rules import rules_digest
from reviewer.market.running.task import Wishes
from reviewer.subject.ecosystem import known_profiles, profile_named

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewer.engine.request import Request


def _quiet(_text: str) -> None:
    """Tell nobody."""


class MarketPlan(Struct, frozen=True):
    """One call of ``reviewer batch``."""

    sources: tuple[str, ...]
    store: Path
    request: Request
    configuration: str = ""
    """A configuration file that a person named; empty for none."""
    jobs: int = 0
    """The most workers at once; 0 for as many as there are cores."""
    anew: bool = False
    """Review everything again, even where nothing has changed."""
    keep: int = 0
    """How many runs the store keeps; 0 for all."""
    cluster: str = ""
    """Address of a scheduler; empty for this machine."""
    ship: bool = False
    """Send files to the workers of the cluster instead of their paths."""
    progress: Callable[[str], None] = _quiet
    """Is told at every step how far the run is."""
    news: Callable[[str], None] = _quiet
    """Is told what is worth a line of a log."""


def wishes_of(plan: MarketPlan) -> Wishes:
    """Return what is asked of every entry; raises `UsageError` for a wish that can't be met by any."""
    files = _configuration(plan.configuration)
    # Only what a person wrote down with a last day makes the result depend on the day.
    dated = any("until" in file.text for file in files)
    request = replace(plan.request, untrusted=True, today=time.strftime("%Y-%m-%d") if dated else "")
    settings = govern(files, request).settings
    library = load_library(resources.skills(), resources.agents(), tuple(Path(one) for one in settings.skills))
    active_rules(library, settings, (), "plugin", "generic")
    if settings.ecosystem:
        profile_named(settings.ecosystem, known_profiles(resources.skills() / "ecosystems", settings.skills))
    if settings.baseline or settings.design or settings.require_signoff:
        raise UsageError(f"{plan.configuration}: baseline, design and sign-off are of one subject, not of a market")
    return Wishes(request, files, settings.skills, rules_digest(settings.skills), library.digest)


def settings_of(wishes: Wishes) -> dict[str, Any]:
    """Return what was asked for, as the store keeps it."""
    request = wishes.request
    given = {
        "kind": request.kind,
        "ecosystem": request.ecosystem,
        "experts": list(request.experts),
        "request": request.words,
        "select": list(request.select),
        "ignore": list(request.ignore),
        "strictness": request.strictness,
        "fail_on": request.fail_on,
        "today": request.today,
        "configuration": [hashlib.sha256(file.content).hexdigest() for file in wishes.configurations],
    }
    return {name: value for name, value in given.items() if value}


def _configuration(name: str) -> tuple[ConfigurationFile, ...]:
    """Return the named file as it governs every entry alike: its globs count from the root of each."""
    if not name:
        return ()
    path = Path(name).absolute()
    try:
        with path.open("rb") as stream:
            text = stream.read(LARGEST + 1).decode("utf-8", "surrogateescape")
    except OSError as error:
        raise UsageError(f"{name}: can't be read: {(error.strerror or str(error)).lower()}") from error
    return (ConfigurationFile(name, path.name, str(path.parent), text, explicit=True),)
