"""One digest of everything that decides what a review says: rules, checks, and the parsers below them."""

from __future__ import annotations

import hashlib
import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple

from reviewer import __version__, resources
from reviewer.market.running.rule_parts import RuleParts, rule_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROGRAM: Final = Path(__file__).resolve().parents[2]
_FLOORS: Final = ("core", "code", "subject", "library", "blueprint", "experts", "engine", "market/running")
"""The parts of this program that a result comes from."""
_SUFFIXES: Final = (".py", ".md", ".toml", ".json", ".tsv", ".yaml", ".yml")
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


class _Look(NamedTuple):
    """What was seen of the rules, and when."""

    at: float
    state: str
    digest: str


_looks: dict[tuple[str, ...], _Look] = {}
_turn = Lock()


def rules_digest(skills: tuple[str, ...], trust: float = 0.0) -> str:
    """Return the digest, the same on every machine with the same version; ``skills`` are the user's own folders.

    It is made of contents alone, so that workers on other machines can be held to it. Files are
    looked at again once an earlier look is older than ``trust`` seconds: rules may change while a
    process lives. Empty where they can't be read.
    """
    with _turn:
        last = _looks.get(skills)
        now = monotonic()
        if last is not None and now - last.at < trust:
            return last.digest
        try:
            files = list(_files(skills))
            state = _state(files)
            digest = last.digest if last is not None and last.state == state else _digest(files)
        except OSError:  # somebody is exchanging them at this moment
            return ""
        _looks[skills] = _Look(now, state, digest)
        return digest


def parts(skills: tuple[str, ...]) -> RuleParts | None:
    """Return the digests of the rules one by one; None where they can't be read."""
    try:
        return rule_parts({name: Path(path).read_bytes() for name, path in _files(skills)}, _outside())
    except OSError:  # somebody is exchanging them at this moment
        return None


def _files(skills: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the name and the path of every file, in order."""
    roots = [(floor, str(_PROGRAM / floor)) for floor in _FLOORS]
    roots += [("skills", str(resources.skills())), ("agents", str(resources.agents()))]
    roots += [(f"own{number}", folder) for number, folder in enumerate(skills)]
    for shown, root in roots:
        for folder, inner, names in os.walk(root):
            inner[:] = sorted(name for name in inner if name != "__pycache__")
            for name in sorted(names):
                if name.endswith(_SUFFIXES):
                    path = os.path.join(folder, name)  # noqa: PTH118 - a thousand of them, over and over
                    yield f"{shown}/{path[len(root) + 1 :].replace(os.sep, '/')}", path


def _state(files: list[tuple[str, str]]) -> str:
    """Return what changes when a file does, without reading any."""
    states = ((path, Path(path).stat()) for _name, path in files)
    return "\n".join(f"{path} {state.st_size} {state.st_mtime_ns} {state.st_ctime_ns}" for path, state in states)


def _digest(files: list[tuple[str, str]]) -> str:
    whole = hashlib.sha256(_outside())
    for name, path in files:
        content = Path(path).read_bytes()
        whole.update(f"{name}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
        whole.update(content)
    return whole.hexdigest()


def _outside() -> bytes:
    """Return the versions of this program and of what it reads sources with."""
    return "\n".join([__version__, *(f"{name} {_version(name)}" for name in _LIBRARIES)]).encode()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
