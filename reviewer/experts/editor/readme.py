"""The README that the store shows beside an extension."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.errors import UnreadableError

if TYPE_CHECKING:
    from reviewer.experts.check import Inquiry

_NAMES: Final = frozenset({"readme.md", "readme.txt", "readme"})
_LARGEST: Final = 2_000_000


def readme(inquiry: Inquiry) -> tuple[str, str]:
    """Return the path and the text of the README beside the manifest; empty texts where there is none."""
    folder = inquiry.subject.manifest_path.rpartition("/")[0]
    for path in inquiry.subject.files:
        around, _, name = path.rpartition("/")
        if around == folder and name.lower() in _NAMES:
            try:
                data = inquiry.subject.read(path)
            except UnreadableError:
                return "", ""
            return path, data[:_LARGEST].decode("utf-8", "replace")
    return "", ""


def has_file(inquiry: Inquiry, *beginnings: str) -> bool:
    """Tell whether a file whose name begins so, in any letters, lies beside the manifest."""
    folder = inquiry.subject.manifest_path.rpartition("/")[0]
    names = (path.rpartition("/") for path in inquiry.subject.files)
    return any(around == folder and name.lower().startswith(beginnings) for around, _, name in names)
