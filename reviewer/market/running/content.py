"""The content of an entry by its digest, held against what its source promised."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import stat
from pathlib import Path
from typing import Final

from msgspec import Struct

from reviewer.core.errors import UnreadableError
from reviewer.core.regex import regex
from reviewer.engine.remembering.content import content_digest
from reviewer.subject.limits import MAX_ARCHIVE_BYTES, amount
from reviewer.subject.open import TAR_SUFFIXES, ZIP_SUFFIXES

_KINDS: Final = ("sha256", "sha384", "sha512")
_LENGTHS: Final = {64: "sha256", 96: "sha384", 128: "sha512"}
"""Hexadecimal digits of a digest that does not say its kind."""
_HEX: Final = regex(r"[0-9a-fA-F]+\Z")
_CHUNK: Final = 1 << 20


class Content(Struct, frozen=True):
    """What a review would read, known by its digest; the digest is empty where it is too much to be worth one."""

    digest: str
    """``sha256:…`` of a file, ``tree:…`` of a folder."""
    form: str
    """What its name says about how it is opened: ``folder``, the ending of an archive, or the name of a file."""


def content_of(path: Path, expected: str = "") -> Content:
    """Return the content at a path; raises `UnreadableError` where there is none, or not what was expected."""
    if path.is_dir():
        tree = content_digest(path)
        found = {"tree": tree} if tree else {}
        form = "folder"
    else:
        wanted = _wanted(expected)[0] if expected else ""
        found = _file(path, {"sha256", wanted} - {""})
        form = _form(path.name)
    if expected:
        _compare(found, expected)
    kind, digest = next(iter(found.items()), ("", ""))
    return Content(f"{kind}:{digest}" if digest else "", form)


def _form(name: str) -> str:
    """Return the ending of an archive, or the whole name of another file, which its review shows."""
    lower = name.lower()
    return next((one for one in (*TAR_SUFFIXES, *ZIP_SUFFIXES) if lower.endswith(one)), name)


def _file(path: Path, kinds: set[str]) -> dict[str, str]:
    """Return the digests of a plain file, SHA-256 first."""
    hashes = {kind: hashlib.new(kind) for kind in sorted(kinds)}
    try:
        # Opened so that neither a pipe nor a device holds anybody up.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as stream:
            state = os.fstat(handle)
            if not stat.S_ISREG(state.st_mode):
                raise UnreadableError("is neither a file nor a folder")
            if state.st_size > MAX_ARCHIVE_BYTES:
                raise UnreadableError(f"is larger than {amount(MAX_ARCHIVE_BYTES)} ({amount(state.st_size)})")
            while part := stream.read(_CHUNK):
                for one in hashes.values():
                    one.update(part)
    except FileNotFoundError as error:
        raise UnreadableError("there is no such file or folder") from error
    except OSError as error:
        raise UnreadableError(f"can't be read: {(error.strerror or str(error)).lower()}") from error
    return {kind: one.hexdigest() for kind, one in hashes.items()}


def _compare(found: dict[str, str], expected: str) -> None:
    """Raise `UnreadableError` where the content is not the one that its source promised."""
    kind, digest = _wanted(expected)
    if kind not in found:
        raise UnreadableError(f"its digest can't be compared: {', '.join(found) or 'none'} is known of it, not {kind}")
    if found[kind] != digest:
        raise UnreadableError(f"is not what was promised: its {kind} is {found[kind]}, not {digest}")


def _wanted(expected: str) -> tuple[str, str]:
    """Return kind and hexadecimal digits of a digest as it is spelled; raises `UnreadableError`."""
    text = expected.strip()
    kind, colon, rest = text.partition(":")
    if not colon:
        kind, dash, rest = text.partition("-")  # as npm and browsers spell it, in base 64
        if not dash:
            kind, rest = _LENGTHS.get(len(text), ""), text
        elif kind in _KINDS:
            try:
                rest = base64.b64decode(rest, validate=True).hex()
            except (binascii.Error, ValueError):
                rest = ""
    if kind not in (*_KINDS, "tree") or not _HEX.match(rest):
        raise UnreadableError(
            f"its digest {expected[:80]!r} can't be read; expected sha256:… in hexadecimal digits or sha512-… in base64"
        )
    return kind, rest.lower()
