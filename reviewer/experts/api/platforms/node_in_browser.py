"""API206: code that runs in a browser uses what only Node.js has."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Export, Import, Literal, Name
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, subject_check
from reviewer.experts.place import locate
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_NODE: Final = frozenset("fs fs/promises child_process net tls dgram cluster worker_threads inspector v8 http2".split())
"""Modules that no bundler fills in for a browser."""
_MADE: Final = ("dist/", "out/", "lib/", "build/")
_REPLACES: Final = frozenset({"fallback", "alias"})
"""How bundlers are told to put something else in the place of a module."""
_MOST: Final = 500


@subject_check("API206")
def node_in_browser(inquiry: Inquiry) -> Iterator[Match]:
    """Follow the imports from the entry for browsers."""
    manifest = inquiry.manifest
    entry = manifest.get("browser") if manifest is not None else None
    main = manifest.get("main") if manifest is not None else None
    if entry is None or not entry.text or (main is not None and _stem(main.text) == _stem(entry.text)):
        return
    start = _source(inquiry, entry.text)
    if not start:
        return
    replaced = any(map(is_tooling, inquiry.project.paths(_REPLACES)))
    for name, at in _reached(inquiry, start):
        yield Match(
            at,
            f"'{name}' is of Node.js alone, and this file is part of 'browser' ({entry.text[:60]}): in an editor that "
            "runs in a browser the extension is not activated.",
            related=((entry, "the entry for browsers"),),
            confidence=Confidence.POSSIBLE if replaced else None,
        )


def _stem(path: str) -> str:
    return posixpath.splitext(posixpath.normpath(path))[0]


def _source(inquiry: Inquiry, entry: str) -> str:
    """Return the source file that an entry is, or is made from, or an empty string."""
    stem = _stem(entry)
    known = set(inquiry.project.sources)
    bare = next((stem.removeprefix(folder) for folder in _MADE if stem.startswith(folder)), "")
    stems = [f"src/{bare}", bare, f"src/{bare.removeprefix('src/')}"] if bare else [stem]
    for one in stems:
        for ending in (".ts", ".tsx", ".js", ".mjs", ".cjs", "/index.ts", "/index.js"):
            if one + ending in known and not (bare and one + ending == posixpath.normpath(entry)):
                return one + ending
    return ""


def _reached(inquiry: Inquiry, start: str) -> Iterator[tuple[str, Location]]:
    waiting, seen = [start], {start}
    while waiting and len(seen) < _MOST:
        module = inquiry.project.module(waiting.pop(0))
        if module is None:
            continue
        for source, at in _sources(module):
            if source.removeprefix("node:") in _NODE:
                yield source, at
                continue
            target = inquiry.project.target(module.path, source)
            if target and target not in seen:
                seen.add(target)
                waiting.append(target)


def _sources(module: Module) -> Iterator[tuple[str, Location]]:
    """Yield what a module takes in at once, types left out."""
    for statement in module.all(Import):
        if not statement.names or any(not name.type_only for name in statement.names):
            yield statement.source, locate(module, statement)
    for export in module.all(Export):
        if export.source:
            yield export.source, locate(module, export)
    for call in module.all(Call):
        required = isinstance(call.callee, Name) and call.callee.id == "require" and call.function is None
        first = call.args[0] if required and call.args else None
        if isinstance(first, Literal) and isinstance(first.value, str):
            yield first.value, locate(module, call)
