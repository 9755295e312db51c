"""Airtime by month and track, and how it is kept over a restart."""

from __future__ import annotations

import re
from typing import Any

STATE_VERSION = 2
MAX_MONTHS = 24
MAX_TRACKS = 20_000
MAX_NAME = 200
MONTH = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")


def read_month(value: object) -> str:
    """Return a month such as ``2026-05``; raises ValueError on anything else."""
    if not isinstance(value, str) or MONTH.fullmatch(value) is None:
        raise ValueError('a month is written as in "2026-05"')
    return value


class Ledger:
    """Seconds on the air, by month and by recording code."""

    def __init__(self) -> None:
        self._months: dict[str, dict[str, int]] = {}

    def add(self, month: str, track: str, seconds: int) -> None:
        """Add one playing of a track; raises ValueError when it can't be true."""
        if not 0 < len(track) <= MAX_NAME or not 0 < seconds <= 86_400:
            raise ValueError("a playing needs the code of a track and 1 to 86400 seconds")
        tracks = self._months.setdefault(read_month(month), {})
        if track not in tracks and len(tracks) >= MAX_TRACKS:
            raise ValueError(f"more than {MAX_TRACKS} tracks in {month}")
        tracks[track] = tracks.get(track, 0) + seconds
        for old in sorted(self._months)[:-MAX_MONTHS]:
            del self._months[old]

    def month(self, month: str) -> dict[str, int]:
        """Return the seconds of every track of a month; empty for a month without any."""
        return dict(self._months.get(month, {}))

    def dump(self) -> dict[str, Any]:
        """Return the state as it is stored."""
        return {"version": STATE_VERSION, "months": {month: dict(tracks) for month, tracks in self._months.items()}}

    @classmethod
    def load(cls, stored: object) -> Ledger:
        """Read a stored state of this or the last version; raises ValueError on any other."""
        ledger = cls()
        if stored is None:
            return ledger
        if not isinstance(stored, dict) or not isinstance(stored.get("months"), dict):
            raise ValueError("the stored state is not a table of months")
        if stored.get("version") not in (1, STATE_VERSION):
            raise ValueError(f"state of version {stored.get('version')!r} can't be read")
        # Version 1 counted in minutes.
        unit = 60 if stored["version"] == 1 else 1
        for month, tracks in sorted(stored["months"].items()):
            for track, amount in tracks.items():
                ledger._months.setdefault(read_month(month), {})[str(track)] = int(amount) * unit
        return ledger
