"""Lets ``python -m reviewer`` stand for the command."""

from __future__ import annotations

import sys

from reviewer.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
