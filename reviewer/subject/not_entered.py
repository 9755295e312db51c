"""Folders that hold nothing of a subject's own, by name."""

from __future__ import annotations

from typing import Final

_NOT_ENTERED: Final = {
    "node_modules": "installed dependencies",
    "bower_components": "installed dependencies",
    "jspm_packages": "installed dependencies",
    ".venv": "a virtual environment",
    "venv": "a virtual environment",
    ".git": "version control",
    ".hg": "version control",
    ".svn": "version control",
    "__pycache__": "a cache",
    ".tox": "a cache",
    ".nox": "a cache",
    ".mypy_cache": "a cache",
    ".pytest_cache": "a cache",
    ".ruff_cache": "a cache",
    ".hypothesis": "a cache",
    ".cache": "a cache",
    ".eggs": "a cache",
    ".parcel-cache": "a cache",
    ".turbo": "a cache",
    ".next": "a cache",
    ".nuxt": "a cache",
    ".yarn": "a cache",
    ".pnpm-store": "a cache",
    ".gradle": "a cache",
}


def not_entered(folder: str) -> str:
    """Return why a folder of this name holds nothing of the subject's own, or an empty string."""
    return _NOT_ENTERED.get(folder, "")
