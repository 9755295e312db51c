"""The manifest of the generic ecosystem: its members, their other spellings, and what they may hold."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from reviewer import resources

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Document, Value

SPELLINGS: Final[dict[str, tuple[str, ...]]] = {
    "id": ("id", "identifier", "pluginId", "plugin_id", "key", "slug", "uuid", "guid", "domain"),
    "name": ("name", "displayName", "display_name", "title", "label", "display"),
    "version": ("version",),
    "main": (
        "main", "entry", "entryPoint", "entry_point", "entrypoint", "module", "class", "browser", "server", "worker",
        "background", "script", "scripts", "files", "file", "executable", "command", "url", "ui", "wasm", "component",
        "exec", "bin", "source", "index", "code", "package", "factory", "handler", "entries", "entryPoints", "exports",
        "runtime", "bundle", "target", "loader", "import", "path", "theme", "themes", "contributes",
    ),
}  # fmt: skip
"""The members that every manifest needs, with the names that stand for them elsewhere."""

ENTRY_FIELDS: Final = ("main", "entry", "entryPoint", "entry_point", "entrypoint")
"""Members that name the file or class to load."""


@lru_cache(maxsize=1)
def manifest_schema() -> dict[str, Any]:
    """Return the JSON Schema of the generic manifest."""
    path = resources.skills() / "ecosystems" / "generic" / "manifest.schema.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def plugin_manifest(inquiry: Inquiry) -> Document | None:
    """Return the manifest where the subject is one plugin of the generic ecosystem and has one."""
    document = inquiry.manifest
    if document is None or inquiry.subject.kind != "plugin" or document.root.kind != "object":
        return None
    return document


def member(root: Value, name: str) -> Value | None:
    """Return a member under any of its spellings, or None."""
    for spelling in SPELLINGS.get(name, (name,)):
        found = root.get(spelling)
        if found is not None:
            return found
    return None


def is_empty(value: Value) -> bool:
    """Tell whether a member is there and says nothing."""
    return value.data is None or (isinstance(value.data, str) and not value.data.strip())


def entry_fields(root: Value) -> list[tuple[str, Value]]:
    """Return the texts that name what to load, with their members: one, or one for each platform."""
    found: list[tuple[str, Value]] = []
    for name in ENTRY_FIELDS:
        value = root.get(name)
        if value is None:
            continue
        if value.text:
            found.append((name, value))
        found += [(f"{name}.{key}", inner) for key, inner in value.members() if inner.text]
    return found
