"""Fetches the packages of the market into the cache of the corpus, as ``tests/corpus/fetch.py`` does, and by its means.

``python tests/market/fetch_packages.py`` goes on where it stopped; ``--list FILE`` also writes the list of what is in
the cache, for ``reviewer batch``. Exit codes are those of that script.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from packages import CorpusError, archives, listed

from fetch import fetch_list, tell  # isort: skip - packages says where the scripts of the corpus are


def main() -> int:
    """Fetch what is not there yet."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--list", type=Path, metavar="FILE", help="also write the list of what is there (.jsonl)")
    wanted = parser.parse_args()
    try:
        code = fetch_list(listed())
        if wanted.list is not None:
            write_list(wanted.list)
        return code
    except CorpusError as error:
        return tell([error])


def write_list(path: Path) -> None:
    """Write a line for each archive that is there: its name as verdicts spell it, version, digest and path."""
    lines = [
        {
            "name": f"{package.registry}:{package.name}",
            "version": package.version,
            "digest": f"sha256:{package.sha256}",
            "path": str(archive),
        }
        for package, archive in archives()
    ]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
