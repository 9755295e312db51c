"""REG271 to REG274: entries of a marketplace that clash, lead nowhere, can change, or disagree with the plugin."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UnreadableError
from reviewer.core.nearest import nearest
from reviewer.core.scale import Severity
from reviewer.experts.assistant.host import PLUGIN
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found
from reviewer.subject.document import DocumentError
from reviewer.subject.documents.json import parse_json

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Document, Value

_MOST: Final = 1000
_MANIFEST: Final = ".claude-plugin/plugin.json"
_EXACT: Final = r"^=?v?[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?$"
_ROOTED: Final = r"^([A-Za-z]:|[/\\~])"


def _entries(inquiry: Inquiry) -> Iterator[tuple[Value, str]]:
    """Yield the entries of the marketplace, each with its name."""
    document = inquiry.manifest
    if inquiry.subject.ecosystem != PLUGIN or inquiry.subject.kind != "registry" or document is None:
        return
    plugins = document.get("plugins")
    for count, entry in enumerate(plugins.items() if plugins is not None else ()):
        if count < _MOST and entry.kind == "object":
            name = entry.get("name")
            yield entry, name.text if name is not None else ""


@subject_check("REG271")
def marketplace_name_twice(inquiry: Inquiry) -> Iterator[Match]:
    """Compare the names of the entries."""
    first: dict[str, Value] = {}
    for entry, name in _entries(inquiry):
        value = entry.get("name")
        if value is None or not name:
            continue
        other = first.setdefault(name.lower(), value)
        if other is not value:
            yield Match(
                value,
                f"There are two plugins '{short(name)}': the second is never installed.",
                related=((other, "the first one"),),
            )


@subject_check("REG272")
def marketplace_source_missing(inquiry: Inquiry) -> Iterator[Match]:
    """Follow every source that is a path."""
    entries = inquiry.subject.root.entries if inquiry.manifest is not None else {}
    base = inquiry.subject.base
    folders = {path.removesuffix(f"/{_MANIFEST}") for path in entries if path.endswith(f"/{_MANIFEST}")}
    for entry, name in _entries(inquiry):
        value = entry.get("source")
        if value is None or not value.text:
            continue
        inside = posixpath.normpath(posixpath.join(_root(inquiry), value.text.replace("\\", "/")))
        if found(_ROOTED, value.text) or inside.startswith("..") or ".." in value.text.split("/"):
            yield Match(
                value, f"The source of '{short(name)}' is '{short(value.text)}', which leads out of the marketplace.",
                severity=Severity.HIGH,
            )  # fmt: skip
            continue
        if not _root(inquiry) and not value.text.startswith("./") and value.text != ".":
            yield Match(
                value,
                f"The source of '{short(name)}' is '{short(value.text)}'; a path has to begin with ./.",
                fix=f"Write './{value.text}'.",
            )
            continue
        path = posixpath.normpath(base + inside)
        if path != "." and not any(one == path or one.startswith(f"{path}/") for one in entries):
            near = nearest(path, sorted(folders)[:500])
            hint = f"; there is '{near}'" if near else ""
            yield Match(
                value, f"The source of '{short(name)}' is '{short(value.text)}', and there is no such folder{hint}."
            )


def _root(inquiry: Inquiry) -> str:
    """Return the folder that paths count from, where the marketplace names one."""
    document = inquiry.manifest
    value = document.get("metadata", "pluginRoot") if document is not None else None
    return value.text if value is not None else ""


@subject_check("REG273")
def marketplace_source_unpinned(inquiry: Inquiry) -> Iterator[Match]:
    """Look for sources elsewhere that may be another thing tomorrow."""
    for entry, name in _entries(inquiry):
        source = entry.get("source")
        if source is None or source.kind != "object":
            continue
        kind, ref = (one.text if one is not None else "" for one in (source.get("source"), source.get("ref")))
        if kind == "npm":
            version = source.get("version")
            if version is None or not found(_EXACT, version.text):
                said = (
                    f"in the version '{short(version.text)}'"
                    if version is not None
                    else "in whatever version is newest"
                )
                yield Match(
                    source,
                    f"'{short(name)}' is taken from npm {said}: what is published next is installed unread.",
                    fix='Name one version, for example "version": "1.4.2".',
                )
        elif kind in ("github", "url", "git-subdir") and source.get("sha") is None:
            said = f"the branch or tag '{short(ref)}'" if ref else "the default branch"
            yield Match(
                source,
                f"'{short(name)}' follows {said} of a repository: what is pushed there is installed unread.",
                fix='Name the commit that was read: "sha": "…", 40 hexadecimal digits.',
            )


@subject_check("REG274")
def marketplace_version_differs(inquiry: Inquiry) -> Iterator[Match]:
    """Compare the version and the name of every entry with the plugin that it leads to."""
    for entry, name in _entries(inquiry):
        source = entry.get("source")
        if source is None or not source.text:
            continue
        manifest = _plugin(inquiry, source.text)
        if manifest is None:
            continue
        for key, said in (("version", "version"), ("name", "name")):
            here, there = entry.get(key), manifest.get(key)
            if here is not None and there is not None and here.text and there.text and here.text != there.text:
                yield Match(
                    here,
                    f"The entry says {said} '{short(here.text)}' of '{short(name)}', and its plugin.json says "
                    f"'{short(there.text)}': the plugin's own counts.",
                )


def _plugin(inquiry: Inquiry, source: str) -> Document | None:
    """Return the manifest of the plugin that a path leads to, or None."""
    root = inquiry.subject.root
    folder = posixpath.normpath(posixpath.join(_root(inquiry), source))
    path = posixpath.normpath(f"{inquiry.subject.base}{folder}/{_MANIFEST}")
    if path.startswith("..") or path not in root.entries:
        return None
    try:
        return parse_json(path, root.read(path))
    except (DocumentError, UnreadableError):
        return None
