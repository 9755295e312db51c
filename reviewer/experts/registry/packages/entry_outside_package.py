"""REG090: the manifest names code that is not part of the package."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found
from reviewer.experts.fundamentals.manifests import plugin_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_CODE: Final = frozenset(
    "main entry entrypoint module browser server worker background preload script scripts ui web executable "
    "command wasm file files path source index bundle renderer sidecar migrations hooks handler handlers".split()
)
"""Members that name code or what is run, lower case without separators."""
_DEEPEST: Final = 4
_MOST: Final = 200


@subject_check("REG090")
def entry_outside_package(inquiry: Inquiry) -> Iterator[Match]:
    """Follow every member that names code to where it leads."""
    document = plugin_manifest(inquiry)
    if document is None:
        return
    left = _MOST
    for name, value in _paths(document.root, "", 0):
        left -= 1
        if left < 0:
            return
        where = _outside(value.text)
        if where:
            yield Match(
                value,
                f"'{name}' is '{short(value.text)}', {where}: code runs that is not part of the package, and nobody "
                "who reviewed or signed the package has seen it.",
            )


def _paths(root: Value, around: str, depth: int) -> Iterator[tuple[str, Value]]:
    """Yield the texts under members that name code, at any level."""
    if depth > _DEEPEST:
        return
    for key, value in root.members():
        name = f"{around}.{key}" if around else key
        if key.replace("_", "").replace("-", "").lower() in _CODE:
            yield from _texts(name, value)
        elif value.kind in ("object", "array") and key not in ("permissions", "dependencies", "repository", "bugs"):
            yield from _paths(value, name, depth + 1)
            for position, item in enumerate(value.items()):
                yield from _paths(item, f"{name}.{position}", depth + 1)


def _texts(name: str, value: Value) -> Iterator[tuple[str, Value]]:
    if value.text:
        yield name, value
    for position, item in enumerate(value.items()):
        if item.text:
            yield f"{name}.{position}", item
    for key, inner in value.members():
        if inner.text:
            yield f"{name}.{key}", inner


def _outside(text: str) -> str:
    """Say where a path leads, when it leads out of the package; else return an empty string."""
    path = text.strip().replace("\\", "/").replace("%2e", ".").replace("%2E", ".").replace("%2f", "/")
    if found(r"\s", path) or len(path) > 400:
        return ""  # a command line, or words
    if found(r"^[A-Za-z]:/", path) or found(r"^(/|~/|//)", path):
        return "an absolute path"
    if found(r"(?i)^(https?|ftp|file|data|blob|git\+?\w*|ssh):", path):
        return "an address outside of it"
    if posixpath.normpath(path).split("/", 1)[0] == "..":
        return "which climbs out of its folder"
    return ""
