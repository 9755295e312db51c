"""The command that opens a person's own editor at a line."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Final

from reviewer.core.errors import UsageError

_AT_PLACE: Final = frozenset({"code", "code-insiders", "codium", "cursor", "windsurf", "zed", "subl", "hx", "helix"})
"""Editors that take ``path:line``; all others take ``+line path``."""
_GOTO: Final = frozenset({"code", "code-insiders", "codium", "cursor", "windsurf"})


def editor_command(path: Path, line: int) -> list[str]:
    """Return the command for VISUAL, else EDITOR; raises `UsageError` where neither is set."""
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not chosen:
        raise UsageError("no editor is set: export EDITOR, for example EDITOR=nano")
    words = shlex.split(chosen)
    name = Path(words[0]).name
    place = str(path.absolute())  # never begins with a dash, whatever the file is called
    if name in _AT_PLACE:
        return [*words, *(["--goto"] if name in _GOTO else []), f"{place}:{line}"]
    return [*words, f"+{line}", place]
