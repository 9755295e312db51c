"""The list that a whole market is made of: published plugins of many hosts, each pinned."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))  # the scripts beside this file import one another by name
from packages import listed


def test_the_list_pins_hundreds_of_plugins_of_many_hosts_in_both_registries():
    packages = listed()
    assert len(packages) >= 200
    assert {package.registry for package in packages} == {"npm", "pypi"}
    assert len({package.host for package in packages}) >= 40
    assert all(len(package.sha256) == 64 for package in packages)
    assert len({package.file for package in packages}) == len(packages)
