"""The hosts that are there already, for which a plugin can be made: one folder of templates each."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from reviewer import resources
from reviewer.core.nearest import did_you_mean


@cache
def targets() -> dict[str, dict[str, Any]]:
    """Return what ``templates/targets/<name>/files.toml`` says, by name: the host, the files, the next steps."""
    folder = resources.templates() / "targets"
    found = sorted(folder.glob("*/files.toml"))
    return {file.parent.name: tomllib.loads(file.read_text(encoding="utf-8")) for file in found}


def wrong_target(name: str) -> str:
    """Say what is wrong with the name of a target; an empty text where there is one of that name."""
    if name in targets():
        return ""
    return f"target is {name[:80]!r}; expected one of {', '.join(targets())}{did_you_mean(name, targets())}"


def host_of(name: str) -> dict[str, str]:
    """Return identity and name of the host of a target."""
    host: dict[str, str] = targets()[name]["host"]
    return dict(host)
