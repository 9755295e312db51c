"""The parts of an assistant plugin, as its manifest and its usual folders name them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from reviewer.core.errors import UnreadableError
from reviewer.experts.assistant.host import BUNDLE, PLUGIN, SKILL
from reviewer.experts.assistant.page import Page, read_page
from reviewer.subject.document import Document, DocumentError
from reviewer.subject.documents.json import parse_json
from reviewer.subject.sources import is_test

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_MOST_PAGES: Final = 1000
_LARGEST: Final = 400_000
_NO_PARTS: Final = frozenset({"README.md", "CHANGELOG.md", "LICENSE.md", "CONTRIBUTING.md", "CLAUDE.md", "AGENTS.md"})
"""Pages for people that lie beside components."""
HOOKS: Final = "hooks/hooks.json"
SERVERS: Final = ".mcp.json"


class Parts(Struct, dict=True):
    """What a subject gives the assistant: pages, and the tables of hooks and servers with the file of each."""

    pages: tuple[Page, ...] = ()
    hooks: list[tuple[str, Value]] = field(default_factory=list)
    """Path, and the table of events."""
    servers: list[tuple[str, Value]] = field(default_factory=list)
    """Path, and the table of servers by name."""
    broken: list[DocumentError] = field(default_factory=list)
    """Errors of data files that can't be read."""

    def of(self, *kinds: str) -> Iterator[Page]:
        """Yield the pages of some kinds."""
        return (page for page in self.pages if page.kind in kinds)


def parts_of(inquiry: Inquiry) -> Parts:
    """Return the parts of the subject; empty for one of another ecosystem. Worked out once."""
    known = inquiry.memory.get("assistant")
    if isinstance(known, Parts):
        return known
    subject = inquiry.subject
    made = Parts()
    if subject.ecosystem in (PLUGIN, SKILL, BUNDLE) and subject.kind == "plugin":
        made = _Gathering(inquiry).parts
    inquiry.memory["assistant"] = made
    return made


class _Gathering:
    """Reads the parts of one subject."""

    def __init__(self, inquiry: Inquiry) -> None:
        self._inquiry = inquiry
        self._subject = inquiry.subject
        self._manifest = inquiry.manifest.root if inquiry.manifest is not None else None
        self.parts = Parts()
        kinds: dict[str, str] = {}
        if self._subject.ecosystem == SKILL:
            kinds = self._skill("")
        elif self._subject.ecosystem == PLUGIN:
            kinds = self._plugin()
            self._data()
        elif self._manifest is not None and (config := self._manifest.get("server", "mcp_config")) is not None:
            self.parts.servers.append((self._subject.manifest_path, config))
        self.parts.pages = tuple(self._pages(kinds))

    def _plugin(self) -> dict[str, str]:
        """Return the kind of every page by path."""
        kinds: dict[str, str] = {}
        folders = [path[: path.rfind("/") + 1] for path in self._subject.files if path.endswith("SKILL.md")]
        named = [f"{one}/" for one in self._named("skills")]
        for folder in folders:
            above = posixpath.dirname(folder.rstrip("/")) + "/"
            if above == "skills/" or folder in named or above in named or not folder:
                kinds.update(self._skill(folder))
        for kind, key in (("command", "commands"), ("agent", "agents")):
            for path in self._loaded(key):
                kinds.setdefault(path, kind)
        return kinds

    def _skill(self, folder: str) -> dict[str, str]:
        inside = [path for path in self._subject.files if path.startswith(folder) and path.endswith(".md")]
        read = [path for path in inside if path.rsplit("/", 1)[-1] not in _NO_PARTS]
        kinds = {path: "reference" for path in read if not is_test(path[len(folder) :])}
        if f"{folder}SKILL.md" in kinds:
            kinds[f"{folder}SKILL.md"] = "skill"
        return kinds

    def _loaded(self, key: str) -> Iterator[str]:
        """Yield the pages that a key of the manifest names, or those of the usual folder where it names none."""
        roots = self._named(key) or ([] if self._has(key) else [key])
        pages = (path for path in self._subject.files if path.endswith(".md"))
        for path in pages:
            inside = any(path == root or path.startswith(f"{root}/") for root in roots)
            if inside and path.rsplit("/", 1)[-1] not in _NO_PARTS:
                yield path

    def _has(self, key: str) -> bool:
        return self._manifest is not None and self._manifest.get(key) is not None

    def _named(self, key: str) -> list[str]:
        """Return the paths that a key of the manifest names, from the folder of the subject."""
        value = self._manifest.get(key) if self._manifest is not None else None
        if value is None:
            return []
        sources = [inner.get("source") for _name, inner in value.members()]
        texts = [one.text for one in (value, *value.items(), *sources) if one is not None and one.text]
        return [posixpath.normpath(text) for text in texts]

    def _pages(self, kinds: dict[str, str]) -> Iterator[Page]:
        for path in sorted(kinds)[:_MOST_PAGES]:
            try:
                data = self._subject.read(path)
            except UnreadableError:
                continue
            if len(data) <= _LARGEST:
                yield read_page(path, kinds[path], data)

    def _data(self) -> None:
        """Read the tables of hooks and servers: the usual files, those named, and those written in the manifest."""
        for key, usual, into in (("hooks", HOOKS, self.parts.hooks), ("mcpServers", SERVERS, self.parts.servers)):
            paths = [usual, *(path for path in self._named(key) if path.endswith(".json"))]
            for path in dict.fromkeys(path for path in paths if path in self._subject.files):
                document = self._document(path)
                if document is not None:
                    into.append((path, document.root.get(key) or document.root))
            value = self._manifest.get(key) if self._manifest is not None else None
            for one in (value, *value.items()) if value is not None else ():
                if one.kind == "object":
                    into.append((self._subject.manifest_path, one))

    def _document(self, path: str) -> Document | None:
        known = self._subject.other_documents.get(path)
        if known is not None:
            return known
        try:
            return parse_json(path, self._subject.read(path))
        except DocumentError as error:
            self.parts.broken.append(error)
        except UnreadableError:
            pass
        return None
