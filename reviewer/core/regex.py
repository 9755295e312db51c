"""Regular expressions that are compiled when they are first needed: a review needs a few of hundreds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, AnyStr, cast

if TYPE_CHECKING:
    from re import Pattern


class _Unready:
    """Stands for a compiled pattern until somebody asks for one of its members, and keeps them from then on."""

    def __init__(self, text: Any, flags: int) -> None:
        self._wanted = (text, flags)

    def __getattr__(self, name: str) -> Any:
        """Compile at the first question; what was asked once is answered without this method."""
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(re.compile(*self._wanted), name)
        setattr(self, name, found)
        return found


def regex(text: AnyStr, flags: int = 0) -> Pattern[AnyStr]:
    """Return a pattern as `re.compile` does; a mistake in it is raised at its first use."""
    return cast("Pattern[AnyStr]", _Unready(text, flags))
