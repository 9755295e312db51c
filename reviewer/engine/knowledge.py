"""Loads the library of rules: what ships, and the user's own folders."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reviewer import resources
from reviewer.library.library import Library, load_library


@cache
def library_of(skills: tuple[str, ...] = (), *, pages: bool = False) -> Library:
    """Return the library, loaded once per process; ``skills`` are absolute folders of the user's own."""
    folders = tuple(Path(folder) for folder in skills)
    return load_library(resources.skills(), resources.agents(), folders, pages=pages)
