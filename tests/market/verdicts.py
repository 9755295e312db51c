"""Holds what was decided about findings of the market against a run: ``python tests/market/verdicts.py STORE``.

Exit codes: 0 every verdict that stands names a finding and nothing mended has come back, 1 something differs.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

from reviewer.market.reading import MarketReader

VERDICTS = Path(__file__).resolve().with_name("verdicts.toml")
_FOUND = "SELECT DISTINCT rule, entry_name, path, line FROM run_finding WHERE run = ? AND suppressed = ''"

Place = tuple[str, str, str, int]


def verdicts() -> list[dict[str, Any]]:
    """Return the verdicts as they are written."""
    found: list[dict[str, Any]] = tomllib.loads(VERDICTS.read_text(encoding="utf-8"))["verdict"]
    return found


def place(verdict: dict[str, Any]) -> Place:
    """Return which finding a verdict is about."""
    return (verdict["rule"], verdict["package"], verdict["path"], verdict["line"])


def differences(found: set[Place], known: set[str]) -> list[str]:
    """Say which verdicts a run contradicts; packages that are not in it are passed over."""
    said = []
    for verdict in verdicts():
        if verdict["package"] not in known:
            continue
        where = "{} {} {}:{}".format(*place(verdict))
        if verdict.get("mended") and place(verdict) in found:
            said.append(f"has come back: {where}")
        elif not verdict.get("mended") and place(verdict) not in found:
            said.append(f"is gone: {where}")
    return said


def main() -> int:
    """Compare with the last run of a store."""
    with MarketReader(Path(sys.argv[1])) as reader:
        run = reader.run().id
        found: set[Place] = {(row[0], row[1], row[2], row[3]) for row in reader.ask(_FOUND, run)}
        known = {row[0] for row in reader.ask("SELECT name FROM entry WHERE run = ? AND state = 'done'", run)}
    said = differences(found, known)
    sys.stdout.writelines(f"{line}\n" for line in said)
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
