"""What the entry point of a manifest leads to: a file of the plugin, a class in it, or nothing."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.text.languages import analysable
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry

BUILT: Final = frozenset("dist build out lib target bin compiled output release bundle public es esm cjs".split())
"""Folders that a build makes."""
_ENDINGS: Final = ("", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx", ".py", ".json", ".node", ".wasm")
_SOURCES: Final = (".ts", ".tsx", ".mts", ".cts", ".jsx")
_BUNDLER: Final = r"(?i)^(rollup|webpack|vite|tsup|esbuild|rspack|parcel|build|gulpfile|gruntfile|makefile)\b"
_PYTHON: Final = r"^\.*[A-Za-z_]\w*(\.[A-Za-z_]\w*)*(:[A-Za-z_][\w.]*)?$"


class Lead(Struct, frozen=True):
    """``path`` is the file that an entry leads to, empty for none; ``named`` the class or function in it.

    ``near`` is a file whose name differs in letters' case alone; ``unbuilt`` tells that the file is one that a build
    will make, ``python`` that the entry is spelled ``package.module:Class``.
    """

    path: str
    named: str = ""
    near: str = ""
    unbuilt: bool = False
    python: bool = False


def lead(inquiry: Inquiry, text: str) -> Lead:
    """Return what an entry point leads to among the files of the subject."""
    files = inquiry.subject.files
    known = set(files)
    path, _, named = text.strip().replace("\\", "/").partition(":")
    base = posixpath.dirname(inquiry.subject.manifest_path)
    if is_python_entry(text, known):
        return _python(path, named, known, base)
    for folder in dict.fromkeys((base, "")):
        joined = posixpath.normpath(posixpath.join(folder, path.lstrip("/")))
        for ending in _ENDINGS:
            if joined + ending in known:
                return Lead(joined + ending, named)
        for index in ("index.js", "index.ts", "index.mjs", "index.cjs", "__init__.py", "main.py"):
            if f"{joined}/{index}" in known:
                return Lead(f"{joined}/{index}", named)
        if any(one.startswith(f"{joined}/") for one in files):
            return Lead(joined, named)
        stem = posixpath.splitext(joined)[0]
        source = next((stem + ending for ending in _SOURCES if stem + ending in known), "")
        if source:
            return Lead(source, named)
    wanted = posixpath.normpath(posixpath.join(base, path.lstrip("/")))
    near = next((one for one in files if one.lower() == wanted.lower()), "")
    first = wanted.split("/", 1)[0]
    there = any(one.startswith(f"{first}/") for one in files)
    stem = posixpath.splitext(posixpath.basename(wanted))[0]
    sources = any(posixpath.splitext(posixpath.basename(one))[0] == stem for one in inquiry.project.sources)
    unbuilt = bool(BUILT & set(wanted.split("/")[:-1])) and not there and (sources or _bundled(inquiry))
    return Lead("", named, near, unbuilt)


def _bundled(inquiry: Inquiry) -> bool:
    """Tell whether the subject is put together by a bundler, which names its files as it is told."""
    return any(found(_BUNDLER, posixpath.basename(one)) for one in inquiry.subject.files)


def is_python_entry(text: str, known: set[str]) -> bool:
    """Tell whether an entry is spelled ``package.module`` or ``package.module:Class``."""
    module = text.partition(":")[0]
    if not found(_PYTHON, text) or text in known:
        return False
    if ":" in text:
        return not module.endswith(".py")
    return not analysable(text) and any(path.endswith(".py") for path in known)


def _python(path: str, named: str, known: set[str], base: str) -> Lead:
    tail = path.lstrip(".").replace(".", "/")
    for folder in dict.fromkeys((base, "", "src", posixpath.join(base, "src"), "lib")):
        for ending in (".py", "/__init__.py"):
            joined = posixpath.normpath(posixpath.join(folder, tail + ending))
            if joined in known:
                return Lead(joined, named, python=True)
    short = tail.split("/", 1)[-1]
    for ending in (".py", "/__init__.py"):
        # The package may be the folder of the plugin itself.
        joined = posixpath.normpath(posixpath.join(base, short + ending))
        if "/" in tail and joined in known:
            return Lead(joined, named, python=True)
    if "/" not in tail and f"{base}/__init__.py".lstrip("/") in known:
        return Lead(f"{base}/__init__.py".lstrip("/"), named, python=True)
    wanted = f"{tail}.py"
    near = next((one for one in sorted(known) if one.lower() == wanted.lower()), "")
    return Lead("", named, near, python=True)
