"""LIF273, LIF274 and LIF275: scripts of hooks and servers that are missing, not found, or that nothing can run."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from reviewer.experts.assistant.host import BUNDLE
from reviewer.experts.assistant.orders import text_of
from reviewer.experts.assistant.scripts import INTERPRETERS, made_later, named_in, near_to, there
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_HOME: Final = r"^(/(Users|home)/[^/$]+/|[A-Za-z]:[/\\]Users[/\\]|~/)"
_SHELLS: Final = frozenset({".sh", ".bash", ".zsh", ""})
_OTHERS: Final = {".mjs": ".js", ".cjs": ".js", ".ts": ".js", ".bash": ".sh", ".zsh": ".sh"}
"""Suffixes of files that the same program reads."""


@subject_check("LIF273")
def hook_script_missing(inquiry: Inquiry) -> Iterator[Match]:
    """Follow every path that counts from the folder of the plugin."""
    entry = inquiry.manifest.get("server", "entry_point") if inquiry.manifest is not None else None
    for one in named_in(inquiry):
        said = inquiry.subject.ecosystem == BUNDLE and entry is not None and entry.text == one.path
        if not one.rooted or said or there(inquiry, one.path) or made_later(inquiry, one.path):
            continue
        near = near_to(inquiry, one.path)
        hint = f"; there is '{near}'" if near else ""
        yield Match(one.at, f"There is no '{short(one.path)}' in the plugin{hint}: what is to run it fails each time.")


@subject_check("LIF274")
def path_from_elsewhere(inquiry: Inquiry) -> Iterator[Match]:
    """Find paths that count from where the person works, and those of one person's machine."""
    root = "${__dirname}" if inquiry.subject.ecosystem == BUNDLE else "${CLAUDE_PLUGIN_ROOT}"
    for one in named_in(inquiry):
        if one.rooted:
            continue
        if found(_HOME, one.path):
            yield Match(one.at, f"'{short(one.path)}' is a path of one machine: elsewhere there is no such file.")
            continue
        inside = posixpath.normpath(one.path)
        if inside in inquiry.subject.files:
            yield Match(
                one.at,
                f"'{short(one.path)}' counts from the folder in which the person works, not from the plugin: it is not "
                "found there, or a file of the project runs instead.",
                fix=f"Write '{root}/{inside}'.",
            )


@subject_check("LIF275")
def script_not_runnable(inquiry: Inquiry) -> Iterator[Match]:
    """Compare every script with what is to run it, and the entry of a bundle with the kind of its server."""
    server = inquiry.manifest.get("server") if inquiry.manifest is not None else None
    if inquiry.subject.ecosystem == BUNDLE and server is not None:
        yield from _entry(server)
    for one in named_in(inquiry):
        path = posixpath.normpath(one.path)
        if not one.leads or path not in inquiry.subject.files:
            continue
        suffix = posixpath.splitext(path)[1]
        suffix = _OTHERS.get(suffix, suffix)
        reads = INTERPRETERS.get(one.by, "")
        reads = _OTHERS.get(reads, reads)
        if reads and suffix and suffix != reads and suffix in INTERPRETERS.values():
            yield Match(one.at, f"'{one.by}' is to run '{short(path)}', which it can't read.")
        elif not one.by and suffix not in _SHELLS and not text_of(inquiry, path).startswith("#!"):
            yield Match(
                one.at, f"'{short(path)}' is to run by itself, and no '#!' on its first line says what runs it.",
                fix="Name the program in front of it, for example 'python3 …', or add the line.",
            )  # fmt: skip


def _entry(server: Value) -> Iterator[Match]:
    """Yield the entry of a bundle where the kind of its server can't read it."""
    kind, entry = server.get("type"), server.get("entry_point")
    if kind is None or entry is None:
        return
    suffix = posixpath.splitext(entry.text)[1]
    suffix = _OTHERS.get(suffix, suffix)
    if (kind.text == "node" and suffix in (".py", ".sh")) or (
        kind.text in ("python", "uv") and suffix in (".js", ".sh")
    ):
        yield Match(entry, f"A server of the kind '{kind.text}' can't read '{short(entry.text)}'.")
