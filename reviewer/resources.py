"""The one place that knows where the data trees are: agents, skills, templates."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def data_root() -> Path:
    """Return the folder that holds the three trees: inside the installed package, else the checkout."""
    installed = _HERE / "_data"
    return installed if installed.is_dir() else _HERE.parent


def agents() -> Path:
    """Return the folder of the seven agent files."""
    return data_root() / "agents"


def skills() -> Path:
    """Return the folder of the skills that ship."""
    return data_root() / "skills"


def templates() -> Path:
    """Return the folder of the output templates."""
    return data_root() / "templates"
