"""Seven experts: the checks that need Python, one small file each.

An expert is a package. Its rooms hold the checks, by topic. What stands beside the rooms, or in a
room without checks, are the expert's instruments: what its checks ask, and what never asks a check.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reviewer.core.regex import regex
from reviewer.experts.check import Registered, registered, registered_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry, Match

INDEX: Final = Path(__file__).with_name("index.json")
"""Says of every check where it lives and which words it waits for; a test makes it again."""

_HERE: Final = Path(__file__).resolve().parent
_REGISTERS: Final = regex(rb'^@(?:module|subject)_check\(\s*"([A-Z]{3}[0-9]{3})"', re.MULTILINE)
_LOADED: set[str] = set()
_INDEXED: Final[dict[str, tuple[Registered, ...]]] = {}
"""The checks of the index, made once for all subjects of a path: their words take more than anything else."""


@cache
def _sources() -> tuple[str, Mapping[str, tuple[str, ...]]]:
    """Return a digest of the experts' files, and for each rule the modules that register a check for it."""
    digest = hashlib.sha256()
    found: dict[str, list[str]] = {}
    for path in sorted(_HERE.glob("*/**/*.py")):
        text = path.read_bytes()
        place = path.relative_to(_HERE)
        digest.update(f"{place.as_posix()}\0{len(text)}\0".encode() + text)
        for rule in dict.fromkeys(_REGISTERS.findall(text)):
            found.setdefault(rule.decode(), []).append(".".join([__name__, *place.with_suffix("").parts]))
    return digest.hexdigest(), {rule: tuple(modules) for rule, modules in found.items()}


def homes() -> Mapping[str, tuple[str, ...]]:
    """Return for each rule the modules that register a check for it, without importing any.

    A check is a module ``reviewer.experts.<expert>.<room>.<name>`` that names its rule in the decorator.
    """
    return _sources()[1]


def checks_of(rules: Iterable[str]) -> Iterator[Registered]:
    """Yield the checks of these rules, ordered by rule.

    Where the index fits the files, a check is imported when it is first asked, which most never
    are: their words are in no file of the subject. Else all of them are imported now.
    A rule without a module is one of data, or one that the engine itself speaks for.
    """
    wanted = set(rules)
    rows = _index()
    if rows is None:
        load_checks(wanted)
        yield from (entry for entry in registered() if entry.rule in wanted)
        return
    for rule in sorted(wanted & rows.keys()):
        if rule not in _INDEXED:
            _INDEXED[rule] = tuple(_indexed(rule, rows[rule]))
        yield from _INDEXED[rule]


def _indexed(rule: str, rows: Iterable[Any]) -> Iterator[Registered]:
    for module, number, kind, words in rows:
        check = _Later(rule, module, number)
        yield Registered(
            rule,
            frozenset(words),
            check.on_module if kind == "module" else None,
            check.on_subject if kind == "subject" else None,
        )


def load_checks(rules: Iterable[str]) -> None:
    """Import the checks of these rules, so that they stand in the registry; each only once."""
    known = homes()
    for rule in sorted(set(rules) - _LOADED):
        _LOADED.add(rule)
        for module in known.get(rule, ()):
            importlib.import_module(module)


def index_text() -> str:
    """Return what `INDEX` has to hold; imports every check."""
    digest, known = _sources()
    rows: dict[str, list[Any]] = {}
    for rule in sorted(known):
        load_checks([rule])
        for module in known[rule]:
            for number, entry in enumerate(registered_by(rule, module)):
                kind = "module" if entry.on_module is not None else "subject"
                rows.setdefault(rule, []).append([module, number, kind, sorted(entry.words)])
    lines = ",\n".join(f"{json.dumps(rule)}: {json.dumps(found)}" for rule, found in rows.items())
    return f'{{"made_from": {json.dumps(digest)},\n"sizes": {json.dumps(_sizes())},\n"checks": {{\n{lines}\n}}}}\n'


def _sizes() -> str:
    """Return a digest of the names and sizes of the experts' files: to notice a change without reading them.

    An edit that leaves a file as long as it was is noticed by the test that makes the index again.
    """
    lines = [line for room in _rooms(_HERE) for line in _sizes_in(room, "")]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _rooms(folder: str | Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return [entry for entry in entries if "." not in entry.name and entry.name != "__pycache__"]


def _sizes_in(room: os.DirEntry[str], above: str) -> Iterator[str]:
    place = f"{above}{room.name}/"
    with os.scandir(room.path) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                yield f"{place}{entry.name} {entry.stat().st_size}"
            elif "." not in entry.name and entry.name != "__pycache__":
                yield from _sizes_in(entry, place)


@cache
def _index() -> dict[str, list[Any]] | None:
    """Return the rows of the index by rule, or None where it was made from other files."""
    try:
        stored = json.loads(INDEX.read_bytes())
        rows: dict[str, list[Any]] = stored["checks"]
        return rows if stored["sizes"] == _sizes() else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


class _Later:
    """A check that is imported when it is first asked."""

    def __init__(self, rule: str, module: str, number: int) -> None:
        self._rule, self._module, self._number = rule, module, number

    def _entry(self) -> Registered:
        importlib.import_module(self._module)
        return registered_by(self._rule, self._module)[self._number]

    def on_module(self, inquiry: Inquiry, module: Module) -> Iterable[Match]:
        """Ask about one module."""
        check = self._entry().on_module
        return check(inquiry, module) if check is not None else ()

    def on_subject(self, inquiry: Inquiry) -> Iterable[Match]:
        """Ask about the whole subject."""
        check = self._entry().on_subject
        return check(inquiry) if check is not None else ()
