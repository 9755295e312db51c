"""Decides the design that the code of a run is held against, once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Decided
    from reviewer.core.settings import Settings


def design_for(settings: Settings) -> Decided | None:
    """Return the design of the settings, decided; None where they name none. Raises `UsageError`."""
    return _decided(settings.design, settings.today) if settings.design else None


@cache
def _decided(path: str, today: str) -> Decided:
    # pydantic is loaded where a design is named, and nowhere else.
    from reviewer.blueprint.decide import decide
    from reviewer.blueprint.reading import load_design

    return decide(load_design(Path(path))[0], today=today)
