"""The technology stacks that a guide can be written for, and how a repository shows its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final, NamedTuple

from reviewer.core.errors import UsageError
from reviewer.core.nearest import did_you_mean


class Stack(NamedTuple):
    """What a host is built with."""

    name: str
    title: str
    language: str
    """``typescript`` or ``python``: the starter that the guide shows."""
    host_runtime: str
    """The answer to the question of the interview."""


STACKS: Final = {
    stack.name: stack
    for stack in (
        Stack("node", "Node and TypeScript", "typescript", "node"),
        Stack("python", "Python", "python", "python"),
        Stack("electron", "Electron", "typescript", "electron"),
        Stack("web-worker", "the browser, with web workers", "typescript", "browser"),
    )
}
"""By name, the usual one first."""
_OTHER_NAMES: Final = {"typescript": "node", "javascript": "node", "browser": "web-worker", "worker": "web-worker"}
_LARGEST: Final = 1_000_000


def stack_of(name: str) -> Stack:
    """Return the stack of this name; raises `UsageError` with the nearest one."""
    wanted = _OTHER_NAMES.get(name.lower(), name.lower())
    if wanted not in STACKS:
        names = ", ".join(STACKS)
        raise UsageError(
            f"--stack: found {name[:80]!r}, expected one of {names}{did_you_mean(name, [*STACKS, *_OTHER_NAMES])}\n"
            "  for example: --stack node"
        )
    return STACKS[wanted]


def stack_for(runtime: str, languages: tuple[str, ...]) -> Stack:
    """Return the stack that fits the answers of a design."""
    for stack in STACKS.values():
        if stack.host_runtime == runtime:
            return stack
    return STACKS["python" if "python" in languages else "node"]


def stack_in(folder: Path) -> Stack | None:
    """Return the stack that a repository shows; None where it shows none. Nothing of it runs."""
    package = folder / "package.json"
    if package.is_file() and not package.is_symlink() and package.stat().st_size <= _LARGEST:
        return STACKS["electron" if "electron" in _dependencies(package) else "node"]
    for name in ("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt"):
        if (folder / name).is_file():
            return STACKS["python"]
    return None


def _dependencies(package: Path) -> frozenset[str]:
    try:
        data = json.loads(package.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return frozenset()
    if not isinstance(data, dict):
        return frozenset()
    tables = (data.get(key) for key in ("dependencies", "devDependencies"))
    return frozenset(name for table in tables if isinstance(table, dict) for name in table)
