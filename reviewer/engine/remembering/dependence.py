"""What a result depends on, as one key: the bytes of the path, the wishes, the rules, this program."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reviewer import __version__, resources
from reviewer.core.regex import regex
from reviewer.engine.remembering.content import content_digest
from reviewer.library.listing import Root, TooManyFilesError, list_files, listing_key

if TYPE_CHECKING:
    from reviewer.engine.job import Job

_DESIGN: Final = regex(r"""^[^#\n]{0,80}\bdesign["']?[ \t]{0,20}=""", re.MULTILINE)
"""A configuration that names a design to conform to."""
_LIBRARIES: Final = (
    "tree_sitter",
    "tree_sitter_javascript",
    "tree_sitter_typescript",
    "tree_sitter_python",
    "yaml",
    "jsonschema",
)
"""Parsers and validators, which may change while our version stays."""


def key_of(job: Job) -> str:
    """Return a key that is the same only where the result is; empty where that can't be told.

    Folders of the user's own rules are named by the configuration, which nobody has parsed yet:
    whoever keeps a result keeps `own_rules_key` of its folders with it, and compares.
    """
    if job.request.against or job.request.design or any(_DESIGN.search(one.text) for one in job.configurations):
        return ""  # the earlier version, or the design, is not part of the path
    content = content_digest(Path(job.path))
    rules = _shipped_rules_key()
    if not content or not rules:
        return ""
    # A dataclass spells itself the same in every process: its fields are texts, numbers and tuples.
    parts = (__version__, sys.version, _program(), rules, repr(job), content)
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def own_rules_key(skills: tuple[str, ...]) -> str:
    """Return a key of the rules in the user's folders as they are on disk; empty where that can't be told."""
    if not skills:
        return "none"
    return _key_of_rules([Root(folder, f"own{number}", own=True) for number, folder in enumerate(skills)])


def _shipped_rules_key() -> str:
    """Return a key of the rules that ship as they are on disk; empty where that can't be told."""
    return _key_of_rules(
        [
            Root(str(resources.skills()), "skills", own=False),
            Root(str(resources.agents()), "agents", own=False),
        ]
    )


def _key_of_rules(roots: list[Root]) -> str:
    try:
        return listing_key(roots, list_files(roots), __version__)
    except (OSError, TooManyFilesError):
        return ""


def _program() -> str:
    """Return a digest of this program and its parsers as they are on disk, without reading them."""
    lines = sorted(_states(Path(__file__).resolve().parents[2]))
    for name in _LIBRARIES:
        spec = find_spec(name)
        if spec is not None and spec.origin:
            state = Path(spec.origin).stat()
            lines.append(f"{name} {spec.origin} {state.st_size} {state.st_mtime_ns}")
    return "\n".join(lines)


def _states(folder: Path) -> list[str]:
    """Return name, size and time of every Python file below a folder."""
    found: list[str] = []
    pending = [str(folder)]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    state = entry.stat()
                    found.append(f"{entry.path} {state.st_size} {state.st_mtime_ns}")
                elif "." not in entry.name and not entry.name.startswith("_") and entry.is_dir():
                    pending.append(entry.path)
    return found
