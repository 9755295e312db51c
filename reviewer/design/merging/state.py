"""Remembers the last generated text of every file: the base of the next merge."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from reviewer.core.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA: Final = "reviewer/generated/1"
PLACE: Final = ".reviewer/generated.json"
"""Where the state stands in the output folder."""
_LARGEST: Final = 50_000_000


class State(Struct, frozen=True, dict=True):
    """What was generated last, and what was about to be written when a run was cut off."""

    files: dict[str, str] = field(default_factory=dict)
    """Path to the text that was generated last."""
    pending: dict[str, str] = field(default_factory=dict)
    """Path to the text that a run which did not end was generating; empty after one that did."""


def load(root: Path, place: str = PLACE) -> State:
    """Return the state of an output folder; raises `UsageError` where it can't be read."""
    file = root / place
    try:
        if file.is_symlink() or file.stat().st_size > _LARGEST:
            raise UsageError(_damaged(file))
        data: Any = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return State()
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(_damaged(file)) from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise UsageError(_damaged(file))
    return State(_texts(file, data.get("files")), _texts(file, data.get("pending")))


def written(state: State) -> str:
    """Return the state as it is written down."""
    files, pending = (dict(sorted(texts.items())) for texts in (state.files, state.pending))
    data = {"schema": SCHEMA, "files": files, "pending": pending}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _texts(file: Path, value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise UsageError(_damaged(file))
    return value


def _damaged(file: Path) -> str:
    return (
        f"{file}: it holds what was generated last, and can't be read\n"
        "  put back the version of your repository, or delete it: files that you edited are then left as they are"
    )
