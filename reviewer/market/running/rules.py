"""One digest of everything that decides what a review says: rules, checks, and the parsers below them."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reviewer import __version__, resources

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROGRAM: Final = Path(__file__).resolve().parents[2]
_FLOORS: Final = ("core", "code", "subject", "library", "blueprint", "experts", "engine", "market/running")
"""The parts of this program that a result comes from."""
_SUFFIXES: Final = frozenset({".py", ".md", ".toml", ".json", ".tsv", ".yaml", ".yml"})
_LIBRARIES: Final = (
    "tree-sitter",
    "tree-sitter-javascript",
    "tree-sitter-typescript",
    "tree-sitter-python",
    "PyYAML",
    "jsonschema",
    "google-re2",
    "packaging",
    "semantic-version",
)


@cache
def rules_digest(skills: tuple[str, ...]) -> str:
    """Return the digest, the same on every machine with the same version; ``skills`` are the user's own folders.

    It is made of contents alone, so that workers on other machines can be held to it.
    """
    whole = hashlib.sha256(__version__.encode())
    for name in _LIBRARIES:
        whole.update(f"{name} {_version(name)}\n".encode())
    roots = [(floor, _PROGRAM / floor) for floor in _FLOORS]
    roots += [("skills", resources.skills()), ("agents", resources.agents())]
    roots += [(f"own{number}", Path(folder)) for number, folder in enumerate(skills)]
    for shown, root in roots:
        for file in _files(root):
            content = file.read_bytes()
            name = f"{shown}/{file.relative_to(root).as_posix()}"
            whole.update(f"{name}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
            whole.update(content)
    return whole.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    found = (path for path in root.rglob("*") if path.suffix in _SUFFIXES and "__pycache__" not in path.parts)
    yield from sorted(path for path in found if path.is_file())


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
