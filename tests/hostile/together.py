"""Builds the hostile subjects of a group and reviews all of them in one run of the real program."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from case import CASES, Case

_spec = spec_from_file_location("program_of_the_command_line", Path(__file__).parents[1] / "cli" / "conftest.py")
assert _spec is not None
assert _spec.loader is not None
_cli = module_from_spec(_spec)
sys.modules[_spec.name] = _cli
_spec.loader.exec_module(_cli)
Program = _cli.Program
Ran = _cli.Ran

OPTIONS = {"configuration": ("--untrusted",)}
"""What a group is reviewed with besides."""


@dataclass(frozen=True)
class Together:
    """One run over all cases of a group."""

    ran: Any
    reviews: dict[str, list[dict[str, Any]]]
    """By the name of the case."""
    before: dict[str, bytes]
    after: dict[str, bytes]
    """The files of the subjects and around them, by path, before and after."""
    seconds: float


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return what is written in a folder, links as their targets, large files by their size."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            found[str(path)] = str(path.readlink()).encode("utf-8", "surrogateescape")
        elif path.is_file():
            size = path.stat().st_size
            found[str(path)] = path.read_bytes() if size < 100_000 else str(size).encode()
    return found


def together(group: str, root: Path) -> Together:
    """Build the cases of a group below a folder and review them in one run."""
    home = root / "home"
    home.mkdir(parents=True)
    paths: dict[str, Case] = {}
    for one in CASES[group]:
        folder = root / "subjects" / one.folder
        folder.mkdir(parents=True)
        paths[str(one.build(folder))] = one
    before = snapshot(root / "subjects") if group != "paths" else {}
    start = time.monotonic()
    ran = Program(home)("review", *paths, "--format", "json", "--jobs", "2", *OPTIONS.get(group, ()))
    seconds = time.monotonic() - start
    after = snapshot(root / "subjects") if group != "paths" else {}
    reviews: dict[str, list[dict[str, Any]]] = {one.name: [] for one in CASES[group]}
    for review in ran.report["reviews"]:
        name = review["subject"]["path"]
        holder = max((path for path in paths if name == path or name.startswith(f"{path}/")), key=len)
        reviews[paths[holder].name].append(review)
    return Together(ran, reviews, before, after, seconds)
