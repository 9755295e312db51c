"""Makes the table of the API of Visual Studio Code from every published version of its types.

Run ``python tests/tables/vscode.py CACHE_FOLDER``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from declarations import Declared, declared
from packages import numbers, published, texts
from table import fold, write

PACKAGE = "@types/vscode"
TABLE = Path(__file__).parents[2] / "skills/ecosystems/vscode/api.tsv"


def main(cache: Path) -> None:
    """Bring the versions and write the table."""
    versions = published(PACKAGE)
    earliest = _earliest(versions)

    def since(_one: Declared, version: str) -> str:
        return earliest[version]

    files = texts(PACKAGE, versions, "index.d.ts", cache)
    rows = fold(((version, declared(text, "vscode")) for version, text in files), since)
    head = {
        "source": f"npm {PACKAGE} {versions[0]} to {versions[-1]}, tests/tables/vscode.py",
        "licence": "MIT, Copyright (c) Microsoft Corporation",
        "newest": versions[-1],
        "columns": "symbol, since, deprecated, removed, type, note",
    }
    write(TABLE, head, rows)


def _earliest(versions: list[str]) -> dict[str, str]:
    """Return the release in which a symbol may have come that is first seen in a version.

    Types are not published for every release of the editor: what is new in 1.136 after 1.134 may
    be there since 1.135, and nobody is to be told that it is not.
    """
    found, before = {}, 0
    for version in versions:
        minor = numbers(version)[1]
        found[version] = f"1.{min(minor, before + 1)}.0" if before else ""
        before = minor
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
