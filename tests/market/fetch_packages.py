"""Fetches the packages of the market into the cache of the corpus, as ``tests/corpus/fetch.py`` does, and by its means.

``python tests/market/fetch_packages.py`` goes on where it stopped; exit codes are those of that script.
"""

from __future__ import annotations

import argparse
import sys

from packages import CorpusError, listed

from fetch import fetch_list, tell  # isort: skip - packages says where the scripts of the corpus are


def main() -> int:
    """Fetch what is not there yet."""
    argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0]).parse_args()
    try:
        return fetch_list(listed())
    except CorpusError as error:
        return tell([error])


if __name__ == "__main__":
    sys.exit(main())
