"""An opened root and the subjects in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct, field

if TYPE_CHECKING:
    from reviewer.core.review import Skipped
    from reviewer.subject.document import Document, DocumentError


NO_SIGNS: Final = "code without a manifest, and without signs that it runs plugins"
"""By what code is taken for a plugin where nothing says what it is."""


class Entry(Struct, frozen=True):
    """A regular file of an opened root: its path with ``/`` and its size in bytes."""

    path: str
    size: int


class ArchiveProblem(Struct, frozen=True):
    """An entry of an archive that is hostile in itself; it is never read.

    ``rule_hint`` is ``climbs-out``, ``absolute``, ``duplicate``, ``link``, ``bomb``, ``encrypted``
    or ``bad-name``; ``path`` is the name as the archive spells it, fit to be shown.
    """

    rule_hint: str
    path: str
    message: str


class Root(Protocol):
    """An opened folder or archive; reads stay inside it and inside its limits."""

    name: str
    """How a person names it: the path as it was given."""
    archive: bool
    entries: dict[str, Entry]
    """Every regular file by path, sorted by path."""
    skipped: list[Skipped]
    """What is there and can't be read: links out of the tree, devices, entries over a limit."""
    problems: list[ArchiveProblem]
    """Hostile entries of an archive, sorted; empty for a folder."""

    def read(self, path: str) -> bytes:
        """Return the whole content of an entry; raises `UnreadableError` over a limit or on damage."""
        ...


class Subject(Struct):
    """One thing to review inside a root.

    ``base`` is its folder inside the root (empty for the root itself, else with a trailing
    ``/``); ``files`` are the paths of its entries relative to ``base``, sorted.
    """

    root: Root
    base: str
    kind: str
    """``plugin``, ``host``, ``registry`` or ``design``."""
    ecosystem: str
    manifest: Document | None = None
    manifest_path: str = ""
    """Relative to ``base``; empty where there is none."""
    manifest_error: DocumentError | None = None
    files: tuple[str, ...] = ()
    recognised_by: str = ""
    """Why it was taken for this kind and ecosystem, in words."""
    assumed: bool = False
    """True where no ecosystem was recognised and generic was assumed: its manifest may have words of its own."""
    dialect: frozenset[tuple[str, str]] = frozenset()
    """The words that a host has of its own, for its plugins for instance, each with the plain word."""
    pages: tuple[str, ...] = ()
    """Pages of Markdown among ``files`` that are reviewed, as the ecosystem says."""
    other_documents: dict[str, Document] = field(default_factory=dict)
    """Further data files that checks read, by path (package.json, registry documents, schemas)."""

    @property
    def path(self) -> str:
        """The subject's folder as a person names it: root name and base."""
        return self.root.name if not self.base else f"{self.root.name.rstrip('/')}/{self.base.rstrip('/')}"

    @property
    def unread(self) -> frozenset[str]:
        """The paths of what is there and is none of ``files``: links, devices, what is over a limit."""
        return frozenset(
            one.path[len(self.base) :] for one in self.root.skipped if one.path.startswith(self.base)
        ) - frozenset(self.files)

    def read(self, path: str) -> bytes:
        """Return the content of one of ``files``."""
        return self.root.read(self.base + path)
