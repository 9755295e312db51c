"""The list of published plugins that a whole market is made of, and where their archives are."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "corpus"))  # the scripts of the corpus are no package
from corpus import CorpusError, Pinned, cache_folder, load_list, present

LIST = Path(__file__).resolve().with_name("packages.toml")


def listed() -> list[Pinned]:
    """Return the packages of the list, sorted by registry and name."""
    return load_list(LIST, Pinned)


def archives() -> list[tuple[Pinned, Path]]:
    """Return each package that is in the cache with its archive; raises `CorpusError` where none is."""
    cache = cache_folder()
    found = [(package, package.archive(cache)) for package in present(listed(), cache)]
    if not found:
        raise CorpusError("the packages are not in the cache: run python tests/market/fetch_packages.py first")
    return found
