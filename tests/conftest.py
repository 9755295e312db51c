"""Skips a test whose outside tool is missing, and says which."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")  # a slow machine is no reason to fail


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test marked ``needs("tool")`` where that tool is not on the path."""
    for marker in item.iter_markers("needs"):
        for tool in marker.args:
            if shutil.which(tool) is None:
                pytest.skip(f"{tool} is not installed")
