"""Recognises copies of well-known libraries that a plugin carries, so that nobody is told of another's code."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from typing import Final

from msgspec import Struct

from reviewer import resources
from reviewer.core.regex import regex

_SMALLEST: Final = 8_000
_HEAD: Final = 1_000
_COMMENT: Final = regex(rb"\A(?:\xef\xbb\xbf)?[\s;]{0,200}/[/*]")
_WRITTEN_INTO: Final = regex(
    rb"\b(?:eval|importScripts)[ \t]{0,4}\(|\b(?:chrome|browser)\.[a-z][A-Za-z]{1,30}\.[a-z]|\bchild_process\b"
    rb"|\brequire\([ \t]{0,4}['\"](?:node:|vscode|obsidian|electron|fs|https?)\b"
)
"""What these libraries don't do, speak to a host or run a text as code: where a copy does, it is looked at in full."""


class Library(Struct, frozen=True):
    """A library: what its first lines say, and what its code cannot do without."""

    name: str
    banner: re.Pattern[str]
    signs: tuple[bytes, ...]


def library_copy(data: bytes, own: str = "") -> str:
    """Return what a source file is a copy of, in words, or an empty string.

    A banner is no proof, and what it stands over may have been changed. So the code has to hold what the library
    can't do without and must not speak to a host, and whoever skips it says why. ``own`` is the name of the subject:
    a library that is itself reviewed is no copy.
    """
    if len(data) < _SMALLEST or _COMMENT.match(data) is None:
        return ""
    head = data[:_HEAD].decode("utf-8", "replace")
    for library in _libraries():
        said = library.banner.search(head)
        if said is None or _plain(library.name) == _plain(own):
            continue
        if not all(sign in data for sign in library.signs) or _WRITTEN_INTO.search(data):
            return ""
        version = said.group(1) if said.re.groups else None
        return f"a copy of {library.name}{f' {version}' if version else ''}, as its first lines say"
    return ""


def _plain(name: str) -> str:
    return name.lower().removesuffix(".js").replace(" ", "-")


@lru_cache(maxsize=1)
def _libraries() -> tuple[Library, ...]:
    text = (resources.skills() / "ecosystems" / "generic" / "libraries.toml").read_text(encoding="utf-8")
    return tuple(
        Library(row["name"], re.compile(row["banner"]), tuple(sign.encode() for sign in row["signs"]))
        for row in tomllib.loads(text)["library"]
    )
