"""Makes the table of the API of Obsidian from every published version of its types.

Run ``python tests/tables/obsidian.py CACHE_FOLDER``.

Since which version a symbol exists is what the newest types say of it. Where they say nothing, or something that types of
an older version contradict, nothing is told.
"""

from __future__ import annotations

import sys
from pathlib import Path

from declarations import Declared, declared
from packages import numbers, published, texts
from table import fold, write

PACKAGE = "obsidian"
TABLE = Path(__file__).parents[2] / "skills/ecosystems/obsidian/api.tsv"
REMOVED = {"prepareQuery": "1.7.2", "fuzzySearch": "1.7.2"}
"""By the changelog in the package: https://github.com/obsidianmd/obsidian-api/blob/master/CHANGELOG.md (read 2026-11)."""


def main(cache: Path) -> None:
    """Bring the versions and write the table."""
    versions = [version for version in published(PACKAGE) if not version.startswith("0.0.")]

    def since(one: Declared, version: str) -> str:
        told = one.since and numbers(one.since) <= numbers(version)
        return one.since if told else ""

    files = texts(PACKAGE, versions, "obsidian.d.ts", cache)
    rows = fold(((version, declared(text)) for version, text in files), since, REMOVED)
    head = {
        "source": f"npm {PACKAGE} {versions[0]} to {versions[-1]}, tests/tables/obsidian.py",
        "licence": "MIT, Copyright 2022 Dynalist Inc.",
        "newest": versions[-1],
        "columns": "symbol, since, deprecated, removed, type, note",
    }
    write(TABLE, head, rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
