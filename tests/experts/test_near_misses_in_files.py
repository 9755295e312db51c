"""Shapes of code in published packages that rules once spoke of, and were wrong: a file for each, named for its rule.

The files are those of a small plugin, or of a host where the name says so.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from whole import reviewed

FOLDER = Path(__file__).parent / "near_misses"
FENCE = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MANIFEST = {"id": "org.saltmarsh.tides", "name": "Tides", "version": "1.0.0", "main": "index.js", "permissions": []}


@pytest.mark.parametrize("page", sorted(FOLDER.glob("*.md")), ids=lambda page: page.stem)
def test_it_stays_silent(page, tmp_path):
    rule, _, name = page.stem.partition("-")
    files = dict(FENCE.findall(page.read_text(encoding="utf-8")))
    assert files, "a page holds the files of a small package, each in a fence with its path"
    manifest = {} if name.startswith("host-") else {"plugin.json": MANIFEST}
    assert reviewed(tmp_path, {**manifest, **files}, rule) == []
