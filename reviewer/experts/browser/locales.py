"""The texts of an extension in its default language: ``_locales/<language>/messages.json``."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from msgspec import Struct

from reviewer.core.errors import UnreadableError
from reviewer.subject.document import DocumentError
from reviewer.subject.documents.read import read_document

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value


class Texts(Struct, frozen=True):
    """What the manifest and the folder of texts say of each other.

    ``language`` is the member of the manifest, ``path`` the file that has to be there, ``names`` its texts in lower
    case, or None where the file is not there or can't be read; ``folder`` tells whether there are texts at all.
    """

    language: Value | None
    path: str
    names: frozenset[str] | None
    folder: bool


def texts(inquiry: Inquiry) -> Texts:
    """Return the texts of the subject; worked out once."""
    known = inquiry.memory.get("browser.texts")
    if isinstance(known, Texts):
        return known
    base = posixpath.dirname(inquiry.subject.manifest_path)
    language = inquiry.manifest.get("default_locale") if inquiry.manifest is not None else None
    start = posixpath.join(base, "_locales") + "/"
    path = f"{start}{language.text}/messages.json" if language is not None else ""
    folder = any(one.startswith(start) and one.endswith("/messages.json") for one in inquiry.subject.files)
    made = Texts(language, path, _names(inquiry, path), folder)
    inquiry.memory["browser.texts"] = made
    return made


def _names(inquiry: Inquiry, path: str) -> frozenset[str] | None:
    if path not in inquiry.subject.files:
        return None
    try:
        root = read_document(path, inquiry.subject.read(path)).root
    except (DocumentError, UnreadableError):
        return None
    return frozenset(key.lower() for key, value in root.members() if value.get("message") is not None)
