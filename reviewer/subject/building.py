"""Whether a build puts the files of a plugin together, and which files it would make."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UnreadableError
from reviewer.core.regex import regex
from reviewer.subject.document import DocumentError
from reviewer.subject.documents.read import read_document
from reviewer.subject.not_entered import not_entered

if TYPE_CHECKING:
    from reviewer.subject.document import Value
    from reviewer.subject.model import Subject

_CONFIGURATION: Final = regex(
    r"(?:rollup|webpack|vite|tsup|esbuild|rspack|rsbuild|parcel|gulpfile|gruntfile|wxt|plasmo|snowpack|vue|svelte"
    r"|extension|tsdown|bun\.build|build)(?:\.\w+)*\.(?:[cm]?[jt]s|json)|makefile|tsconfig\.json|\.parcelrc|build\.gradle",
    re.IGNORECASE,
)
_BUILDERS: Final = regex(
    r"(?:webpack|rollup|vite|esbuild|parcel|tsup|tsdown|gulp|grunt|browserify|watchify|typescript|wxt|plasmo|snowpack"
    r"|sass|node-sass|less|svelte|react-scripts|vue-cli-service|coffeescript|extension|@parcel/core|@rspack/c\w+"
    r"|@crxjs/vite-plugin|@swc/c\w+|@babel/c\w+|babel-cli|@vue/cli-service|@samrum/vite-plugin-web-extension)"
)
_BUILD_COMMANDS: Final = regex(
    r"(?:^|[\s;&|/])(?:tsc|webpack|rollup|vite|esbuild|parcel|tsup|gulp|grunt|browserify|rspack|bun build|wxt|plasmo"
    r"|react-scripts|make|babel|node [\w./-]*build[\w./-]*)(?:[\s;&|]|$)"
)
_MADE_FROM: Final = {
    ".js": (".ts", ".tsx", ".jsx", ".mts", ".cts", ".coffee", ".vue", ".svelte"),
    ".mjs": (".ts", ".mts"),
    ".cjs": (".ts", ".cts"),
    ".css": (".scss", ".sass", ".less", ".styl"),
    ".html": (".pug", ".ejs", ".hbs", ".njk"),
    ".json": (".ts", ".js", ".yaml", ".yml"),
    "": (".ts", ".tsx", ".jsx", ".mts"),
}
"""Ending of a file to those of the sources that it is made from."""
_OUTPUT: Final = frozenset("dist build out output .output generated compiled target".split())
"""Folders that a build makes, and nobody else."""
_LARGEST: Final = 1_000_000


class Building:
    """What the files around a subject say about its build."""

    def __init__(self, subject: Subject) -> None:
        """Take the subject; the files of its root are looked at when somebody asks."""
        self._subject = subject

    @cached_property
    def is_built(self) -> bool:
        """Tell whether a bundler or a compiler stands beside the subject or in a folder above it."""
        entries = self._subject.root.entries
        folders = self._folders
        names = (path.rpartition("/") for path in entries)
        if any(folder in folders and _CONFIGURATION.fullmatch(name[:100]) for folder, _, name in names):
            return True
        return any(_builds(package) for package in map(self._package, folders) if package is not None)

    @cached_property
    def _folders(self) -> tuple[str, ...]:
        """The folder of the manifest and those above it, inside the root."""
        folder = posixpath.dirname(self._subject.base + self._subject.manifest_path)
        found = [folder]
        while folder:
            folder = folder.rpartition("/")[0]
            found.append(folder)
        return tuple(found)

    @cached_property
    def moves_manifest(self) -> bool:
        """Tell whether the manifest lies among sources, below the package that builds: it is put elsewhere, too."""
        beside, *above = self._folders
        if not self.is_built or self._package(beside) is not None:
            return False
        return any(_builds(package) for package in map(self._package, above) if package is not None)

    def _package(self, folder: str) -> Value | None:
        path = posixpath.join(folder, "package.json")
        entry = self._subject.root.entries.get(path)
        if entry is None or entry.size > _LARGEST:
            return None
        try:
            return read_document(path, self._subject.root.read(path)).root
        except (DocumentError, UnreadableError):
            return None

    def makes(self, path: str, made: tuple[str, ...]) -> bool:
        """Tell whether a build would make a file at a path below the plugin's folder, or put one there.

        There is a source of the same name; or the file lies in a folder of output that isn't there yet; or something
        builds, and the file has one of the endings in ``made``, or is one that only lies elsewhere before the build.
        """
        if any(map(not_entered, path.split("/"))):
            return True  # what is installed is not looked at
        stem, ending = posixpath.splitext(path)
        name = posixpath.basename(stem)
        first = path.split("/", 1)[0]
        if any(f"{name}{source}" in self._names for source in _MADE_FROM.get(ending.lower(), ())):
            return True
        if first in _OUTPUT and not self._holds(first):
            return True
        if not self.is_built:
            return False
        if self.moves_manifest and posixpath.basename(path) in self._names:
            return True
        return ending.lower() in made or any(other.endswith(f"/{path}") for other in self._subject.root.entries)

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(path.rsplit("/", 1)[-1] for path in self._subject.root.entries)

    def _holds(self, folder: str) -> bool:
        start = posixpath.join(self._folders[0], folder) + "/"
        return any(path.startswith(start) for path in self._subject.root.entries)


def _builds(package: Value) -> bool:
    """Tell whether a ``package.json`` names something that builds."""
    for table in ("dependencies", "devDependencies"):
        found = package.get(table)
        if found is not None and any(_BUILDERS.fullmatch(name[:100]) for name, _ in found.members()):
            return True
    scripts = package.get("scripts")
    return scripts is not None and any(_BUILD_COMMANDS.search(one.text[:2000]) for _, one in scripts.members())
