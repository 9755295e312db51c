"""The declaration files of a package, where it ships its types apart from its code."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from reviewer.code.module import Module
from reviewer.code.project import Project
from reviewer.core.errors import UnreadableError

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry

DECLARED: Final = (".d.ts", ".d.mts", ".d.cts")
_LARGEST: Final = 1_000_000
_COMPILED: Final = (".js", ".mjs", ".cjs")


class DeclaredProject(Project):
    """The modules of a subject and its declaration files, which import one another."""

    def __init__(self, inquiry: Inquiry) -> None:
        """Take the subject; nothing is read yet."""
        super().__init__(inquiry.project.files, self._text)
        self._inquiry = inquiry
        self._declared: dict[str, Module | None] = {}
        self.sources = (*inquiry.project.sources, *declarations(inquiry))

    def module(self, path: str) -> Module | None:
        """Return the module of a path, that of a declaration file too."""
        if not path.endswith(DECLARED):
            return self._inquiry.project.module(path)
        if path not in self._declared:
            try:
                self._declared[path] = Module(path, self._text(path), self)
            except LookupError:
                self._declared[path] = None
        return self._declared[path]

    def target(self, importer: str, source: str) -> str:
        """Return the path of the file that an import means; between declarations that is a declaration."""
        if not importer.endswith(DECLARED) or not source.startswith("."):
            return self._inquiry.project.target(importer, source)
        base = posixpath.normpath(posixpath.join(posixpath.dirname(importer), source))
        stem = base.removesuffix(next((ending for ending in _COMPILED if base.endswith(ending)), ""))
        candidates = [stem + ending for ending in DECLARED] + [f"{base}/index{ending}" for ending in DECLARED]
        known = set(self.files)
        return next((path for path in candidates if path in known), "")

    def _text(self, path: str) -> bytes:
        """Return the text of a declaration file; raises `LookupError` for one that can't be used."""
        try:
            data = self._inquiry.subject.read(path)
        except UnreadableError as error:
            raise LookupError(path) from error
        if len(data) > _LARGEST:
            raise LookupError(path)
        return data.decode("utf-8-sig", "replace").encode()


def declarations(inquiry: Inquiry) -> tuple[str, ...]:
    """Return the paths of the declaration files of a subject, in order."""
    return tuple(path for path in inquiry.subject.files if path.endswith(DECLARED))
