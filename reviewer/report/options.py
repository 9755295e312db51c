"""What a format may ask for besides the result itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from reviewer.core.rule import Rule

Sources: TypeAlias = Callable[[str, str], list[str] | None]
"""From (path of the subject, path of the file) to the file's lines without line ends, or None.

It is asked for every place of every finding, so it should keep what it has read.
"""

Rules: TypeAlias = Callable[[str], Rule | None]
"""From a rule's id to its page, or None."""


class RenderOptions(Struct, frozen=True):
    """How a result is rendered; what a format has no use for it ignores."""

    colour: bool = False
    """Write colours; whoever calls knows about the terminal and NO_COLOR."""
    width: int = 80
    """Columns of the terminal."""
    unicode: bool = True
    """Draw with box characters and show letters beyond ASCII; False gives pure ASCII."""
    sources: Sources | None = None
    """For source lines in the text and in SARIF; None leaves them out."""
    rules: Rules | None = None
    """For the help in SARIF; None leaves it out."""
    root: str = ""
    """The folder that SARIF's addresses are relative to, spelled as the paths of the subjects are."""
