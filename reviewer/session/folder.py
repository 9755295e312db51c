"""The folder in which a person's own data is kept: unlike the cache it can't be made again."""

from __future__ import annotations

import os
from pathlib import Path


def data_folder() -> Path | None:
    """Return the data folder: REVIEWER_DATA_DIR, else below XDG_DATA_HOME, else below ~/.local/share.

    The folder may not exist yet. None where no home is known.
    """
    named = os.environ.get("REVIEWER_DATA_DIR")
    if named:
        return Path(named).absolute()
    base = os.environ.get("XDG_DATA_HOME", "")
    if not Path(base).is_absolute():  # the specification says to ignore a relative one
        try:
            base = str(Path.home() / ".local" / "share")
        except RuntimeError:
            return None
    return Path(base) / "reviewer"
